#include "tests/sim/schema/validator.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "hw/base/yaml_reader.h"
#include "sim/report/json.h"
#include "sim/schema/schema.h"

namespace omniphi::test {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

struct Validator::Parsed {
  nlohmann::json text;
  valijson::Schema schema;
};

Validator::Validator(std::string_view name) : parsed_(std::make_unique<Parsed>()) {
  parsed_->text = nlohmann::json::parse(sim::schema_json(sim::schema_document(name)));
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(Adapter(parsed_->text), parsed_->schema);
}

Validator::~Validator() = default;
Validator::Validator(Validator&&) noexcept = default;

std::string Validator::faults(const std::string& json) const {
  const nlohmann::json document = nlohmann::json::parse(json);
  // Strong types: 12 and "12" differ, as they do to editors.
  valijson::Validator validator(valijson::Validator::kStrongTypes);
  valijson::ValidationResults results;
  if (validator.validate(parsed_->schema, Adapter(document), &results)) return "";
  std::string lines;
  for (const auto& error : results) {
    for (const std::string& step : error.context) lines += step;
    lines += ": " + error.description + '\n';
  }
  return lines;
}

std::string Validator::faults(const ConfigNode& tree) const {
  return faults(sim::config_json(tree));
}

ConfigNode yaml_text(const std::string& text) {
  Diagnostics diagnostics;
  ConfigNode tree = read_yaml(text, "test.yaml", diagnostics);
  diagnostics.throw_if_any();
  return tree;
}

ConfigNode yaml_file(const std::filesystem::path& file) {
  Diagnostics diagnostics;
  ConfigNode tree = read_yaml_file(file, diagnostics);
  diagnostics.throw_if_any();
  return tree;
}

std::vector<std::filesystem::path> yaml_files(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(OMNIPHI_SOURCE_DIR) / folder)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace omniphi::test
