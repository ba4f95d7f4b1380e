#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "hw/base/yaml_reader.h"
#include "hw/fabric/importers/imported_fabric.h"
#include "hw/node/hwloc.h"
#include "hw/node/imported_node.h"
#include "models/workload/importers/caffe_solver.h"
#include "models/workload/importers/network_file.h"
#include "models/workload/network_yaml.h"
#include "sim/cli/caffe_scenario.h"
#include "sim/cli/commands.h"
#include "sim/cli/output.h"

namespace omniphi::sim {

namespace {

/// The entry with what is to be known of it as comments; what it lacks goes to the log too.
std::string node_yaml(const std::filesystem::path& file, const Catalog& catalog) {
  const hw::ImportedNode node = hw::imported_node(hw::read_hwloc_xml(file), catalog);
  std::string comments;
  for (const std::string& note : node.notes) comments += yaml_comment(note);
  if (!node.missing.empty()) {
    comments += yaml_comment("To be filled in before it can be used, since hwloc does not know:");
    spdlog::warn("{}: {} values must be filled in before the entry can be used",
                 file.string(),
                 node.missing.size());
  }
  for (const std::string& key : node.missing) comments += yaml_comment("  " + key);
  return comments + write_yaml(node.tree);
}

/// A network of Caffe's, with what its file says beside it as comments.
std::string caffe_network_yaml(const models::CaffeNetwork& read) {
  std::string comments;
  if (read.batch > 0) {
    comments += yaml_comment(
        fmt::format("The file has a batch of {} (workload.batch_per_rank).", read.batch));
  }
  for (const std::string& line : read.lines) comments += yaml_comment(line);
  return comments + write_yaml(models::write_network(read.network));
}

std::string caffe_yaml(const ImportOptions& options, const Catalog& catalog) {
  Diagnostics diagnostics;
  const ConfigNode parameters = parameters_of(options.sizes);
  const models::CaffeOptions caffe = models::caffe_options(parameters, diagnostics);
  diagnostics.throw_if_any();
  const std::optional<models::CaffeSolver> solver = models::read_caffe_solver(options.file, caffe);
  if (!solver) return caffe_network_yaml(models::read_caffe(options.file, caffe));
  const std::filesystem::path output = options.output.empty() ? "scenario.yaml" : options.output;
  return caffe_scenario(*solver, {options.file, parameters, output}, catalog);
}

std::string onnx_yaml(const ImportOptions& options) {
  ConfigNode change = ConfigNode::map();
  change.set("parameters", parameters_of(options.sizes));
  Diagnostics diagnostics;
  const models::Network network = models::read_network_file(options.file, change, diagnostics);
  diagnostics.throw_if_any();
  return write_yaml(models::write_network(network));
}

std::string fabric_yaml(const hw::ImportedFabric& fabric) {
  std::string comments;
  for (const std::string& note : fabric.notes) comments += yaml_comment(note);
  return comments + write_yaml(fabric.tree);
}

std::string imported_yaml(const ImportOptions& options, const Catalog& catalog) {
  const std::filesystem::path& file = options.file;
  if (hw::is_fabric_file(file)) return fabric_yaml(hw::imported_fabric(file));
  if (file.extension() == ".xml") return node_yaml(file, catalog);
  const auto format = models::network_format(file);
  if (format == models::NetworkFormat::Caffe) return caffe_yaml(options, catalog);
  if (format == models::NetworkFormat::Onnx) return onnx_yaml(options);
  throw ConfigError({Diagnostic{
      {},
      "",
      fmt::format(
          "{}: its name does not say what it is: expected .onnx, .prototxt, .xml, .csv or .txt",
          file.string()),
      ""}});
}

}  // namespace

Exit import_file(const ImportOptions& options, const Catalog& catalog) {
  const std::string yaml = imported_yaml(options, catalog);
  const std::string heading =
      yaml_comment(fmt::format("Imported from {}.", options.file.filename().string()));
  write_output(options.output.empty() ? "-" : options.output, heading + yaml);
  return Exit::Done;
}

}  // namespace omniphi::sim
