#pragma once

#include <array>
#include <cstdint>

#include "hw/base/parameters.h"

namespace omniphi::hw {

/// How routes are chosen. Between two switches there may be several shortest ways; all methods
/// leave the choice of hosts' own cables alone.
enum class RoutingMethod { Usual, Shortest, DimensionOrder, AdaptiveShortest, Valiant, Ugal };

constexpr auto choices(RoutingMethod) {
  using M = RoutingMethod;
  return std::array{
      Choice<M>{"usual", M::Usual, "what the topology has by default, static"},
      Choice<M>{"shortest",
                M::Shortest,
                "shortest ways, spread by destination: on a fat tree d-mod-k, on a dragonfly "
                "minimal routes"},
      Choice<M>{"dimension-order",
                M::DimensionOrder,
                "shortest ways that finish one dimension before the next"},
      Choice<M>{"adaptive",
                M::AdaptiveShortest,
                "at each switch the least loaded of the arcs that begin a shortest way"},
      Choice<M>{"valiant", M::Valiant, "by way of a switch or group taken at random"},
      Choice<M>{"ugal", M::Ugal, "the shortest way, or Valiant's where that one is less loaded"},
  };
}

/// How routes change virtual lanes, so that buffers that wait for each other form no cycle.
enum class LaneRule {
  Single,    // one lane: trees
  Dateline,  // a second lane within a ring from where it closes on [DallySeitz1987]
  Group,     // one lane more after each cable between groups [Kim2008]
  Hop        // one lane more with each hop between switches: for any graph [Guenther1981]
};

struct RoutingRules {
  RoutingMethod method = RoutingMethod::Shortest;
  bool dimension_order = false;  // shortest ways only in the order of dimensions
  int paths = 1;                 // routes that the messages of a pair are spread over
  std::int64_t seed = 1;         // of what is taken at random
  int switches_per_group = 1;    // Valiant's intermediate stops are groups of this many switches
  LaneRule lanes = LaneRule::Hop;
};

}  // namespace omniphi::hw
