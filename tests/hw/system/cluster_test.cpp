#include "hw/system/cluster.h"

#include <gtest/gtest.h>

#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "tests/support/catalog_parts.h"

namespace omniphi::hw {
namespace {

struct Read {
  Cluster cluster;
  std::string faults;
};

Read read(const std::string& yaml) {
  Diagnostics diagnostics;
  Read result;
  const ConfigNode tree = read_yaml(yaml, "c.yaml", diagnostics);
  try {
    Cluster::read(tree, "cluster", result.cluster, {}, {test::catalog(), diagnostics});
    diagnostics.throw_if_any();
  } catch (const ConfigError& error) {
    result.faults = error.what();
  }
  return result;
}

const std::string kFabric = "fabric: {topology: fat-tree, switch: opa-edge-48}";

TEST(Cluster, ReadsOneGroupBesideItsFabric) {
  const Read one = read("{node: knl-7250, nodes: 3, ranks_per_node: 2, " + kFabric + "}");
  EXPECT_EQ(one.faults, "");
  EXPECT_EQ(one.cluster.nodes(), 3);
  EXPECT_EQ(one.cluster.ranks(), 6);
}

TEST(Cluster, ReadsAListOfGroups) {
  const Read two =
      read("{groups: [{node: knl-7250, nodes: 3}, {node: knl-7250f, nodes: 5}], " + kFabric + "}");
  EXPECT_EQ(two.faults, "");
  EXPECT_EQ(two.cluster.groups.size(), 2);
  EXPECT_EQ(two.cluster.nodes(), 8);
}

TEST(Cluster, ReadsBackWhatItWrites) {
  for (const std::string& text :
       {"{node: knl-7250, nodes: 3, " + kFabric + "}",
        "{groups: [{node: knl-7250}, {node: knl-7250f}], " + kFabric + "}"}) {
    const std::string written_once = write_yaml(written(read(text).cluster));
    EXPECT_EQ(write_yaml(written(read(written_once).cluster)), written_once);
  }
}

TEST(Cluster, RefusesGroupsThatDifferInRanksPerNode) {
  EXPECT_EQ(
      read("{groups: [{node: knl-7250}, {node: knl-7250, ranks_per_node: 2}], " + kFabric + "}")
          .faults,
      "c.yaml:1:1: cluster: all groups must have the same ranks_per_node");
}

TEST(Cluster, GivesADeviceToOneRank) {
  EXPECT_EQ(
      read("{node: p100, ranks_per_node: 2, " + kFabric + "}").faults,
      "c.yaml:1:1: cluster: ranks_per_node: a node of kind gpu has one device, which one rank "
      "uses");
}

TEST(Cluster, RefusesCacheModeWithoutAMemoryToCacheIn) {
  EXPECT_EQ(read("{node: {base: knl-7250, fast_memory: null}, memory_mode: cache, " + kFabric + "}")
                .faults,
            "c.yaml:1:1: cluster: memory_mode: this node has no memory that can be a cache");
}

TEST(Cluster, TakesAnyKindOfNode) {
  const Read gpus = read("{node: p100, nodes: 4, threads: 1000, " + kFabric + "}");
  EXPECT_EQ(gpus.faults, "") << "threads are the host's, of which a GPU's description says nothing";
  EXPECT_EQ(gpus.cluster.groups.front().node->kind_name(), "gpu");
  EXPECT_EQ(read("{node: p100, memory_mode: cache, " + kFabric + "}").faults,
            "c.yaml:1:1: cluster: memory_mode: this node has no memory that can be a cache");
  EXPECT_EQ(
      read("{node: p100, fabric: {topology: fat-tree, switch: opa-edge-48, ports_per_node: 2}}")
          .faults,
      "c.yaml:1:1: cluster: the fabric takes 2 ports of each node, its adapter has 1");
}

TEST(Cluster, NamesTheGroupThatIsAtFault) {
  EXPECT_EQ(
      read("{groups: [{node: knl-7250}, {node: knl-7250, threads: 100}], " + kFabric + "}").faults,
      "c.yaml:1:29: cluster.groups[1]: threads and communication_cores of all ranks of a node need "
      "100 cores, the "
      "node has 68");
}

}  // namespace
}  // namespace omniphi::hw
