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

bool says_training(const caffe::Solver& solver) {
  return solver.has_net() || solver.has_train_net() || solver.has_net_param() ||
         solver.has_train_net_param() || solver.has_base_lr() || solver.has_max_iter();
}

/// The text as a solver; nothing if it is something else: the layers of a network are fields that a
/// solver does not know. Faults are those of a solver only where it began as one.
std::optional<caffe::Solver> parsed_solver(CaffeText& text) {
  caffe::Solver solver;
  try {
    text.parse(solver);
  } catch (const ConfigError&) {
    if (says_training(solver)) throw;
  }
  if (!says_training(solver)) return std::nullopt;
  return solver;
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

/// What is trained, and the file that says so, if one does.
struct TrainedNet {
  CaffeNet net;
  std::optional<std::filesystem::path> file;
};

/// The field of `solver` that holds or names what it trains, in the order that Caffe looks
/// (solver.cpp, InitTrainNet).
TrainedNet trained_net(const caffe::Solver& solver,
                       const CaffeText& text,
                       const CaffeState& state,
                       const std::filesystem::path& solver_file) {
  const auto embedded = [&](const caffe::Net& net, const char* field) -> TrainedNet {
    const auto* descriptor = solver.GetDescriptor()->FindFieldByName(field);
    return {caffe_net(net, text, *text.tree().GetTreeForNested(descriptor, -1), state), {}};
  };
  if (solver.has_train_net_param()) return embedded(solver.train_net_param(), "train_net_param");
  if (solver.has_net_param()) return embedded(solver.net_param(), "net_param");
  const bool train_net = solver.has_train_net();
  if (!train_net && !solver.has_net()) {
    throw ConfigError({Diagnostic{text.whole_file(), "", "names no network (net)", ""}});
  }
  const Place place = text.place(text.tree(), solver, train_net ? "train_net" : "net");
  std::filesystem::path file =
      find_network(solver_file, train_net ? solver.train_net() : solver.net(), place);
  CaffeNet net = read_caffe_net(file, state);
  return {std::move(net), std::move(file)};
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
  remark(remarks, s.has_momentum(), "momentum {}", s.momentum());
  remark(remarks, s.has_momentum2(), "momentum of squares {}", s.momentum2());
  remark(remarks, s.has_rms_decay(), "decay of mean squares {}", s.rms_decay());
  remark(remarks,
         s.has_weight_decay(),
         "weight decay {}, {}",
         s.weight_decay(),
         s.has_regularization_type() ? s.regularization_type() : "L2");
  remark(remarks, s.has_clip_gradients(), "gradients clipped at {}", s.clip_gradients());
  return remarks;
}

}  // namespace

bool is_caffe_solver(const std::filesystem::path& file) try {
  CaffeText text(file);
  return parsed_solver(text).has_value();

} catch (const ConfigError&) {
  return false;
}

std::optional<CaffeSolver> read_caffe_solver(const std::filesystem::path& file,
                                             const CaffeOptions& options) {
  CaffeText text(file);
  const std::optional<caffe::Solver> proto = parsed_solver(text);
  if (!proto) return std::nullopt;
  TrainedNet trained = trained_net(*proto, text, training_state(*proto, options.phase), file);
  CaffeSolver solver;
  solver.network = network_of(trained.net, options);
  solver.network.network.name = trained.file.value_or(file).stem().string();
  if (!proto->has_train_state()) solver.network_file = std::move(trained.file);
  solver.type = solver_type(*proto);
  solver.steps = std::max<std::int64_t>(0, proto->max_iter());
  solver.accumulated = std::max<std::int64_t>(1, proto->iter_size());
  if (proto->has_random_seed() && proto->random_seed() >= 0) solver.seed = proto->random_seed();
  solver.remarks = remarks_on(*proto);
  for (const Note& note : text.notes()) {
    solver.remarks.push_back(fmt::format("{}: {}", note.subject, note.text));
  }
  return solver;
}

}  // namespace omniphi::models
