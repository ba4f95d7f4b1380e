#include "models/mapping/design.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "hw/base/parameter_schema.h"
#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "models/collective/schedule.h"
#include "models/workload/complexity.h"
#include "models/workload/importers/network_file.h"
#include "models/workload/network_schema.h"
#include "models/workload/network_yaml.h"

namespace omniphi::models {

namespace {

/// A name given on the command line has no line; it is relative to where the user stands.
std::filesystem::path named_file(const ConfigNode& node) {
  const bool in_file = node.place.file && node.place.line > 0;
  const std::filesystem::path folder =
      in_file ? std::filesystem::path(*node.place.file).parent_path() : "";
  return folder / node.scalar;
}

Network derived_network(const ConfigNode& node, const std::string& path, ReadContext context) {
  Diagnostics& diagnostics = context.diagnostics;
  const std::size_t before = diagnostics.size();
  const ConfigNode& base = *node.find("base");
  ConfigNode change = node;
  change.erase("base");
  Network network;
  if (!base.is_scalar()) {
    diagnostics.error(
        base.place, path, "base: expected a catalog id or a file, got " + base.described());
  } else if (network_format(base.scalar)) {
    network = read_network_file(named_file(base), change, diagnostics);
  } else {
    ConfigNode tree =
        catalog_description(context.catalog, base.scalar, base.place, path, diagnostics);
    if (diagnostics.size() == before) {
      network = read_network(changed_network(std::move(tree), change), base.scalar, diagnostics);
    }
  }
  diagnostics.annotate(before, node.place);
  return network;
}

}  // namespace

void NetworkChoice::read(const ConfigNode& node,
                         const std::string& path,
                         NetworkChoice& out,
                         Rule,
                         ReadContext context) {
  Diagnostics& diagnostics = context.diagnostics;
  if (node.find("base")) {
    out.derived = node;
    out.network = derived_network(node, path, context);
    return;
  }
  if (!node.is_scalar()) {
    out.network = read_network(node, "inline", diagnostics);
    return;
  }
  const std::size_t before = diagnostics.size();
  if (network_format(node.scalar)) {
    out.network = read_network_file(named_file(node), {}, diagnostics);
    diagnostics.annotate(before, node.place);
  } else {
    out.network = load_network(context.catalog, node.scalar, node.place, path, diagnostics);
  }
  out.id = node.scalar;
}

ConfigNode NetworkChoice::schema(Rule, SchemaContext context) {
  return schema::either(
      schema::of_type("string"), ConfigNode::map(), schema::derivable(context, network_schema));
}

ConfigNode NetworkChoice::write() const {
  if (derived.is_map()) return derived;
  return id.empty() ? write_network(network) : ConfigNode::text(id);
}

std::string excess_of_step(const Workload& workload) {
  double largest = 0;  // of one sample; in floating point, which cannot overflow
  for (const PhaseWork& work : complexity(workload.network.network).phases) {
    for (const std::int64_t count :
         {work.macs, work.operations, work.activations_read, work.activations_written}) {
      largest = std::max(largest, static_cast<double>(count));
    }
  }
  const double step = largest * workload.batch_per_rank;
  if (step <= static_cast<double>(kMostWorkOfAStep)) return {};
  return fmt::format(
      "{} samples of this network count {:.3g} operations or elements, more than {:.3g}",
      workload.batch_per_rank,
      step,
      static_cast<double>(kMostWorkOfAStep));
}

void AllReduceChoice::read(const ConfigNode& node,
                           const std::string& path,
                           AllReduceChoice& out,
                           Rule,
                           ReadContext context) {
  std::vector<std::string_view> known = algorithm_names(Collective::AllReduce);
  known.insert(known.begin(), "auto");
  if (node.is_scalar() && std::find(known.begin(), known.end(), node.scalar) != known.end()) {
    out.name = node.scalar;
  } else {
    detail::report_unknown_word(node, path, known, context);
  }
}

ConfigNode AllReduceChoice::schema(Rule, SchemaContext) {
  std::vector<schema::Word> words{{"auto", "the one predicted to be fastest"}};
  for (const std::string_view name : algorithm_names(Collective::AllReduce))
    words.push_back({name, algorithm_meaning(Collective::AllReduce, name)});
  return schema::one_of(words);
}

namespace {

std::vector<std::string> names_in_file(const std::filesystem::path& file,
                                       const Place& place,
                                       const std::string& path,
                                       Diagnostics& diagnostics) {
  constexpr std::size_t kMostNames = 1'000'000;
  std::ifstream stream(file);
  if (!stream) {
    diagnostics.error(place, path, in_quotes(file.string()) + " cannot be read");
    return {};
  }
  std::vector<std::string> names;
  for (std::string line; names.size() < kMostNames && std::getline(stream, line);) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos || line[begin] == '#') continue;
    names.push_back(line.substr(begin, line.find_first_of(" \t\r:", begin) - begin));
  }
  return names;
}

}  // namespace

void HostList::read(const ConfigNode& node,
                    const std::string& path,
                    HostList& out,
                    Rule rule,
                    ReadContext context) {
  if (node.is_scalar()) {
    out.names =
        names_in_file(named_file(node), node.place, path, context.diagnostics);
  } else {
    detail::read_value(node, path, out.names, rule, context);
  }
}

ConfigNode HostList::schema(Rule, SchemaContext context) {
  return schema::any_of({schema::text(), schema_of<std::vector<std::string>>({}, context)});
}

ConfigNode HostList::write() const {
  return names.empty() ? ConfigNode{} : written(names);
}

SoftwareStack Software::effective() const {
  SoftwareStack chosen = *stack;
  if (calibration) chosen.calibration = *calibration;
  return chosen;
}

SoftwareStack Software::effective_on_gpus() const {
  return gpu_stack ? **gpu_stack : effective();
}

}  // namespace omniphi::models
