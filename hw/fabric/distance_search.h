#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/property_map/function_property_map.hpp>

#include "hw/fabric/adjacency.h"

/// Only this folder's sources include this header, so that Boost stays out of everybody else's.
namespace omniphi::hw {

/// Distances of all vertices from one switch, in hops. Hosts do not forward, so they are coloured
/// as done before the search starts and keep the distance kFar.
class DistanceSearch {
 public:
  static constexpr int kFar = std::numeric_limits<int>::max();

  /// `hops`: how many each arc counts for, both ways the same; empty: one.
  explicit DistanceSearch(const FabricGraph& fabric, std::vector<int> hops = {})
      : fabric_(fabric),
        hops_(std::move(hops)),
        distance_(fabric.vertices()),
        colour_(fabric.vertices()) {}

  [[nodiscard]] int hops(ArcId arc) const { return hops_.empty() ? 1 : hops_[arc.index()]; }

  const std::vector<int>& from(VertexId source) {
    using Colour = boost::color_traits<boost::default_color_type>;
    std::fill(distance_.begin(), distance_.end(), kFar);
    std::fill(colour_.begin(), colour_.begin() + fabric_.hosts(), Colour::black());
    std::fill(colour_.begin() + fabric_.hosts(), colour_.end(), Colour::white());
    distance_[source.index()] = 0;
    if (hops_.empty()) {
      search_in_breadth(static_cast<std::uint32_t>(source.index()));
    } else {
      search_by_hops(static_cast<std::uint32_t>(source.index()));
    }
    return distance_;
  }

 private:
  void search_in_breadth(std::uint32_t source) {
    const auto record = boost::record_distances(distance_.data(), boost::on_tree_edge());
    boost::breadth_first_visit(
        fabric_.adjacency().graph,
        source,
        boost::visitor(boost::make_bfs_visitor(record)).color_map(colour_.data()));
  }

  void search_by_hops(std::uint32_t source) {
    const Adjacency::Graph& graph = fabric_.adjacency().graph;
    const auto hops_of = [&](const Adjacency::Graph::edge_descriptor& edge) {
      return hops(graph[edge]);
    };
    const auto index = boost::get(boost::vertex_index, graph);
    boost::dijkstra_shortest_paths_no_init(
        graph,
        source,
        boost::dummy_property_map(),
        boost::make_iterator_property_map(distance_.begin(), index),
        boost::make_function_property_map<Adjacency::Graph::edge_descriptor, int>(hops_of),
        index,
        std::less<>(),
        std::plus<>(),
        0,
        boost::dijkstra_visitor<>(),
        boost::make_iterator_property_map(colour_.begin(), index));
  }

  const FabricGraph& fabric_;
  std::vector<int> hops_;
  std::vector<int> distance_;
  std::vector<boost::default_color_type> colour_;
};

}  // namespace omniphi::hw
