#include "sim/cli/caffe_scenario.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <regex>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "models/workload/network_yaml.h"
#include "sim/cli/output.h"
#include "sim/scenario/scenario.h"

namespace omniphi::sim {

namespace {

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return std::filesystem::absolute(file).lexically_normal().parent_path();
}

/// "resnet_50_256_nodes_8k_batch": 256
std::optional<std::int64_t> nodes_in(const std::string& folder) {
  std::smatch match;
  static const std::regex pattern("([1-9][0-9]{0,5})_?nodes?(_|$)");
  if (!std::regex_search(folder, match, pattern)) return std::nullopt;
  return std::stoll(match[1]);
}

/// As mpirun is told in the text: "-ppn 8".
std::optional<std::int64_t> ranks_per_node_in(std::string_view text) {
  constexpr std::string_view kOption = "-ppn ";
  const std::size_t option = text.find(kOption);
  if (option == std::string_view::npos) return std::nullopt;
  text.remove_prefix(option + kOption.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::int64_t ranks = 0;
  std::from_chars(text.data(), text.data() + text.size(), ranks);
  return ranks > 0 ? std::optional(ranks) : std::nullopt;
}

std::optional<std::int64_t> ranks_per_node_of(const std::filesystem::path& folder) {
  constexpr std::size_t kLargestReadme = 1 << 20;
  for (const char* name : {"README", "README.md"}) {
    try {
      if (const auto ranks = ranks_per_node_in(read_text_file(folder / name, kLargestReadme))) {
        return ranks;
      }
    } catch (const ConfigError&) {  // there is none
    }
  }
  return std::nullopt;
}

/// What people call the files of a data set, and its id in the catalog.
struct DataSetName {
  std::string_view word;
  std::string_view id;
};

constexpr std::array kDataSetNames{DataSetName{"ilsvrc12", "imagenet-1k"},
                                   DataSetName{"imagenet", "imagenet-1k"},
                                   DataSetName{"cifar10", "cifar-10"},
                                   DataSetName{"fashion", "fashion-mnist"},
                                   DataSetName{"mnist", "mnist"}};

/// "" if the catalog has no such data set.
std::string_view dataset_of(const std::string& source, const Catalog& catalog) {
  for (const DataSetName& name : kDataSetNames) {
    if (source.find(name.word) == std::string::npos) continue;
    if (catalog.has(models::DataSet::folder, name.id)) return name.id;
  }
  return "";
}

ConfigNode omni_path() {
  ConfigNode fabric = ConfigNode::map();
  fabric.set("topology", ConfigNode::text("fat-tree"));
  fabric.set("switch", ConfigNode::text("opa-edge-48"));
  return fabric;
}

class Writer {
 public:
  Writer(const models::CaffeSolver& solver, const CaffeRun& run, const Catalog& catalog)
      : solver_(solver), run_(run), folder_(folder_of(run.solver)), catalog_(catalog) {}

  std::string text() && {
    ConfigNode tree = ConfigNode::map();
    tree.set("omniphi", written(Scenario::kVersion));
    tree.set("name", written(title()));
    tree.set("workload", workload());
    tree.set("training", training());
    tree.set("cluster", cluster());
    tree.at_or_new("mapping").set("strategy", ConfigNode::text("data-parallel"));
    tree.at_or_new("software").set("stack", ConfigNode::text("intel-caffe-mlsl"));
    comment(
        "Assumed, as Caffe's files do not say it: the node, its memory mode, the fabric, the "
        "software.");
    add_schedule(tree);
    read(tree);
    for (const std::string& remark : solver_.remarks) comment("Not modelled: " + remark);
    for (const std::string& line : solver_.network.lines) comment("Not modelled: " + line);
    return comments_ + write_yaml(tree);
  }

 private:
  void comment(std::string_view line) { comments_ += yaml_comment(line); }

  [[nodiscard]] std::string title() const {
    return fmt::format("{} {}", folder_.filename().string(), run_.solver.stem().string());
  }

  /// The network's file as seen from the scenario's folder, or the network itself.
  [[nodiscard]] ConfigNode network() const {
    if (!solver_.network_file) return models::write_network(solver_.network.network);
    const std::filesystem::path file = std::filesystem::absolute(*solver_.network_file);
    ConfigNode name = ConfigNode::text(file.lexically_relative(folder_of(run_.scenario)).string());
    if (run_.parameters.kind == ConfigNode::Kind::Null) return name;
    ConfigNode derived = ConfigNode::map();
    derived.set("base", std::move(name));
    derived.set("parameters", run_.parameters);
    return derived;
  }

  ConfigNode workload() {
    ConfigNode node = ConfigNode::map();
    node.set("network", network());
    node.set("task", ConfigNode::text("training"));
    if (solver_.network.batch > 0) {
      node.set("batch_per_rank", written(solver_.network.batch));
    } else {
      comment("The network does not say the samples of a step: workload.batch_per_rank is 1.");
    }
    const std::string_view dataset = dataset_of(solver_.network.data, catalog_);
    if (!dataset.empty()) {
      node.set("dataset", ConfigNode::text(std::string(dataset)));
    } else if (!solver_.network.data.empty()) {
      comment(
          fmt::format("The catalog does not know the samples of {}: workload.dataset is "
                      "synthetic.",
                      in_quotes(solver_.network.data)));
    }
    return node;
  }

  ConfigNode training() {
    ConfigNode node = ConfigNode::map();
    node.set("optimizer", ConfigNode::text("sgd-momentum"));
    if (solver_.type != "SGD") {
      comment(
          fmt::format("The solver is {}; its update is taken to cost what that of SGD with "
                      "momentum costs.",
                      in_quotes(solver_.type)));
    }
    if (solver_.accumulated > 1) {
      comment(
          fmt::format("Not modelled: gradients of {} batches make one step; here each batch "
                      "is one.",
                      solver_.accumulated));
    }
    if (solver_.seed) node.set("seed", written(*solver_.seed));
    return node;
  }

  ConfigNode cluster() {
    ConfigNode node = ConfigNode::map();
    const auto nodes = nodes_in(folder_.filename().string());
    const auto ranks = ranks_per_node_of(folder_);
    if (!nodes) comment("No file says how many nodes there are: cluster.nodes is 1.");
    node.set("node", ConfigNode::text("knl-7250f"));
    node.set("memory_mode", ConfigNode::text("cache"));
    node.set("nodes", written(nodes.value_or(1)));
    node.set("ranks_per_node", written(ranks.value_or(1)));
    node.set("fabric", omni_path());
    return node;
  }

  /// The scenario as whoever reads the file will have it.
  Scenario read(const ConfigNode& tree) const {
    Diagnostics diagnostics;
    ConfigNode text = read_yaml(write_yaml(tree), run_.scenario.string(), diagnostics);
    diagnostics.throw_if_any();
    return read_scenario(std::move(text), {}, catalog_);
  }

  void add_schedule(ConfigNode& tree) {
    if (solver_.steps == 0) {
      return comment("No file says how long the run is: there is no training.schedule.");
    }
    const models::Design design = read(tree).design;
    const double seen = static_cast<double>(solver_.steps) *
                        static_cast<double>(solver_.accumulated) * design.workload.batch_per_rank *
                        design.cluster.ranks();
    const std::int64_t samples = design.workload.dataset->training_samples;
    if (samples == 0) {
      return comment(
          fmt::format("{} steps, {} samples; of what data set is not known, so that "
                      "there is no training.schedule.",
                      solver_.steps,
                      seen));
    }
    ConfigNode schedule = ConfigNode::map();
    schedule.set("epochs",
                 ConfigNode::text(fmt::format("{:.4g}", seen / static_cast<double>(samples))));
    schedule.set("source",
                 written(fmt::format("{}: max_iter {}, on {} ranks",
                                     run_.solver.filename().string(),
                                     solver_.steps,
                                     design.cluster.ranks())));
    tree.at_or_new("training").set("schedule", std::move(schedule));
  }

  const models::CaffeSolver& solver_;
  const CaffeRun& run_;
  const std::filesystem::path folder_;
  const Catalog& catalog_;
  std::string comments_;
};

}  // namespace

std::string caffe_scenario(const models::CaffeSolver& solver,
                           const CaffeRun& run,
                           const Catalog& catalog) {
  return Writer(solver, run, catalog).text();
}

}  // namespace omniphi::sim
