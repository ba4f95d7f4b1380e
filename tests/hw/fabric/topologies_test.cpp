#include <algorithm>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "hw/fabric/metrics.h"
#include "hw/fabric/topology/topology.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

using tests::built;
using tests::of_round_switches;

constexpr double kLinkRate = 10e9;  // of round switches

template <class Kind>
Kind grid(std::vector<int> dimensions, int hosts_per_switch = 1) {
  auto kind = of_round_switches<Kind>(64);
  kind.dimensions = std::move(dimensions);
  kind.hosts_per_switch = hosts_per_switch;
  return kind;
}

Dragonfly dragonfly(int p, int a = 0, int h = 0, int g = 0) {
  auto kind = of_round_switches<Dragonfly>(64);
  kind.hosts_per_router = p;
  kind.routers_per_group = a;
  kind.global_cables = h;
  kind.groups = g;
  return kind;
}

/// Cables of the narrowest cut.
double cut(const Topology& topology, int hosts) {
  return bisection(topology, hosts).value() / kLinkRate;
}

std::string reason(const Topology& topology, int hosts) {
  return std::get<Infeasible>(build(topology, hosts)).reason;
}

TEST(SingleSwitch, JoinsAllHosts) {
  auto fabric = of_round_switches<SingleSwitch>(48);
  EXPECT_EQ(built(fabric, 48).switches(), 1);
  EXPECT_EQ(metrics(built(fabric, 48)).diameter, 0);
  EXPECT_EQ(cut(fabric, 48), 24);
  EXPECT_EQ(reason(fabric, 49),
            "each switch needs 49 ports to hosts and 0 to other switches, and has 48");
}

TEST(Torus, HasTheDegreeDiameterAndBisectionOfTextbooks) {
  // [Dally2004, sec. 5.2]: degree 2 n, diameter n k / 2, bisection 2 N / k links each way.
  const auto torus = grid<Torus>({4, 4, 4}, 2);
  const FabricMetrics m = metrics(built(torus, 128));
  EXPECT_EQ(m.most_degree, 6 + 2);
  EXPECT_EQ(m.least_degree, 6 + 2);
  EXPECT_EQ(m.diameter, 3 * 2);
  EXPECT_EQ(cut(torus, 128), 2 * 64 / 4);
  EXPECT_EQ(built(torus, 128).cables().size(), 128U + 3 * 64);
}

TEST(Torus, IsCutAcrossItsLongestDimensionWhereverThatIs) {
  EXPECT_EQ(cut(grid<Torus>({8, 4, 2}, 4), 256), 2 * 64 / 8);
  EXPECT_EQ(cut(grid<Torus>({2, 8, 4}, 4), 256), 2 * 64 / 8);
  EXPECT_EQ(cut(grid<Torus>({4, 2, 8}, 4), 256), 2 * 64 / 8);
}

TEST(Torus, JoinsTwoSwitchesOfADimensionOfTwoOnce) {
  EXPECT_EQ(built(grid<Torus>({2, 2}), 4).cables().size(), 4U + 4);
}

TEST(Torus, MeanHopsAreThoseOfItsRings) {
  // A ring of 4 from any switch: 0, 1, 2, 1 hops, 1 on average; 4 x 4 so 2 over all 16 switches,
  // and 2 x 16 / 15 over the other 15.
  EXPECT_DOUBLE_EQ(metrics(built(grid<Torus>({4, 4}), 16)).mean_hops, 32.0 / 15);
}

TEST(SwitchMesh, HasTheDiameterAndBisectionOfTextbooks) {
  // [Dally2004, sec. 5.2]: diameter n (k - 1), bisection N / k links.
  const auto mesh = grid<SwitchMesh>({4, 4}, 4);
  const FabricMetrics m = metrics(built(mesh, 64));
  EXPECT_EQ(m.diameter, 6);
  EXPECT_EQ(m.least_degree, 2 + 4);
  EXPECT_EQ(m.most_degree, 4 + 4);
  EXPECT_EQ(cut(mesh, 64), 4);
}

