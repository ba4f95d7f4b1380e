#include "sim/schema/schema.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/workload/network_schema.h"
#include "sim/report/json.h"
#include "sim/report/report_schema.h"
#include "sim/scenario/scenario.h"

namespace omniphi::sim {

namespace {

ConfigNode scenario_schema(SchemaContext context) {
  return schema_of<Scenario>({}, context);
}

ConfigNode network_file_schema(SchemaContext context) {
  return schema::derivable(context, models::network_schema);
}

}  // namespace

const std::vector<SchemaDocument>& schema_documents() {
  static const std::vector<SchemaDocument> documents{
      {"scenario", "a scenario: one question to the simulator", scenario_schema},
      {"report", "a report: the answer, as written by --json", report_schema},
      {"network", "a network of the catalog", network_file_schema},
      {"dataset", "a data set of the catalog", part_schema<models::DataSet>},
      {"node", "a node of the catalog", part_schema<hw::Node>},
      {"fabric", "a fabric of the catalog's fabrics: a topology", part_schema<hw::Fabric>},
      {"director", "a director of the catalog's fabrics", part_schema<hw::Director>},
      {"switch", "a switch of the catalog's fabrics", part_schema<hw::Switch>},
      {"adapter", "a host adapter of the catalog's fabrics", part_schema<hw::Adapter>},
      {"cable", "a cable of the catalog's fabrics", part_schema<hw::Cable>},
      {"software", "a software stack of the catalog", part_schema<models::SoftwareStack>},
      {"calibration", "a calibration of the catalog", part_schema<models::Calibration>},
      {"schedule", "a training schedule of the catalog", part_schema<models::TrainingSchedule>},
      {"prices", "a price list of the catalog", part_schema<models::Prices>},
  };
  return documents;
}

const SchemaDocument& schema_document(std::string_view name) {
  std::vector<std::string_view> known;
  for (const SchemaDocument& document : schema_documents()) {
    if (document.name == name) return document;
    known.push_back(document.name);
  }
  throw ConfigError({Diagnostic{
      {},
      "",
      fmt::format("there is no schema {} (there are: {})", in_quotes(name), fmt::join(known, ", ")),
      ""}});
}

std::string schema_json(const SchemaDocument& document) {
  ConfigNode definitions = ConfigNode::map();
  const ConfigNode root = document.describe({definitions});
  ConfigNode text = ConfigNode::map();
  text.set("$schema", detail::quoted_text("https://json-schema.org/draft/2020-12/schema"));
  text.set("title", detail::quoted_text(fmt::format("Omniphi {}", document.name)));
  text.set("description", detail::quoted_text(std::string(document.subject)));
  for (const ConfigNode::Entry& entry : root.entries) text.set(entry.key, entry.value);
  text.set("$defs", std::move(definitions));
  return config_json(text);
}

}  // namespace omniphi::sim
