#include "hw/fabric/topology/fat_tree.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hw/fabric/topology/topology.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

using tests::built;
using tests::fat_tree;

FatTreeLayout laid_out(const FatTree& tree, int hosts) {
  return std::get<FatTreeLayout>(layout(tree, hosts));
}

std::string reason(const FatTree& tree, int hosts) {
  return std::get<Infeasible>(build(Topology(tree), hosts)).reason;
}

TEST(FatTree, DividesThePortsOfAnEdgeSwitchByTheTaper) {
  EXPECT_EQ(laid_out(fat_tree(48, 1), 100).hosts_per_edge, 24);
  EXPECT_EQ(laid_out(fat_tree(48, 1), 100).uplinks, 24);
  EXPECT_EQ(laid_out(fat_tree(48, 2), 100).hosts_per_edge, 32);
  EXPECT_EQ(laid_out(fat_tree(48, 2), 100).uplinks, 16);
}

TEST(FatTree, TakesStampede2sTaperOfTwentyEightToTwenty) {
  // 48 * 1.4 / 2.4 = 28 exactly, which floating point must not make 27.
  EXPECT_EQ(laid_out(fat_tree(48, 1.4), 100).hosts_per_edge, 28);
  EXPECT_EQ(laid_out(fat_tree(48, 1.4), 100).uplinks, 20);
}

TEST(FatTree, KeepsOneUplinkHoweverSteepTheTaper) {
  EXPECT_EQ(laid_out(fat_tree(48, 1e300), 100).hosts_per_edge, 47);
  EXPECT_EQ(laid_out(fat_tree(48, 1e300), 100).uplinks, 1);
}

TEST(FatTree, UsesTheFewestSpinesThatShareTheUplinksEvenly) {
  // 4 edges x 16 uplinks = 64 cables: more than one spine's 48 ports, 32 for each of two.
  EXPECT_EQ(laid_out(fat_tree(48, 2), 128).spines, 2);
  // 16 edges x 16 = 256: 4 spines would have 64 each and 6 do not divide 16; 8 have 32.
  EXPECT_EQ(laid_out(fat_tree(48, 2), 512).spines, 8);
}

TEST(FatTree, NeedsNoSpineForOneEdgeSwitch) {
  const FatTreeLayout tree = laid_out(fat_tree(48, 2), 32);
  EXPECT_EQ(tree.edges, 1);
  EXPECT_EQ(tree.spines, 0);
  EXPECT_EQ(tree.uplinks, 0);
  EXPECT_EQ(laid_out(fat_tree(48, 2), 33).edges, 2);
}

TEST(FatTree, SaysHowManyHostsItHoldsAtMost) {
  EXPECT_EQ(laid_out(fat_tree(48, 2), 1536).edges, 48);
  EXPECT_EQ(
      reason(fat_tree(48, 2), 2000),
      "a two-level fat tree of 48-port switches with taper 2 holds at most 1536 hosts, not 2000");
  EXPECT_EQ(reason(fat_tree(48, 2, 2), 769),
            "a two-level fat tree of 48-port switches with taper 2 holds at most 768 hosts with 2 "
            "ports each, not 769");
  EXPECT_EQ(
      reason(fat_tree(4, 1, 8), 1),
      "a two-level fat tree of 4-port switches with taper 1 holds at most 0 hosts with 8 ports "
      "each, not 1");
}

TEST(FatTree, IsWiredAsLaidOut) {
  const FabricGraph graph = built(fat_tree(48, 2), 128);
  EXPECT_EQ(graph.hosts(), 128);
  EXPECT_EQ(graph.switches(), 6);
  EXPECT_EQ(graph.cables().size(), 128U + 64U);
  // Host 127 is the last of the fourth edge switch, vertex 128 + 3.
  EXPECT_EQ(graph.cables()[127].a, VertexId(127));
  EXPECT_EQ(graph.cables()[127].b, VertexId(131));
  EXPECT_EQ(
      std::ranges::count_if(graph.cables(), [&](const auto& c) { return graph.is_host_cable(c); }),
      128);
}

