#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hw/fabric/routing.h"

namespace omniphi::hw {

/// The virtual lane of each arc of a route, by the rule. Cables of hosts count as lane 0: a host
/// takes in what arrives.
std::vector<int> virtual_lanes(const FabricGraph& graph,
                               const RoutingRules& rules,
                               std::span<const ArcId> route);

struct DeadlockCheck {
  int lanes = 1;         // that the routes use
  bool free = true;      // whether they can wait for each other in no cycle
  bool complete = true;  // false if there were too many routes to follow them all
};

/// Whether routes are free of deadlock: they are if the channel dependency graph has no cycle, in
/// which each lane of each arc is a vertex and an edge leads from one to the next that some route
/// takes after it [DallySeitz1987]. Follows the routes from one host of each switch to all hosts,
/// of adaptive routing all that it may choose, but not more than `most_routes`.
DeadlockCheck check_deadlock(const FabricGraph& graph,
                             const Routing& routing,
                             std::int64_t most_routes = 5'000'000);

}  // namespace omniphi::hw
