#pragma once

#include "hw/fabric/graph.h"

namespace omniphi::hw {

/// What a graph is like, in the terms of textbooks [Dally2004, ch. 3]: hops are cables between
/// switches, on the shortest way between the switches that two hosts are joined to (by their first
/// cables).
struct FabricMetrics {
  int least_degree = 0;  // cables of the switch with the fewest, to hosts too
  int most_degree = 0;
  int diameter = 0;      // most hops between two hosts
  double mean_hops = 0;  // over all pairs of different hosts
};

/// Pairs without a path are left out.
FabricMetrics metrics(const FabricGraph& graph);

}  // namespace omniphi::hw
