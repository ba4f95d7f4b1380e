#include "sim/cli/commands.h"

#include <variant>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "sim/cli/output.h"
#include "sim/report/json.h"
#include "sim/report/table.h"
#include "sim/schema/schema.h"

namespace omniphi::sim {

std::vector<Override> parsed_overrides(const std::vector<std::string>& texts) {
  std::vector<Override> overrides;
  for (const std::string& text : texts) overrides.push_back(parsed_override(text));
  return overrides;
}

Exit predict(const PredictOptions& options, const Catalog& catalog) {
  const Scenario scenario =
      read_scenario(options.scenario, parsed_overrides(options.overrides), catalog);
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
  read_scenario(options.scenario, parsed_overrides(options.overrides), catalog);
  write_output("-", fmt::format("{}: nothing wrong\n", options.scenario.string()));
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
