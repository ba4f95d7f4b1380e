#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include <boost/graph/breadth_first_search.hpp>

#include "hw/fabric/adjacency.h"

/// Only this folder's sources include this header, so that Boost stays out of everybody else's.
namespace omniphi::hw {

/// Distances in hops of all vertices from one switch. Hosts do not forward, so they are coloured as
/// done before the search starts and keep the distance kFar.
class DistanceSearch {
 public:
  static constexpr int kFar = std::numeric_limits<int>::max();

  explicit DistanceSearch(const FabricGraph& fabric)
      : fabric_(fabric), distance_(fabric.vertices()), colour_(fabric.vertices()) {}

  const std::vector<int>& from(VertexId source) {
    using Colour = boost::color_traits<boost::default_color_type>;
    std::fill(distance_.begin(), distance_.end(), kFar);
    std::fill(colour_.begin(), colour_.begin() + fabric_.hosts(), Colour::black());
    std::fill(colour_.begin() + fabric_.hosts(), colour_.end(), Colour::white());
    distance_[source.index()] = 0;
    const auto record = boost::record_distances(distance_.data(), boost::on_tree_edge());
    boost::breadth_first_visit(
        fabric_.adjacency().graph,
        static_cast<std::uint32_t>(source.index()),
        boost::visitor(boost::make_bfs_visitor(record)).color_map(colour_.data()));
    return distance_;
  }

 private:
  const FabricGraph& fabric_;
  std::vector<int> distance_;
  std::vector<boost::default_color_type> colour_;
};

}  // namespace omniphi::hw