TEST(Hypercube, HasTheDiameterAndBisectionOfTextbooks) {
  // [Saad1988]: degree and diameter n, bisection 2^(n - 1).
  auto cube = of_round_switches<Hypercube>(64);
  const FabricMetrics m = metrics(built(cube, 64));
  EXPECT_EQ(m.most_degree, 6 + 1);
  EXPECT_EQ(m.diameter, 6);
  EXPECT_EQ(cut(cube, 64), 32);
  // The smallest cube that holds 33 hosts.
  EXPECT_EQ(built(cube, 33).switches(), 64);
  EXPECT_EQ(built(cube, 1).switches(), 1);
}

TEST(HyperX, HasTheDegreeAndBisectionOfItsPaper) {
  // [Ahn2009, sec. 3]: degree sum K (S - 1); cut in dimension i, K_i S_i N / 4 cables.
  auto fabric = grid<HyperX>({4, 6}, 12);
  fabric.cables = {2, 1};
  const FabricMetrics m = metrics(built(fabric, 24 * 12));
  EXPECT_EQ(m.most_degree, 2 * 3 + 5 + 12);
  EXPECT_EQ(m.diameter, 2);
  EXPECT_EQ(cut(fabric, 24 * 12), std::min(2 * 4 * 24 / 4, 1 * 6 * 24 / 4));
  fabric.cables = {1};
  EXPECT_EQ(reason(fabric, 24), "a HyperX of 4 x 6 has 2 dimensions, and cables are given for 1");
}

TEST(Ring, IsCutAtTwoPlaces) {
  auto ring = of_round_switches<Ring>(16);
  ring.hosts_per_switch = 4;
  EXPECT_EQ(built(ring, 32).switches(), 8);
  EXPECT_EQ(metrics(built(ring, 32)).diameter, 4);
  EXPECT_EQ(cut(ring, 32), 2);
}

TEST(FullyConnected, IsOneHopFromAnySwitchToAnyOther) {
  auto fabric = of_round_switches<FullyConnected>(16);
  fabric.hosts_per_switch = 8;
  EXPECT_EQ(built(fabric, 64).switches(), 8);
  EXPECT_EQ(metrics(built(fabric, 64)).diameter, 1);
  EXPECT_EQ(cut(fabric, 64), 16);  // S^2 / 4
  EXPECT_EQ(reason(fabric, 100),
            "13 fully connected switches: each switch needs 8 ports to hosts and 12 to other "
            "switches, and has 16");
}

TEST(Dragonfly, IsBalancedIfOnlyItsHostsAreGiven) {
  // [Kim2008, fig. 5]: p = h = 2, a = 4, g = 9: 36 routers of 7 ports, 72 hosts.
  const FabricGraph graph = built(dragonfly(2), 72);
  EXPECT_EQ(graph.switches(), 36);
  EXPECT_EQ(metrics(graph).most_degree, 7);
  EXPECT_EQ(metrics(graph).diameter, 3);
  // 72 hosts, 9 x 6 in groups, 36 between them.
  EXPECT_EQ(graph.cables().size(), 72U + 54 + 36);
  EXPECT_EQ(reason(dragonfly(2, 0, 0, 10), 8),
            "a dragonfly of groups with 8 cables to others has at most 9 groups, not 10");
}

TEST(Dragonfly, SpreadsItsGlobalCablesOverTheGroupsThereAre) {
  // 2 groups of 4 x 2 global cables: all 8 between the two. 5 groups: 8 / 4 = 2 between any two.
  EXPECT_EQ(cut(dragonfly(2, 4, 2, 2), 16), 8);
  const FabricGraph graph = built(dragonfly(2, 4, 2, 5), 40);
  EXPECT_EQ(graph.cables().size(), 40U + 5 * 6 + 10 * 2);
  EXPECT_EQ(metrics(graph).most_degree, 2 + 3 + 2);
  EXPECT_EQ(metrics(graph).least_degree, 2 + 3 + 2);
}

