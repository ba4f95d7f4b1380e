#include <array>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "hw/fabric/importers/imported_fabric.h"
#include "hw/node/hwloc.h"
#include "models/workload/importers/network_file.h"
#include "models/workload/network_yaml.h"
#include "sim/cli/commands.h"
#include "sim/cli/description.h"
#include "sim/cli/output.h"
#include "sim/report/json.h"
#include "sim/report/table.h"

namespace omniphi::sim {

namespace {

/// A memory of any kind of node; `as_cache` is what it has to say of itself as a cache.
template <class M>
void describe_memory(const M& memory,
                     ConfigNode& bandwidths,
                     Rows& rows,
                     const std::string& as_cache = "") {
  put_number(bandwidths, memory.name, memory.stream_bandwidth.value.value());
  rows.push_back({memory.name,
                  fmt::format("{}, {} sustained of {}{}, {} idle latency",
                              short_text(memory.capacity),
                              short_text(memory.stream_bandwidth.value),
                              short_text(memory.peak_bandwidth),
                              as_cache,
                              short_text(memory.latency.value))});
}

void describe_fast_memory(const hw::Memory& memory, ConfigNode& bandwidths, Rows& rows) {
  std::string as_cache;
  if (memory.can_be_cache())
    as_cache = ", " + short_text(memory.cache_mode_bandwidth.value) + " as a cache";
  describe_memory(memory, bandwidths, rows, as_cache);
  if (!memory.can_be_cache()) return;
  put_number(bandwidths, memory.name + "_as_cache", memory.cache_mode_bandwidth.value.value());
}

/// `units` equal cores or multiprocessors at full rate, in every format that they know.
void describe_peaks(
    const hw::FlopPerCycle& rates, int units, Hertz clock, ConfigNode& tree, Rows& rows) {
  ConfigNode peaks = ConfigNode::map();
  for (const auto& [format, flop] : rates) {
    const FlopsPerSecond peak = Flops(units * flop) * clock;
    put_number(peaks, format, peak.value());
    rows.push_back({"peak " + format, short_text(peak)});
  }
  tree.set("peak_flops", std::move(peaks));
}

void describe_kind(const hw::ManyCoreCpu& cpu, ConfigNode& tree, Rows& rows) {
  put(tree, "cores", cpu.cores);
  if (cpu.sockets > 1)
    rows.push_back({"sockets", fmt::format("{}, all figures of both together", cpu.sockets)});
  rows.push_back({"cores",
                  fmt::format("{} at {} ({} under vector code), {} threads each",
                              cpu.cores,
                              short_text(cpu.clock.nominal),
                              short_text(cpu.clock.vector),
                              cpu.threads_per_core)});
  describe_peaks(cpu.flop_per_cycle, cpu.cores, cpu.clock.nominal, tree, rows);
  ConfigNode bandwidths = ConfigNode::map();
  if (cpu.fast_memory) describe_fast_memory(*cpu.fast_memory, bandwidths, rows);
  describe_memory(cpu.main_memory, bandwidths, rows);
  tree.set("stream_bandwidth", std::move(bandwidths));
}

void describe_kind(const hw::Gpu& gpu, ConfigNode& tree, Rows& rows) {
  put(tree, "multiprocessors", gpu.multiprocessors);
  rows.push_back(
      {"multiprocessors", fmt::format("{} at {}", gpu.multiprocessors, short_text(gpu.clock))});
  describe_peaks(gpu.flop_per_cycle, gpu.multiprocessors, gpu.clock, tree, rows);
  ConfigNode bandwidths = ConfigNode::map();
  describe_memory(gpu.memory, bandwidths, rows);
  tree.set("stream_bandwidth", std::move(bandwidths));
}

Description described(const hw::Node& node, const std::string& name) {
  Description d;
  const std::string kind(node.kind_name());
  put_text(d.tree, "node", name);
  put(d.tree, "kind", kind);
  Rows rows{{"kind", kind}};
  std::visit([&](const auto& k) { describe_kind(k, d.tree, rows); }, node.kind);
  const Watts limit = node.power().limit;
  put_number(d.tree, "power_limit_w", limit.value());
  rows.push_back({"power", short_text(limit) + " package limit"});
  rows.push_back({"ports", std::to_string(node.adapter().ports)});
  const hw::NodePrice& price = node.price();
  rows.push_back({"price, adapter included",
                  put_price(d.tree, price.processor + price.platform + node.adapter().price)});
  d.tree.set("parameters", written(node));
  d.text = "node " + name + "\n" + text_table(rows);
  return d;
}

Description described(const Scenario& scenario) {
  Description d;
  put_text(d.tree, "scenario", scenario.name);
  const models::Design& design = scenario.design;
  const auto add = [&](std::string_view key, Description part) {
    d.text += '\n' + part.text;
    d.tree.set(key, std::move(part.tree));
  };
  d.text = scenario.name + '\n';
  for (const hw::NodeGroup& group : design.cluster.groups) {
    const std::string name = group.node.id.empty() ? "inline" : group.node.id;
    add("node", described(*group.node, name));
  }
  add("fabric", described_fabric(design.cluster.topology(), design.cluster.nodes()));
  Description network = described_network(design.workload);
  d.dot = std::move(network.dot);
  add("network", std::move(network));
  d.tree.set("scenario_in_full", write_scenario(scenario));
  return d;
}

/// A part without figures of its own: its parameters as they stand.
template <class T>
Description described_part(std::string_view id, const T& part) {
  Description d;
  d.tree = written(part);
  d.text = fmt::format("{}\n{}", id, write_yaml(d.tree));
  return d;
}

/// A network alone, in the words of a scenario, so that options may set the same values.
struct NetworkQuestion {
  models::Workload workload;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("workload", self.workload, "what is computed", required);
  }
};

/// `network` names or describes one; `parameters` (Null: none) are laid over its own.
ConfigNode with_parameters(ConfigNode network, ConfigNode parameters) {
  if (!parameters.is_map()) return network;
  ConfigNode change = ConfigNode::map();
  change.set("parameters", std::move(parameters));
  if (!network.is_scalar()) return models::changed_network(std::move(network), change);
  change.set("base", std::move(network));
  return change;
}

/// `network` names or describes it; `name` is what it is called.
Description described_alone(ConfigNode network,
                            const std::string& name,
                            const DescribeOptions& options,
                            const Catalog& catalog) {
  ConfigNode tree = ConfigNode::map();
  tree.at_or_new("workload")
      .set("network", with_parameters(std::move(network), parameters_of(options.sizes)));
  Diagnostics diagnostics;
  apply_overrides(parsed_overrides(options.overrides), tree, diagnostics);
  diagnostics.throw_if_any();
  NetworkQuestion question;
  read_parameters(tree, "", question, {catalog, diagnostics});
  diagnostics.throw_if_any();
  question.workload.network.network.name = name;
  return described_network(question.workload);
}

/// Of a subject that is neither network nor scenario.
void refuse_changes(const DescribeOptions& options) {
  if (options.overrides.empty()) return;
  throw ConfigError(
      {Diagnostic{{},
                  "",
                  fmt::format("--set changes networks and scenarios, and {} is neither",
                              in_quotes(options.subject)),
                  ""}});
}

Description described_yaml(const std::filesystem::path& file,
                           const DescribeOptions& options,
                           const Catalog& catalog) {
  Diagnostics diagnostics;
  ConfigNode tree = read_yaml_file(file, diagnostics);
  diagnostics.throw_if_any();
  if (tree.find("omniphi")) {
    return described(read_scenario(tree, parsed_overrides(options.overrides), catalog));
  }
  const std::string name = file.stem().string();
  if (tree.find("layers")) return described_alone(std::move(tree), name, options, catalog);
  refuse_changes(options);
  if (tree.find("topology")) return described_fabric(tree, {catalog, diagnostics});
  if (tree.find("kind") || tree.find("base")) {
    Part<hw::Node> node;
    detail::read_value(tree, "", node, {}, {catalog, diagnostics});
    diagnostics.throw_if_any();
    return described(*node, name);
  }
  return described_alone(std::move(tree), name, options, catalog);
}

Description described_file(const std::filesystem::path& file,
                           const DescribeOptions& options,
                           const Catalog& catalog) {
  const auto format = models::network_format(file);
  if (format && format != models::NetworkFormat::Yaml) {
    return described_alone(ConfigNode::text(file.string()), file.stem().string(), options, catalog);
  }
  if (hw::is_fabric_file(file)) {
    refuse_changes(options);
    Diagnostics diagnostics;
    return described_fabric(hw::imported_fabric(file).tree, {catalog, diagnostics});
  }
  if (file.extension() == ".xml") {
    refuse_changes(options);
    return described_machine(hw::read_hwloc_xml(file), file.stem().string());
  }
  return described_yaml(file, options, catalog);
}

template <class T>
Description described_entry(std::string_view id, const Catalog& catalog) {
  Diagnostics diagnostics;
  T part;
  read_part(id, {}, "", part, {catalog, diagnostics});
  diagnostics.throw_if_any();
  if constexpr (std::is_same_v<T, hw::Node>) {
    return described(part, std::string(id));
  } else {
    return described_part(id, part);
  }
}

/// Entries of the fabric folder differ by what they list: a fabric has a topology, a director a
/// chip, a switch a cable, an adapter a link.
Description described_fabric_entry(std::string_view id, const Catalog& catalog) {
  Diagnostics diagnostics;
  const ConfigNode tree = catalog.load(hw::Switch::folder, id, {}, "", diagnostics);
  diagnostics.throw_if_any();
  if (tree.find("topology")) return described_fabric(tree, {catalog, diagnostics});
  if (tree.find("chip")) return described_entry<hw::Director>(id, catalog);
  if (tree.find("switch_cable")) return described_entry<hw::Switch>(id, catalog);
  if (tree.find("link")) return described_entry<hw::Adapter>(id, catalog);
  return described_entry<hw::Cable>(id, catalog);
}

struct Folder {
  std::string_view name;
  Description (*describe)(std::string_view id, const Catalog& catalog);
};

/// Where an id is looked for first; a network may be asked about in other ways than parts.
constexpr std::string_view kNetworks = "networks";

/// Where it is looked for then, in this order.
constexpr std::array kFolders{
    Folder{hw::Node::folder, described_entry<hw::Node>},
    Folder{hw::Switch::folder, described_fabric_entry},
    Folder{models::DataSet::folder, described_entry<models::DataSet>},
    Folder{models::SoftwareStack::folder, described_entry<models::SoftwareStack>},
    Folder{models::Calibration::folder, described_entry<models::Calibration>},
    Folder{models::TrainingSchedule::folder, described_entry<models::TrainingSchedule>},
    Folder{models::Prices::folder, described_entry<models::Prices>},
};

/// The subject that is no file and in no catalog: where this program runs.
constexpr std::string_view kThisMachine = "this-machine";

[[noreturn]] void refuse_subject(const std::string& subject, const Catalog& catalog) {
  std::vector<std::string> ids = catalog.ids(kNetworks);
  for (const Folder& folder : kFolders) {
    for (std::string& id : catalog.ids(folder.name)) ids.push_back(std::move(id));
  }
  std::vector<std::string_view> known(ids.begin(), ids.end());
  known.push_back(kThisMachine);
  std::string hint = did_you_mean(subject, known);
  if (hint.empty()) hint = fmt::format(" (the catalog is {})", catalog.root().string());
  throw ConfigError({Diagnostic{
      {}, "", fmt::format("\"{}\" is neither a file nor in the catalog{}", subject, hint), ""}});
}

Description described_subject(const DescribeOptions& options, const Catalog& catalog) {
  const std::string& subject = options.subject;
  if (catalog.has(kNetworks, subject)) {
    return described_alone(ConfigNode::text(subject), subject, options, catalog);
  }
  for (const Folder& folder : kFolders) {
    if (!catalog.has(folder.name, subject)) continue;
    refuse_changes(options);
    return folder.describe(subject, catalog);
  }
  if (subject == kThisMachine) {
    refuse_changes(options);
    return described_machine(hw::this_machine(), subject);
  }
  const bool file = subject.find('.') != std::string::npos || std::filesystem::exists(subject);
  if (file) return described_file(subject, options, catalog);
  refuse_subject(subject, catalog);
}

}  // namespace

Exit describe(const DescribeOptions& options, const Catalog& catalog) {
  const Description d = described_subject(options, catalog);
  if (!options.dot.empty() && d.dot.empty()) {
    throw ConfigError({Diagnostic{{},
                                  "",
                                  fmt::format("--dot draws networks and fabrics, and {} is neither",
                                              in_quotes(options.subject)),
                                  ""}});
  }
  if (!options.dot.empty()) write_output(options.dot, d.dot);
  if (!options.json.empty()) write_output(options.json, config_json(d.tree));
  if (options.json != "-" && options.dot != "-") write_output("-", d.text);
  return Exit::Done;
}

}  // namespace omniphi::sim
