#include "hw/base/yaml_reader.h"
#include "models/workload/network_yaml.h"
#include "sim/scenario/scenario.h"
#include "tests/fuzz/fuzzing.h"

/// YAML: a scenario, or else the description of a network.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace omniphi;
  static const Catalog catalog(OMNIPHI_SOURCE_DIR "/configs");
  Diagnostics diagnostics;
  const ConfigNode tree = read_yaml(fuzz::text_of(data, size), "fuzz.yaml", diagnostics);
  if (!diagnostics.empty()) return 0;
  try {
    if (tree.find("omniphi")) {
      const sim::Scenario scenario = sim::read_scenario(tree, {}, catalog);
      fuzz::examine(scenario.design.workload.network.network);
    } else {
      const models::Network network = models::read_network(tree, "fuzz", diagnostics);
      if (diagnostics.empty()) fuzz::examine(network);
    }
  } catch (const ConfigError&) {
  }
  return 0;
}
