#include <gtest/gtest.h>

#include "sim/scenario/scenario.h"
#include "tests/sim/schema/validator.h"
#include "tests/support/catalog_parts.h"
#include "tests/support/designs.h"

namespace omniphi::test {
namespace {

const Validator& validator() {
  static const Validator scenario("scenario");
  return scenario;
}

TEST(ScenarioSchema, TakesEveryShippedScenario) {
  for (const auto& file : yaml_files("scenarios"))
    EXPECT_EQ(validator().faults(yaml_file(file)), "") << file;
}

TEST(ScenarioSchema, TakesTheScenarioAsTheProgramWritesIt) {
  EXPECT_EQ(validator().faults(sim::write_scenario(quick_start())), "");
}

/// The quick start with one value at a path of keys replaced; with none, removed.
ConfigNode changed(const std::vector<std::string>& path, const std::string& yaml) {
  ConfigNode tree = yaml_file(OMNIPHI_SOURCE_DIR "/scenarios/resnet50-knl-opa.yaml");
  ConfigNode* node = &tree;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) node = &node->at_or_new(path[i]);
  node->erase(path.back());
  if (!yaml.empty()) node->set(path.back(), yaml_text(yaml));
  return tree;
}

bool reader_accepts(const ConfigNode& tree) {
  try {
    sim::read_scenario(tree, {}, catalog());
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

struct Change {
  const char* what;
  std::vector<std::string> path;
  const char* yaml;
  bool fits;
};

void PrintTo(const Change& change, std::ostream* out) {
  *out << change.what;
}

class ScenarioChange : public testing::TestWithParam<Change> {};

TEST_P(ScenarioChange, IsJudgedAsTheReaderJudgesIt) {
  const ConfigNode tree = changed(GetParam().path, GetParam().yaml);
  EXPECT_EQ(reader_accepts(tree), GetParam().fits);
  EXPECT_EQ(validator().accepts(tree), GetParam().fits) << validator().faults(tree);
}

INSTANTIATE_TEST_SUITE_P(
    Schema,
    ScenarioChange,
    testing::Values(
        Change{"NumberForAText", {"name"}, "2026", true},
        Change{"NothingForAnOptionalPart", {"training", "schedule"}, "null", true},
        Change{"PartInPlace", {"training", "schedule"}, "{epochs: 10, source: here}", true},
        Change{"PartInPlaceWithoutAKey", {"training", "schedule"}, "{epochs: 10}", false},
        Change{
            "DerivedPart", {"cluster", "node"}, "{base: knl-7250f, power: {limit: 200 W}}", true},
        Change{"DerivedPartOfADerivedPart",
               {"cluster", "node"},
               "{base: knl-7250f, adapter: {price: 700 USD}}",
               true},
        Change{"ChangedPartWithoutBase", {"cluster", "node"}, "{power: {limit: 200 W}}", false},
        Change{"DerivedPartWithUnknownKey",
               {"cluster", "node"},
               "{base: knl-7250f, colour: red}",
               false},
        Change{"BaseBelowThePart",
               {"cluster", "node"},
               "{base: knl-7250f, power: {base: knl-7250}}",
               false},
        Change{"GroupsOfNodes",
               {"cluster"},
               "{groups: [{node: knl-7250, nodes: 2}, {node: knl-7250f}], "
               "fabric: {topology: fat-tree, switch: opa-edge-48}}",
               true},
        Change{"GroupsBesideANode",
               {"cluster"},
               "{groups: [{node: knl-7250}], node: knl-7250, fabric: {topology: fat-tree, switch: "
               "opa-edge-48}}",
               false},
        Change{"UnknownKey", {"cluster", "nods"}, "3", false},
        Change{"UnknownKeyAtTheTop", {"nodes"}, "3", false},
        Change{"MissingKey", {"software"}, "", false},
        Change{"MissingKeyBelow", {"cluster", "fabric"}, "", false},
        Change{"TextForANumber", {"cluster", "nodes"}, "many", false},
        Change{"FractionForAWholeNumber", {"cluster", "nodes"}, "2.5", false},
        Change{"MapForANumber", {"cluster", "nodes"}, "{count: 2}", false},
        Change{"NumberBelowItsRange", {"workload", "batch_per_rank"}, "0", false},
        Change{"NumberAboveItsRange", {"cluster", "ranks_per_node"}, "5000", false},
        Change{"VersionOfTheFuture", {"omniphi"}, "2", false},
        Change{"ShareAsAPercentage", {"cluster", "fabric", "taper"}, "150 %", true},
        Change{"TruthAsAWord", {"mapping", "overlap"}, "yes", false},
        Change{"WordNotInTheList", {"cluster", "memory_mode"}, "fast", false},
        Change{"ScheduleNotInTheList", {"mapping", "all_reduce"}, "star", false},
        Change{"TopologyNotInTheList", {"cluster", "fabric", "topology"}, "bus", false},
        Change{"SizeWithoutUnit", {"mapping", "bucket"}, "25", false},
        Change{"RateForASize", {"mapping", "bucket"}, "25 MB/s", false},
        Change{"SizeOfZeroWhereItMustBePositive", {"mapping", "bucket"}, "0 MB", false},
        Change{"SizeInBits", {"mapping", "bucket"}, "1.5e3 kbit", true},
        Change{"NetworkInPlace",
               {"workload", "network"},
               "{layers: [{name: product, op: gemm, m: 16, n: 16, k: 16}]}",
               true},
        Change{"NetworkWithoutLayers", {"workload", "network"}, "{layers: []}", false},
        Change{"NetworkWithUnknownOperator",
               {"workload", "network"},
               "{layers: [{name: product, op: sum, m: 16}]}",
               false}),
    [](const auto& tested) { return std::string(tested.param.what); });

}  // namespace
}  // namespace omniphi::test
