#include "hw/fabric/degraded.h"

#include <gtest/gtest.h>

#include "hw/fabric/topology/topology.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

using tests::built;

/// 2 edges of 4 hosts and 4 uplinks, 1 spine of 8 ports: switches 0, 1 and 2.
FatTree broken_tree(const Faults& faults) {
  FatTree tree = tests::fat_tree(8, 1);
  tree.faults = faults;
  return tree;
}

std::string outcome(const Faults& faults) {
  const auto graph = build(Topology(broken_tree(faults)), 8);
  if (const auto* infeasible = std::get_if<Infeasible>(&graph)) return infeasible->reason;
  const auto routing = routed(std::get<FabricGraph>(graph));
  const auto* infeasible = std::get_if<Infeasible>(&routing);
  return infeasible ? infeasible->reason : "works";
}

TEST(DegradedFabric, GoesRoundFailedCables) {
  const Faults faults{.cables = {{"switch-0", "switch-2", 3}}};
  const FabricGraph graph = built(broken_tree(faults), 8);
  EXPECT_EQ(graph.cables().size(), 16U - 3);
  const Routing routing(graph);
  // All that leaves the first edge switch takes the one uplink that is left.
  std::vector<ArcId> route;
  routing.route(HostId(0), HostId(4), route);
  const ArcId uplink = route[1];
  for (int host = 5; host < 8; ++host) {
    routing.route(HostId(0), HostId(host), route);
    EXPECT_EQ(route[1], uplink);
  }
}

TEST(DegradedFabric, SaysWhenItIsInParts) {
  EXPECT_EQ(outcome({.switches = {"switch-2"}}), "no path from switch 1 to switch 0");
  EXPECT_EQ(outcome({.cables = {{"switch-0", "switch-2", 4}}}),
            "no path from switch 1 to switch 0");
  EXPECT_EQ(outcome({.cables = {{"host-5", "switch-1"}}}), "host 5 has no cable");
  EXPECT_EQ(outcome({.switches = {"switch-1"}}), "host 4 has no cable");
}

TEST(DegradedFabric, RunsOnWithTheLanesThatAreLeft) {
  const Faults faults{.narrow_cables = {{"switch-0", "switch-2"}}, .lanes = 2};
  const FabricGraph graph = built(broken_tree(faults), 8);
  EXPECT_EQ(graph.cables().size(), 16U);
  // Cable 8 is the first after the hosts': 2 lanes of 4 of 10 GB/s.
  EXPECT_DOUBLE_EQ(graph.link(ArcId(16)).bandwidth.value(), 5e9);
  EXPECT_DOUBLE_EQ(graph.link(ArcId(18)).bandwidth.value(), 10e9);
}

TEST(DegradedFabric, DrawsRandomCablesBySeed) {
  FatTree tree = broken_tree({.random_cables = 3});
  const auto ends = [&](std::int64_t seed) {
    tree.seed = seed;
    std::vector<std::size_t> out;
    const FabricGraph graph = built(tree, 8);
    for (const auto& cable : graph.cables()) out.push_back(cable.a.index());
    return out;
  };
  EXPECT_EQ(ends(1).size(), 13U);
  EXPECT_EQ(ends(1), ends(1));
  bool differs = false;
  for (int seed = 2; seed < 10; ++seed) differs = differs || ends(seed) != ends(1);
  EXPECT_TRUE(differs);
}

TEST(DegradedFabric, RefusesFaultsOfWhatIsNotThere) {
  EXPECT_EQ(outcome({.switches = {"switch-7"}}), "faults: there is no switch \"switch-7\"");
  EXPECT_EQ(outcome({.switches = {"host-0"}}), "faults: there is no switch \"host-0\"");
  EXPECT_EQ(outcome({.cables = {{"switch-0", "switch-1"}}}),
            "faults: between \"switch-0\" and \"switch-1\" are 0 cables that work, not 1");
  EXPECT_EQ(outcome({.random_cables = 9}), "faults: 8 cables between switches still work, not 9");
}

}  // namespace
}  // namespace omniphi::hw