TEST(Dragonfly, IsCutBetweenItsGroups) {
  // 4 groups with 12 / 3 = 4 cables between any two: 2 x 2 pairs are parted.
  EXPECT_EQ(cut(dragonfly(2, 6, 2, 4), 48), 16);
}

TEST(Dragonfly, TakesTheChassisOfACrayGroup) {
  // [CrayXC2012]: 6 chassis of 16 routers: 15 cables in the chassis, 5 x 3 to the other chassis.
  auto cray = dragonfly(4, 96, 10, 2);
  cray.chassis = 6;
  cray.chassis_cables = 3;
  cray.most_between_groups = 30;
  const FabricGraph graph = built(cray, 2 * 384);
  EXPECT_EQ(graph.cables().size(), 768U + 2 * (6 * 120 + 16 * 15 * 3) + 30);
  EXPECT_EQ(metrics(graph).diameter, 5);
  cray.chassis = 5;
  EXPECT_EQ(reason(cray, 10), "a group of 96 routers cannot be of 5 equal chassis");
}

FatTree three_levels(int ports) {
  auto tree = of_round_switches<FatTree>(ports);
  tree.levels = 3;
  return tree;
}

TEST(FatTree, HasTheSizesOfAThreeLevelTree) {
  // [Leiserson1985] of k-port switches: k^3 / 4 hosts, 5 k^2 / 4 switches.
  const FabricGraph graph = built(three_levels(8), 128);
  EXPECT_EQ(graph.switches(), 80);
  EXPECT_EQ(metrics(graph).diameter, 4);
  EXPECT_EQ(metrics(graph).most_degree, 8);
  EXPECT_EQ(graph.cables().size(), 3U * 128);
  EXPECT_EQ(cut(three_levels(8), 128), 64);
  EXPECT_EQ(reason(three_levels(8), 129),
            "a three-level fat tree of 8-port switches with taper 1 holds at most 128 hosts, not "
            "129");
  // [IntelEdge48]: 27,648 hosts on three tiers of 48-port switches.
  EXPECT_TRUE(std::holds_alternative<Wiring>(wired(Topology(three_levels(48)), 27648)));
}

TEST(FatTree, TapersAThreeLevelTreeAtEitherLevel) {
  auto tree = three_levels(12);
  tree.taper = 2;  // 8 down, 4 up
  tree.middle_taper = 2;
  // 2 pods of 8 edges of 8 hosts. 4 middle switches of 4 uplinks a pod: 16 uplinks of 64 hosts.
  EXPECT_EQ(cut(tree, 128), 16);
  tree.middle_taper = 1;  // 6 down, 6 up
  // 3 pods of 6 edges: 144 hosts; half of them is one pod and half of another, whose 3 edges have
  // 3 x 4 uplinks: 4 x 6 of the whole pod and 12.
  EXPECT_EQ(cut(tree, 144), 36);
}

TEST(FatTree, TakesSpinesInTurnWhereTheyDoNotShareTheUplinksEvenly) {
  auto tree = tests::fat_tree(8, 1);  // 4 down, 4 up
  tree.spines = 3;
  const FabricGraph graph = built(tree, 24);  // 6 edges x 4 = 24 cables, 8 on each spine
  EXPECT_EQ(graph.switches(), 9);
  EXPECT_EQ(metrics(graph).most_degree, 8);
  EXPECT_EQ(reason(tree, 25),
            "a two-level fat tree of 8-port switches with taper 1 holds at most 24 hosts, not 25");
}

FatTree under_directors(int taper) {
  auto tree = tests::fat_tree(8, taper);
  Director director{.chip = {"", tests::round_switch(8)},
                    .leaves = 6,
                    .ports_per_leaf = 4,
                    .spines = 4,
                    .price = Figure<Usd>::exact(Usd(20000)),
                    .power = Figure<Watts>::exact(Watts(3000)),
                    .source = ""};
  tree.director = Part<Director>{"", director};
  return tree;
}

