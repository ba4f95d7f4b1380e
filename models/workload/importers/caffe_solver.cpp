#include "models/workload/importers/caffe_solver.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/workload/importers/caffe_reader.h"

namespace omniphi::models {

namespace {

using google::protobuf::TextFormat;

bool names_network(const caffe::Solver& solver) {
  return solver.has_net() || solver.has_train_net() || solver.has_net_param() ||
         solver.has_train_net_param();
}

/// The other files beside the solver that are networks.
std::vector<std::filesystem::path> networks_beside(const std::filesystem::path& solver) {
  std::vector<std::filesystem::path> found;
  std::filesystem::path folder = solver.parent_path();
  if (folder.empty()) folder = ".";
  std::error_code error;
  constexpr std::size_t kMostFiles = 100;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::filesystem::path& file = entry.path();
    if (file.extension() != ".prototxt" || file.filename() == solver.filename()) continue;
    if (found.size() < kMostFiles && !is_caffe_solver(file)) found.push_back(file);
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// `named` counts from a folder that is not known, so that only its last part can be held to.
std::filesystem::path find_network(const std::filesystem::path& solver,
                                   const std::string& named,
                                   const Place& place) {
  const std::filesystem::path name = std::filesystem::path(named).filename();
  const std::filesystem::path beside = solver.parent_path() / name;
  std::error_code error;
  if (std::filesystem::is_regular_file(beside, error)) return beside;
  const std::vector<std::filesystem::path> others = networks_beside(solver);
  if (others.size() == 1) return others.front();
  std::string message = fmt::format("there is no {} beside the solver", in_quotes(name.string()));
  if (!others.empty()) {
    message += fmt::format(", and {} other networks to choose from", others.size());
  }
  throw ConfigError({Diagnostic{place, "net", std::move(message), ""}});
}

/// The field of `solver` that holds or names what it trains, in the order that Caffe looks
/// (solver.cpp, InitTrainNet).
CaffeNet trained_net(const caffe::Solver& solver,
                     const CaffeText& text,
                     const CaffeState& state,
                     std::filesystem::path& file) {
  const auto embedded = [&](const caffe::Net& net, const char* field) {
    const auto* descriptor = solver.GetDescriptor()->FindFieldByName(field);
    return caffe_net(net, text, *text.tree().GetTreeForNested(descriptor, -1), state);
  };
  if (solver.has_train_net_param()) return embedded(solver.train_net_param(), "train_net_param");
  if (solver.has_net_param()) return embedded(solver.net_param(), "net_param");
  const bool train_net = solver.has_train_net();
  if (!train_net && !solver.has_net()) {
    throw ConfigError({Diagnostic{text.whole_file(), "", "names no network (net)", ""}});
  }
  const Place place = text.place(text.tree(), solver, train_net ? "train_net" : "net");
  file = find_network(file, train_net ? solver.train_net() : solver.net(), place);
  return read_caffe_net(file, state);
}

CaffeState training_state(const caffe::Solver& solver, CaffePhase phase) {
  CaffeState state = caffe_state(phase);
  state.level = solver.train_state().level();
  state.stages.assign(solver.train_state().stage().begin(), solver.train_state().stage().end());
  return state;
}

std::string solver_type(const caffe::Solver& solver) {
  if (solver.has_type()) return solver.type();
  return solver.has_solver_type() ? caffe::Solver::OldType_Name(solver.solver_type()) : "SGD";
}

template <class... Values>
void remark(std::vector<std::string>& remarks,
            bool present,
            fmt::format_string<Values...> text,
            Values&&... values) {
  if (present) remarks.push_back(fmt::format(text, std::forward<Values>(values)...));
}

std::vector<std::string> remarks_on(const caffe::Solver& s) {
  std::vector<std::string> remarks;
  remark(remarks,
         s.has_base_lr(),
         "learning rate {}, policy {}",
         s.base_lr(),
         s.has_lr_policy() ? s.lr_policy() : "fixed");
  remark(remarks, s.has_gamma(), "gamma {}", s.gamma());
  remark(remarks, s.has_power(), "power {}", s.power());
  remark(remarks, s.has_stepsize(), "the rate steps every {} iterations", s.stepsize());
  remark(remarks,
         s.stepvalue_size() > 0,
         "the rate steps at iterations {}",
         fmt::join(s.stepvalue(), ", "));
  remark(remarks,
         s.warmup_iter() > 0,
         "warm-up from rate {} over {} iterations",
         s.warmup_start_lr(),
         s.warmup_iter());
  remark(remarks,
         s.local_lr_auto(),
         "a rate for each layer (LARS), ratio {}",
         s.has_local_gw_ratio() ? s.local_gw_ratio() : 0.001F);
  remark(remarks, s.has_weight_decay(), "weight decay {}", s.weight_decay());
  remark(remarks, s.has_clip_gradients(), "gradients clipped at {}", s.clip_gradients());
  return remarks;
}

}  // namespace

bool is_caffe_solver(const std::filesystem::path& file) try {
  CaffeText text(file);
  caffe::Solver solver;
  text.parse(solver);
  return names_network(solver) || solver.has_base_lr() || solver.has_max_iter();

} catch (const ConfigError&) {
  return false;
}

CaffeSolver read_caffe_solver(const std::filesystem::path& file, const CaffeOptions& options) {
  CaffeText text(file);
  caffe::Solver proto;
  text.parse(proto);
  CaffeSolver solver;
  solver.network_file = file;
  const CaffeNet net =
      trained_net(proto, text, training_state(proto, options.phase), solver.network_file);
  solver.network = network_of(net, options);
  solver.network.network.name = solver.network_file.stem().string();
  solver.type = solver_type(proto);
  if (proto.has_momentum()) solver.momentum = proto.momentum();
  solver.steps = std::max<std::int64_t>(0, proto.max_iter());
  solver.accumulated = std::max<std::int64_t>(1, proto.iter_size());
  if (proto.has_random_seed() && proto.random_seed() >= 0) solver.seed = proto.random_seed();
  solver.remarks = remarks_on(proto);
  for (const Note& note : text.notes()) {
    solver.remarks.push_back(fmt::format("{}: {}", note.subject, note.text));
  }
  return solver;
}

}  // namespace omniphi::models