TEST(FatTree, BillsOneHundredTwentyEightHostsAtTaperTwo) {
  const BillOfMaterials bill = bill_of_materials(Topology(fat_tree(48, 2)), 128);
  EXPECT_EQ(bill.switches, 4 + 2);
  EXPECT_EQ(bill.host_cables, 128);
  EXPECT_EQ(bill.switch_cables, 64);
  EXPECT_EQ(bill.cables(), 192);
  EXPECT_EQ(bill.adapter_ports, 128);
  // 6 x 1000 + 128 x 10 + 64 x 50 USD; 6 x 200 + 128 x 0 + 64 x 6 W
  EXPECT_DOUBLE_EQ(bill.price.value.value(), 10480);
  EXPECT_DOUBLE_EQ(bill.power.value.value(), 1584);
}

TEST(FatTree, BillsEachCableOfAHostWithTwoPorts) {
  const BillOfMaterials bill = bill_of_materials(fat_tree(48, 2, 2), 64);
  EXPECT_EQ(bill.switches, 4 + 2);
  EXPECT_EQ(bill.host_cables, 128);
  EXPECT_EQ(bill.adapter_ports, 128);
}

TEST(FatTree, HasNoKnownPriceIfOnePartHasNone) {
  FatTree tree = fat_tree(48, 2);
  tree.part.value.switch_cable.value.price = Figure<Usd>::unknown();
  EXPECT_FALSE(bill_of_materials(tree, 128).price.known());
  // One edge switch has no cables to spines, so that their price does not matter.
  EXPECT_TRUE(bill_of_materials(tree, 32).price.known());
}

TEST(FatTree, BisectsByUplinksWhereEdgeSwitchesHalveTheHosts) {
  // Two of four edge switches with 16 uplinks each, at 10 GB/s.
  EXPECT_DOUBLE_EQ(bisection(Topology(fat_tree(48, 2)), 128).value(), 32 * 10e9);
  // Full bisection: half the hosts.
  EXPECT_DOUBLE_EQ(bisection(fat_tree(48, 1), 96).value(), 48 * 10e9);
}

TEST(FatTree, BisectsThroughHostCablesWhereTheyDoNot) {
  // One of three edge switches (16 uplinks) and 16 of another's hosts.
  EXPECT_DOUBLE_EQ(bisection(fat_tree(48, 2), 96).value(), 32 * 10e9);
  // One switch: 8 of 16 hosts.
  EXPECT_DOUBLE_EQ(bisection(fat_tree(48, 2), 16).value(), 8 * 10e9);
  EXPECT_DOUBLE_EQ(bisection(fat_tree(48, 2), 1).value(), 0);
}

/// Cables between the two sides, over all ways to halve the hosts and to place the switches.
int fewest_cut_cables(const FabricGraph& graph) {
  const std::uint32_t hosts = (1U << graph.hosts()) - 1;
  int fewest = static_cast<int>(graph.cables().size());
  for (std::uint32_t side = 0; side < 1U << graph.vertices(); ++side) {
    if (std::popcount(side & hosts) != graph.hosts() / 2) continue;
    const auto is_cut = [&](const FabricGraph::Cable& cable) {
      return ((side >> cable.a.index()) & 1) != ((side >> cable.b.index()) & 1);
    };
    fewest = std::min(fewest, static_cast<int>(std::ranges::count_if(graph.cables(), is_cut)));
  }
  return fewest;
}

TEST(FatTree, BisectsAsExhaustiveSearchDoes) {
  for (const FatTree& tree :
       {fat_tree(4, 1), fat_tree(6, 2), fat_tree(6, 1, 3), fat_tree(6, 2, 2)}) {
    for (int hosts = 1; hosts <= 4 * laid_out(tree, 1).hosts_per_edge && hosts <= 9; ++hosts) {
      const int cut = fewest_cut_cables(built(tree, hosts));
      EXPECT_DOUBLE_EQ(bisection(tree, hosts).value(), cut * 10e9)
          << hosts << " hosts, taper " << tree.taper << ", " << tree.ports_per_node << " ports";
    }
  }
}

}  // namespace
}  // namespace omniphi::hw
