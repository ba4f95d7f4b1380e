#include "sim/cli/commands.h"

#include <variant>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "hw/base/yaml_reader.h"
#include "hw/node/hwloc.h"
#include "hw/node/imported_node.h"
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

Exit import_file(const ImportOptions& options, const Catalog& catalog) {
  const std::string yaml =
      options.file.extension() == ".xml"
          ? node_yaml(hw::imported_node(hw::read_hwloc_xml(options.file), catalog), options.file)
          : write_yaml(models::write_network(models::read_onnx(options.file)));
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
