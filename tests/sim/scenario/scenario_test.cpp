#include "sim/scenario/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"
#include "models/workload/complexity.h"
#include "tests/support/catalog_parts.h"
#include "tests/support/designs.h"

namespace omniphi::sim {
namespace {

std::string faults(const std::string& yaml, const std::vector<std::string>& changes = {}) {
  try {
    test::scenario(yaml, changes);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "none";
}

const std::string kValid =
    "omniphi: 1\n"
    "workload: {network: resnet-50}\n"
    "cluster: {node: knl-7250, nodes: 4, fabric: {topology: fat-tree, switch: opa-edge-48}}\n"
    "software: {stack: intel-caffe-mlsl}\n";

TEST(Scenario, ReadsTheQuickStart) {
  const Scenario scenario = test::quick_start();
  EXPECT_EQ(scenario.design.workload.batch_per_rank, 64);
  EXPECT_EQ(scenario.design.cluster.nodes(), 128);
  EXPECT_EQ(scenario.design.cluster.groups.front().node.id, "knl-7250f");
  EXPECT_EQ(scenario.design.mapping.bucket, Bytes(25e6));
  EXPECT_EQ((*scenario.design.training.schedule)->epochs, 90);
}

TEST(Scenario, ReadsBackWithEveryDefaultWrittenOut) {
  const Scenario scenario = test::quick_start();
  const ConfigNode first = write_scenario(scenario);
  const Scenario again = read_scenario(first, {}, test::catalog());
  EXPECT_EQ(write_yaml(write_scenario(again)), write_yaml(first));
}

TEST(Scenario, ReportsEveryFaultAtOnceWithItsPlace) {
  EXPECT_EQ(faults("omniphi: 1\n"
                   "workload: {network: resnet-5, batch_per_rank: 0, precison: fp32}\n"
                   "cluster: {node: knl-7250, nodes: many, fabric: {topology: fat-tree, switch: "
                   "opa-edge-48}}\n"
                   "mapping: {bucket: 25}\n"
                   "software: {stack: intel-caffe-mlsl}\n"),
            "test.yaml:2:21: workload.network: no \"resnet-5\" among the catalog's networks (did "
            "you mean \"resnet-50\"?)\n"
            "test.yaml:2:47: workload.batch_per_rank: must be at least 1, got \"0\"\n"
            "test.yaml:2:50: workload: unknown key \"precison\" (did you mean \"precision\"?)\n"
            "test.yaml:3:34: cluster.nodes: expected a whole number, got \"many\"\n"
            "test.yaml:4:19: mapping.bucket: expected a size such as \"16 GiB\", got \"25\"");
}

TEST(Scenario, NeedsAVersionItKnows) {
  EXPECT_EQ(faults("omniphi: 2\n" + kValid.substr(11)),
            "test.yaml:1:10: omniphi: must be at most 1, got \"2\"");
}

TEST(Scenario, ListsTheSchedulesItKnows) {
  EXPECT_EQ(faults(kValid + "mapping: {all_reduce: rings}\n"),
            "test.yaml:5:23: mapping.all_reduce: expected one of auto, ring, recursive-doubling, "
            "halving-doubling, dual-halving-doubling, binomial-tree, double-binary-tree, pairwise, "
            "hierarchical, got \"rings\" (did you mean \"ring\"?)");
}

TEST(Scenario, RefusesMoreCoresThanTheNodeHas) {
  EXPECT_EQ(faults(kValid, {"cluster.threads=66", "cluster.communication_cores=4"}),
            "test.yaml:3:10: cluster: threads and communication_cores of all ranks of a node need "
            "70 cores, the node "
            "has 68");
}

TEST(Scenario, RefusesMorePortsThanTheAdapterHas) {
  EXPECT_EQ(faults(kValid, {"cluster.fabric.ports_per_node=2"}),
            "test.yaml:3:10: cluster: the fabric takes 2 ports of each node, its adapter has 1");
  EXPECT_EQ(faults(kValid, {"cluster.fabric.ports_per_node=2", "cluster.node=knl-7250f"}), "none");
}

TEST(Scenario, TakesOverridesByPath) {
  const Scenario scenario =
      test::scenario(kValid, {"cluster.nodes=7", "mapping.bucket=1 MB", "name=seven"});
  EXPECT_EQ(scenario.design.cluster.nodes(), 7);
  EXPECT_EQ(scenario.design.mapping.bucket, Bytes(1e6));
  EXPECT_EQ(scenario.name, "seven");
}

TEST(Scenario, ChangesOneValueOfANamedPart) {
  const Scenario scenario = test::scenario(kValid, {"cluster.node.fast_memory.capacity=32 GiB"});
  const auto& cpu = std::get<hw::ManyCoreCpu>(scenario.design.cluster.groups.front().node->kind);
  EXPECT_EQ(cpu.fast_memory->capacity, Bytes(32.0 * (1 << 30)));
  EXPECT_EQ(cpu.cores, 68);
}

TEST(Scenario, SaysWhichOverrideIsWrong) {
  EXPECT_EQ(faults(kValid, {"cluster.nodez=7"}),
            "--set cluster.nodez=7: cluster: unknown key \"nodez\" (did you mean \"node\"?)");
  EXPECT_EQ(faults(kValid, {"cluster.nodes=x"}),
            "--set cluster.nodes=x: cluster.nodes: expected a whole number, got \"x\"");
  EXPECT_EQ(faults(kValid, {"cluster.groups[3].nodes=1"}),
            "--set cluster.groups[3].nodes=1: groups has 0 items");
  EXPECT_THROW(parsed_override("cluster.nodes"), ConfigError);
}

TEST(Scenario, HoldsANetworkInPlace) {
  const Scenario scenario = test::scenario(
      "omniphi: 1\n"
      "workload: {network: {layers: [{name: g, op: gemm, m: 16, n: 8, k: 4}]}, task: inference}\n" +
      kValid.substr(kValid.find("cluster")));
  EXPECT_EQ(scenario.design.workload.network.network.layers.size(), 1);
}

TEST(Scenario, SetsParametersOfItsNetwork) {
  const auto macs = [](const std::vector<std::string>& changes) {
    return complexity(test::scenario(kValid, changes).design.workload.network.network).macs();
  };
  // Half the resolution leaves a quarter of the positions; the classifier alone stays as it is.
  const std::int64_t classifier = 2048 * 1000;
  EXPECT_EQ(macs({"workload.network.parameters.resolution=448"}) - classifier,
            4 * (macs({}) - classifier));
  const Scenario scenario = test::scenario(kValid, {"workload.network.parameters.resolution=160"});
  EXPECT_EQ(write_yaml(scenario.design.workload.network.write()),
            "base: resnet-50\nparameters:\n  resolution: 160\n");
}

TEST(Scenario, DoesNotClaimThePublishedAccuracyForAChangedNetwork) {
  const auto published = [](const std::vector<std::string>& changes) {
    return test::scenario(kValid, changes).design.workload.network.network.accuracy.size();
  };
  EXPECT_EQ(published({"workload.network.parameters.resolution=224"}), 1);  // as it is anyway
  EXPECT_EQ(published({"workload.network.parameters.resolution=160"}), 0);
}

TEST(Scenario, NamesTheNearestParameterOfItsNetwork) {
  EXPECT_EQ(
      faults(kValid, {"workload.network.parameters.resolutoin=160"}),
      "--set workload.network.parameters.resolutoin=160: parameters: no layer uses a parameter "
      "\"resolutoin\" (did you mean \"resolution\"?) (included from test.yaml:2:21)");
}

TEST(Scenario, RefusesAStepWhoseWorkCannotBeCounted) {
  // 4,089,184,256 multiply-accumulates x 10^9 samples; forward's, as each pass of backward's.
  EXPECT_EQ(
      faults(kValid, {"workload.batch_per_rank=1000000000"}),
      "--set workload.batch_per_rank=1000000000: workload.batch_per_rank: 1000000000 samples of "
      "this network count 4.09e+18 operations or elements, more than 7.21e+16");
}

TEST(Scenario, EveryShippedOneReads) {
  int read = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(OMNIPHI_SOURCE_DIR) + "/scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    EXPECT_NO_THROW(read_scenario(entry.path(), {}, test::catalog())) << entry.path();
    ++read;
  }
  EXPECT_GE(read, 2);
}

}  // namespace
}  // namespace omniphi::sim