TEST(FatTree, BuildsItsSpinesOfDirectorsAndTheirChips) {
  // 8 edges of 4 hosts with 4 uplinks: 32 cables, 2 directors of 24 ports with 2 from each edge.
  const auto tree = under_directors(1);
  const FabricGraph graph = built(tree, 32);
  EXPECT_EQ(graph.switches(), 8 + 2 * 10);
  // Up to 5 switches on the way: edge, leaf, spine, leaf, edge.
  EXPECT_EQ(metrics(graph).diameter, 4);
  const BillOfMaterials bill = bill_of_materials(tree, 32);
  EXPECT_EQ(bill.switches, 8 + 2);
  EXPECT_EQ(bill.directors, 2);
  EXPECT_EQ(bill.chips, 28);
  EXPECT_EQ(bill.switch_cables, 32);  // not the 2 x 24 wires inside
  EXPECT_DOUBLE_EQ(bill.price.value.value(), 8 * 1000 + 2 * 20000 + 32 * 10 + 32 * 50);
  EXPECT_EQ(cut(tree, 32), 16);
}

std::string named(char letter, int number) {
  std::string name(1, letter);
  return name += std::to_string(number);
}

EdgeList two_fully_connected_groups() {
  auto list = of_round_switches<EdgeList>(8);
  CableList cables;
  for (int s = 0; s < 8; ++s) {
    list.switches.push_back(named('s', s));
    cables.ends.push_back({named('h', s), named('s', s)});
    if (s < 4) cables.ends.push_back({named('s', s), named('s', s + 4)});
    for (int other = s + 1; other % 4 != 0; ++other) {
      cables.ends.push_back({named('s', s), named('s', other)});
    }
  }
  list.cables = {cables};
  return list;
}

TEST(EdgeList, IsWiredCableByCable) {
  const auto list = two_fully_connected_groups();
  const FabricGraph graph = built(list, 8);
  EXPECT_EQ(graph.cables().size(), 8U + 2 * 6 + 4);
  EXPECT_EQ(metrics(graph).diameter, 2);
  EXPECT_EQ(cut(list, 8), 4);
  EXPECT_EQ(reason(list, 9), "8 hosts are in the list of cables, not 9");
}

TEST(EdgeList, SaysWhatIsWrongWithItsCables) {
  auto list = two_fully_connected_groups();
  const auto with = [&](CableEnds ends) {
    EdgeList more = list;
    more.cables.push_back({.ends = {std::move(ends)}});
    return reason(more, 8);
  };
  EXPECT_EQ(with({"h1", "h2"}),
            "the cable \"h1 h2\" joins two hosts: neither is among the switches");
  EXPECT_EQ(with({"s1", "s1"}), "a cable joins s1 to itself");
  EXPECT_EQ(with({"h1", "s1", 7}), "the switch s1 has more cables than its 8 ports");
  list.switches.emplace_back("s3");
  EXPECT_EQ(reason(list, 8), "the switch s3 is listed twice");
}

TEST(Topologies, RefuseWhatNobodyBuilds) {
  EXPECT_EQ(reason(grid<Torus>({1000, 1000, 1000}), 8),
            "a torus of 1000 x 1000 x 1000: a fabric of more than 1000000 switches or 20000000 "
            "cables");
  EXPECT_EQ(reason(grid<Torus>({4, 4}), 17),
            "a torus of 4 x 4 with 1 host on each switch holds at most 16 hosts, not 17");
  EXPECT_EQ(reason(grid<SwitchMesh>({3, 3}, 64), 17),
            "a mesh of 3 x 3: each switch needs 64 ports to hosts and 4 to other switches, and has "
            "64");
  Topology tree = tests::fat_tree(8);
  std::get<FatTree>(tree).routing = RoutingMethod::DimensionOrder;
  EXPECT_EQ(reason(tree, 8),
            "dimension-order routing needs dimensions: a torus, mesh, ring, hypercube or HyperX");
  std::get<FatTree>(tree).hosts = 7;
  EXPECT_EQ(reason(tree, 8), "the system's fabric has 7 hosts, not 8");
}

}  // namespace
}  // namespace omniphi::hw
