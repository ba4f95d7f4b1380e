#include "hw/fabric/routing.h"

#include <algorithm>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

using tests::built;
using tests::fat_tree;

std::vector<ArcId> routed(const Routing& routing, int from, int to, int rail = 0) {
  std::vector<ArcId> out;
  routing.route(HostId(from), HostId(to), out, rail);
  return out;
}

/// Whether the arcs join end to end from one host to the other.
bool is_path(const FabricGraph& graph, const std::vector<ArcId>& arcs, int from, int to) {
  VertexId at = graph.vertex(HostId(from));
  for (const ArcId arc : arcs) {
    if (graph.tail(arc) != at) return false;
    at = graph.head(arc);
  }
  return at == graph.vertex(HostId(to));
}

/// Routes on each arc if every host i sends to host i + shift.
std::vector<int> shift_loads(const FabricGraph& graph, const Routing& routing, int shift) {
  std::vector<int> loads(graph.arcs());
  for (int host = 0; host < graph.hosts(); ++host) {
    for (const ArcId arc : routed(routing, host, (host + shift) % graph.hosts()))
      ++loads[arc.index()];
  }
  return loads;
}

/// Three levels of 4-port switches [Leiserson1985]: 4 pods of 2 edge and 2 middle switches, 4
/// cores, 16 hosts.
FabricGraph three_level_tree() {
  std::vector<FabricGraph::Cable> cables;
  const auto add = [&](int a, int b) { cables.push_back({VertexId(a), VertexId(b)}); };
  for (int host = 0; host < 16; ++host) add(host, 16 + host / 2);
  for (int edge = 0; edge < 8; ++edge) {
    for (int i = 0; i < 2; ++i) add(16 + edge, 24 + edge / 2 * 2 + i);
  }
  for (int middle = 0; middle < 8; ++middle) {
    for (int i = 0; i < 2; ++i) add(24 + middle, 32 + middle % 2 * 2 + i);
  }
  return {16, std::vector<Seconds>(20, Seconds(100e-9)), {tests::round_link()}, cables};
}

TEST(Routing, LeadsFromAnyHostToAnyOtherByTheShortestWay) {
  const FabricGraph graph = built(fat_tree(6, 2), 12);
  const Routing routing(graph);
  for (int from = 0; from < 12; ++from) {
    for (int to = 0; to < 12; ++to) {
      const auto arcs = routed(routing, from, to);
      EXPECT_TRUE(is_path(graph, arcs, from, to)) << from << " to " << to;
      // Four hosts an edge switch: one switch between neighbours, else edge, spine, edge.
      const std::size_t hops = from == to ? 0 : (from / 4 == to / 4 ? 2 : 4);
      EXPECT_EQ(arcs.size(), hops) << from << " to " << to;
    }
  }
}

TEST(Routing, TakesAnyWiringNotOnlyTwoLevels) {
  const FabricGraph graph = three_level_tree();
  const Routing routing(graph);
  EXPECT_EQ(routed(routing, 0, 1).size(), 2U);
  EXPECT_EQ(routed(routing, 0, 3).size(), 4U);
  EXPECT_EQ(routed(routing, 0, 15).size(), 6U);
  EXPECT_TRUE(is_path(graph, routed(routing, 0, 15), 0, 15));
}

TEST(Routing, DependsOnTheDestinationAlone) {
  const FabricGraph graph = built(fat_tree(48, 1), 96);
  const Routing routing(graph);
  // Uplink 30 mod 24 = 6 of the first edge switch: after 96 host cables, cable 96 + 6.
  EXPECT_EQ(routed(routing, 0, 30)[1], ArcId(2 * (96 + 6)));
  EXPECT_EQ(routed(routing, 5, 30)[1], ArcId(2 * (96 + 6)));
  EXPECT_EQ(routed(routing, 0, 31)[1], ArcId(2 * (96 + 7)));
}

TEST(Routing, LetsNoTwoFlowsOfAShiftMeetOnAFullFatTree) {
  // The property d-mod-k is made for [Zahavi2010].
  const FabricGraph graph = built(fat_tree(48, 1), 96);
  const Routing routing(graph);
  for (int shift = 1; shift < 96; ++shift) {
    EXPECT_EQ(std::ranges::max(shift_loads(graph, routing, shift)), 1) << "shift " << shift;
  }
}

TEST(Routing, SharesTaperedUplinksEvenly) {
  // All 32 hosts of an edge switch send through its 16 uplinks, and back down as many: two on each
  // arc.
  const FabricGraph graph = built(fat_tree(48, 2), 128);
  const auto loads = shift_loads(graph, Routing(graph), 32);
  for (std::size_t arc = 0; arc < graph.arcs(); ++arc) {
    const bool at_host = graph.is_host_cable(graph.cables()[arc / 2]);
    EXPECT_EQ(loads[arc], at_host ? 1 : 2) << "arc " << arc;
  }
}

