#include "hw/fabric/deadlock.h"

#include <gtest/gtest.h>

#include "hw/fabric/topology/topology.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

using tests::built;
using tests::of_round_switches;

DeadlockCheck checked(const Topology& topology, int hosts) {
  const FabricGraph graph = built(topology, hosts);
  return check_deadlock(graph, Routing(graph, routing_rules(topology)));
}

template <class Kind>
Kind grid(std::vector<int> dimensions, RoutingMethod method = RoutingMethod::Usual) {
  auto kind = of_round_switches<Kind>(32);
  kind.dimensions = std::move(dimensions);
  kind.routing = method;
  return kind;
}

Dragonfly dragonfly(RoutingMethod method) {
  auto kind = of_round_switches<Dragonfly>(32);
  kind.hosts_per_router = 1;
  kind.groups = 3;
  kind.routing = method;
  return kind;
}

void expect_free(const DeadlockCheck& check, int lanes) {
  EXPECT_TRUE(check.free);
  EXPECT_TRUE(check.complete);
  EXPECT_EQ(check.lanes, lanes);
}

TEST(Deadlock, CannotHappenOnOneLaneOfATree) {
  expect_free(checked(tests::fat_tree(8, 1), 32), 1);
  auto tree = tests::fat_tree(8, 1);
  tree.routing = RoutingMethod::AdaptiveShortest;
  expect_free(checked(tree, 32), 1);
  tree.levels = 3;
  expect_free(checked(tree, 64), 1);
}

TEST(Deadlock, CannotHappenWhereAWayOverAnotherEdgeSwitchIsAsShort) {
  // Edge switches take the ports of 2 directors in turn, 3 uplinks each, so that neighbours share
  // some of the directors' leaves and not others.
  auto tree = tests::fat_tree(6, 1);
  tree.spines = 2;
  tree.director = Part<Director>{"",
                                 {.chip = {"", tests::round_switch(6)},
                                  .leaves = 8,
                                  .ports_per_leaf = 2,
                                  .spines = 3,
                                  .price = {},
                                  .power = {},
                                  .source = ""}};
  expect_free(checked(tree, 30), 1);
}

TEST(Deadlock, IsFoundOnOneLaneOfARing) {
  // As [DallySeitz1987, fig. 1], with a switch more, so that there is one shortest way: every host
  // sends two switches on.
  const auto ring = grid<Torus>({5});
  const FabricGraph graph = built(ring, 5);
  RoutingRules rules = routing_rules(ring);
  rules.lanes = LaneRule::Single;
  EXPECT_FALSE(check_deadlock(graph, Routing(graph, rules)).free);
  rules.lanes = LaneRule::Dateline;
  EXPECT_TRUE(check_deadlock(graph, Routing(graph, rules)).free);
}

TEST(Deadlock, IsAvoidedByTwoLanesOfATorus) {
  expect_free(checked(grid<Torus>({4, 5, 3}), 60), 2);
}

TEST(Deadlock, IsAvoidedByDimensionOrderOnAMesh) {
  expect_free(checked(grid<SwitchMesh>({3, 4}), 12), 1);
  expect_free(checked(of_round_switches<Hypercube>(32), 16), 1);
  expect_free(checked(grid<HyperX>({3, 4}), 12), 1);
  // In any order of dimensions one lane would not do: each hop takes the next.
  expect_free(checked(grid<SwitchMesh>({3, 4}, RoutingMethod::AdaptiveShortest), 12), 5);
}

TEST(Deadlock, IsAvoidedByOneLaneMoreAfterEachGlobalCableOfADragonfly) {
  // [Kim2008, sec. 3.1]: two lanes for minimal routes, three for Valiant's.
  expect_free(checked(dragonfly(RoutingMethod::Usual), 6), 2);
  expect_free(checked(dragonfly(RoutingMethod::Valiant), 6), 3);
  expect_free(checked(dragonfly(RoutingMethod::Ugal), 6), 3);
}

TEST(Deadlock, IsAvoidedInTheGroupsOfACray) {
  auto cray = dragonfly(RoutingMethod::Ugal);
  cray.routers_per_group = 6;
  cray.chassis = 2;
  cray.global_cables = 1;
  expect_free(checked(cray, 18), 3);
}

TEST(Deadlock, SaysIfThereWereTooManyRoutesToFollow) {
  const auto tree = tests::fat_tree(8, 1);
  const FabricGraph graph = built(tree, 32);
  EXPECT_FALSE(check_deadlock(graph, Routing(graph), 10).complete);
}

}  // namespace
}  // namespace omniphi::hw
