#include "tests/support/designs.h"

#include "hw/base/yaml_reader.h"
#include "tests/support/catalog_parts.h"

namespace omniphi::test {

namespace {

std::vector<sim::Override> parsed(const std::vector<std::string>& changes) {
  std::vector<sim::Override> overrides;
  for (const std::string& change : changes) overrides.push_back(sim::parsed_override(change));
  return overrides;
}

}  // namespace

sim::Scenario quick_start(const std::vector<std::string>& changes) {
  const std::string file = std::string(OMNIPHI_SOURCE_DIR) + "/scenarios/resnet50-knl-opa.yaml";
  return sim::read_scenario(file, parsed(changes), catalog());
}

sim::Scenario scenario(const std::string& yaml, const std::vector<std::string>& changes) {
  Diagnostics diagnostics;
  ConfigNode tree = read_yaml(yaml, "test.yaml", diagnostics);
  diagnostics.throw_if_any();
  return sim::read_scenario(std::move(tree), parsed(changes), catalog());
}

}  // namespace omniphi::test
