#include "sim/cli/commands.h"

#include <variant>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "hw/base/yaml_reader.h"
#include "hw/node/hwloc.h"
#include "hw/node/imported_node.h"
#include "models/workload/importers/caffe_solver.h"
#include "models/workload/importers/onnx.h"
#include "models/workload/network_yaml.h"
#include "sim/cli/output.h"
#include "sim/report/json.h"
#include "sim/report/table.h"
#include "sim/schema/schema.h"

namespace omniphi::sim {

namespace {

std::vector<Override> parsed(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  for (const std::string& text : texts) overrides.push_back(parsed_override(text));
  return overrides;
}

/// The entry with what is to be known of it as comments; what it lacks goes to the log too.
std::string node_yaml(const hw::ImportedNode& node, const std::filesystem::path& file) {
  std::string comments;
  for (const std::string& note : node.notes) comments += fmt::format("# {}\n", note);
  if (!node.missing.empty()) {
    comments += "# To be filled in before it can be used, since hwloc does not know:\n";
    spdlog::warn("{}: {} values must be filled in before the entry can be used",
                 file.string(),
                 node.missing.size());
  }
  for (const std::string& key : node.missing) comments += fmt::format("#   {}\n", key);
  return comments + write_yaml(node.tree);
}

}  // namespace

Exit predict(const PredictOptions& options, const Catalog& catalog) {
  const Scenario scenario = read_scenario(options.scenario, parsed(options.overrides), catalog);
  const Outcome<models::Report> outcome = run(scenario, options.fidelity);
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) {
    spdlog::error(
        "{}: this design does not work: {}", options.scenario.string(), infeasible->reason);
    return Exit::Failed;
  }
  const auto& report = std::get<models::Report>(outcome);
  if (!options.json.empty()) write_output(options.json, report_json(report));
  if (options.json != "-") write_output("-", report_text(report));
  return Exit::Done;
}

Exit check(const CheckOptions& options, const Catalog& catalog) {
  read_scenario(options.scenario, parsed(options.overrides), catalog);
  write_output("-", fmt::format("{}: nothing wrong\n", options.scenario.string()));
  return Exit::Done;
}

namespace {

/// A network of Caffe's, with what its file or solver says beside it as comments.
std::string caffe_yaml(const std::filesystem::path& file, const models::CaffeOptions& options) {
  std::vector<std::string> remarks;
  models::CaffeNetwork read;
  if (models::is_caffe_solver(file)) {
    models::CaffeSolver solver = models::read_caffe_solver(file, options);
    remarks.push_back(fmt::format("Trained by {} ({}).", file.filename().string(), solver.type));
    if (solver.steps > 0) remarks.push_back(fmt::format("{} steps.", solver.steps));
    for (std::string& remark : solver.remarks) remarks.push_back(std::move(remark));
    read = std::move(solver.network);
  } else {
    read = models::read_caffe(file, options);
  }
  if (read.batch > 0) {
    remarks.push_back(
        fmt::format("workload.batch_per_rank: {} (samples of a process).", read.batch));
  }
  for (std::string& line : read.lines) remarks.push_back(std::move(line));
  std::string yaml;
  for (const std::string& remark : remarks) yaml += "# " + remark + '\n';
  return yaml + write_yaml(models::write_network(read.network));
}

std::string imported_yaml(const ImportOptions& options, const Catalog& catalog) {
  const std::filesystem::path& file = options.file;
  if (file.extension() == ".xml") {
    return node_yaml(hw::imported_node(hw::read_hwloc_xml(file), catalog), file);
  }
  if (file.extension() == ".prototxt") return caffe_yaml(file, caffe_options(options.sizes));
  return write_yaml(models::write_network(models::read_onnx(file, onnx_dimensions(options.sizes))));
}

}  // namespace

Exit import_file(const ImportOptions& options, const Catalog& catalog) {
  const std::string yaml = imported_yaml(options, catalog);
  const std::string heading =
      fmt::format("# Imported from {}.\n", options.file.filename().string());
  write_output(options.output.empty() ? "-" : options.output, heading + yaml);
  return Exit::Done;
}

Exit print_schema(const SchemaOptions& options) {
  if (!options.name.empty()) {
    write_output(options.output.empty() ? "-" : options.output,
                 schema_json(schema_document(options.name)));
    return Exit::Done;
  }
  for (const SchemaDocument& document : schema_documents()) {
    if (options.output.empty()) {
      write_output("-", fmt::format("{:12} {}\n", document.name, document.subject));
    } else {
      write_output(fmt::format("{}/{}.json", options.output, document.name), schema_json(document));
    }
  }
  return Exit::Done;
}

}  // namespace omniphi::sim