TEST(Routing, KeepsRailsApart) {
  const FabricGraph graph = built(fat_tree(8, 1, 2), 4);
  const Routing routing(graph);
  EXPECT_EQ(routing.rails(), 2);
  const auto first = routed(routing, 0, 3, 0);
  const auto second = routed(routing, 0, 3, 1);
  EXPECT_TRUE(is_path(graph, first, 0, 3));
  EXPECT_TRUE(is_path(graph, second, 0, 3));
  for (const ArcId arc : first) EXPECT_EQ(std::ranges::count(second, arc), 0);
}

FabricGraph two_hosts(int switches, const std::vector<FabricGraph::Cable>& cables) {
  return {2, std::vector<Seconds>(switches, Seconds(100e-9)), {tests::round_link()}, cables};
}

std::string fault(int switches, const std::vector<FabricGraph::Cable>& cables) {
  const auto outcome = routed(two_hosts(switches, cables));
  const auto* infeasible = std::get_if<Infeasible>(&outcome);
  return infeasible ? infeasible->reason : "";
}

constexpr VertexId kA(0);
constexpr VertexId kB(1);
constexpr VertexId kS(2);
constexpr VertexId kT(3);

TEST(Routing, RefusesWiringItCannotServe) {
  EXPECT_EQ(fault(2, {{kA, kS}, {kB, kT}}), "no path from switch 1 to switch 0");
  EXPECT_EQ(fault(1, {{kA, kS}}), "host 1 has no cable");
  EXPECT_THROW(Routing(two_hosts(1, {{kA, kS}})), std::invalid_argument);
}

TEST(Routing, GivesEachRailTheSwitchItIsJoinedTo) {
  // Two planes that no cable joins: rail 0 at one switch, rail 1 at the other.
  const FabricGraph graph = two_hosts(2, {{kA, kS}, {kA, kT}, {kB, kS}, {kB, kT}});
  const Routing routing(graph);
  EXPECT_EQ(routing.rails(), 2);
  EXPECT_EQ(graph.head(routed(routing, 0, 1, 0).front()), kS);
  EXPECT_EQ(graph.head(routed(routing, 0, 1, 1).front()), kT);
}

TEST(Routing, UsesAsManyRailsAsTheHostWithTheFewest) {
  const Routing routing(two_hosts(1, {{kA, kS}, {kA, kS}, {kB, kS}}));
  EXPECT_EQ(routing.rails(), 1);
}

TEST(Routing, SpreadsEachLevelOfAThreeLevelTree) {
  // d-mod-k: every shift leaves each arc at most one flow, on upper levels too [Zahavi2010]. With
  // the same choice at each level, destination mod 2, half of the cores would have no traffic.
  const FabricGraph graph = three_level_tree();
  const Routing routing(graph);
  for (int shift = 1; shift < 16; ++shift) {
    EXPECT_EQ(std::ranges::max(shift_loads(graph, routing, shift)), 1) << "shift " << shift;
  }
}

TEST(Routing, LoadsASmallTreeAsWorkedByHand) {
  // 4-port switches, 2 hosts and 2 uplinks an edge, all 4 hosts to all others: from edge 0 go
  // 2 x 2 messages up, destinations 2 and 3, of which 2 mod 2 = 0 takes uplink 0 and 3 uplink 1.
  const FabricGraph graph = built(fat_tree(4, 1), 4);
  const Routing routing(graph);
  std::vector<int> loads(graph.arcs());
  for (int shift = 1; shift < 4; ++shift) {
    const auto some = shift_loads(graph, routing, shift);
    for (std::size_t arc = 0; arc < loads.size(); ++arc) loads[arc] += some[arc];
  }
  for (std::size_t arc = 0; arc < graph.arcs(); ++arc) {
    EXPECT_EQ(loads[arc], graph.is_host_cable(graph.cables()[arc / 2]) ? 3 : 2) << "arc " << arc;
  }
}

TEST(Routing, DispersesEachPairOverItsPaths) {
  const FabricGraph graph = built(fat_tree(48, 1), 96);
  const Routing routing(graph, {.paths = 4});
  EXPECT_EQ(routing.ways(), 4);
  // Host 30 has the ports 120 to 123: uplinks 0 to 3 of 24, after 96 host cables.
  for (int path = 0; path < 4; ++path) {
    EXPECT_EQ(routed(routing, 0, 30, path)[1], ArcId(2 * (96 + path)));
  }
}

TEST(Routing, AvoidsLoadedArcsOnlyIfAdaptive) {
  const FabricGraph graph = built(fat_tree(48, 1), 96);
  std::vector<double> loads(graph.arcs());
  const ArcId usual(2 * (96 + 6));  // uplink 30 mod 24
  loads[usual.index()] = 1;
  const auto first_up = [&](RoutingMethod method) {
    std::vector<ArcId> out;
    Routing(graph, {.method = method}).route(HostId(0), HostId(30), out, 0, loads);
    return out[1];
  };
  EXPECT_EQ(first_up(RoutingMethod::Shortest), usual);
  EXPECT_EQ(first_up(RoutingMethod::AdaptiveShortest), ArcId(2 * (96 + 7)));
}

}  // namespace
}  // namespace omniphi::hw
