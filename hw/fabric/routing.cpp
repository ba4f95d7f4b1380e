#include "hw/fabric/routing.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <boost/graph/breadth_first_search.hpp>
#include <fmt/format.h>

#include "hw/fabric/adjacency.h"

namespace omniphi::hw {

namespace {

constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
constexpr int kFar = std::numeric_limits<int>::max();

/// Distances in hops of all vertices from one switch. Hosts do not forward, so they are coloured as
/// done before the search starts and keep the distance kFar.
class DistanceSearch {
 public:
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

}  // namespace

Routing::Routing(const FabricGraph& graph) {
  attach_hosts(graph);
  number_leaves(graph);
  fill_tables(graph);
}

void Routing::attach_hosts(const FabricGraph& graph) {
  const Adjacency::Graph& adjacency = graph.adjacency().graph;
  for (int host = 0; host < graph.hosts(); ++host) {
    const auto [begin, end] = boost::out_edges(static_cast<std::uint32_t>(host), adjacency);
    const int cables = static_cast<int>(end - begin);
    if (host == 0) rails_ = cables;
    if (cables == 0 || cables != rails_) {
      throw std::invalid_argument(
          fmt::format("host {} has {} cables and host 0 has {}", host, cables, rails_));
    }
    const VertexId to = graph.head(adjacency[*begin]);
    host_switch_.push_back(static_cast<std::uint32_t>(to.index() - graph.hosts()));
    for (auto edge = begin; edge != end; ++edge) {
      up_.push_back(adjacency[*edge]);
      if (graph.head(up_.back()) != to) {
        throw std::invalid_argument(
            fmt::format("the cables of host {} go to several switches", host));
      }
    }
  }
}

void Routing::number_leaves(const FabricGraph& graph) {
  leaf_.assign(graph.switches(), kNone);
  for (const std::uint32_t s : host_switch_) {
    if (leaf_[s] != kNone) continue;
    leaf_[s] = static_cast<std::uint32_t>(leaves_.size());
    leaves_.push_back(s);
  }
}

void Routing::fill_tables(const FabricGraph& graph) {
  DistanceSearch search(graph);
  first_.reserve(leaves_.size() * graph.switches() + 1);
  for (const std::uint32_t leaf : leaves_) {
    const std::vector<int>& distance = search.from(graph.vertex(SwitchId(leaf)));
    for (const std::uint32_t other : leaves_) {
      if (distance[graph.vertex(SwitchId(other)).index()] == kFar) {
        throw std::invalid_argument(
            fmt::format("no path from switch {} to switch {}", other, leaf));
      }
    }
    for (int s = 0; s < graph.switches(); ++s) {
      first_.push_back(static_cast<std::uint32_t>(hops_.size()));
      add_hops(graph, graph.vertex(SwitchId(s)).index(), distance);
    }
  }
  first_.push_back(static_cast<std::uint32_t>(hops_.size()));
}

/// The arcs that lead one hop nearer to where `distance` is measured from: every cable has both
/// directions, so that distances to and from are the same.
void Routing::add_hops(const FabricGraph& graph,
                       std::size_t from,
                       const std::vector<int>& distance) {
  const Adjacency::Graph& adjacency = graph.adjacency().graph;
  const auto [begin, end] = boost::out_edges(static_cast<std::uint32_t>(from), adjacency);
  for (auto edge = begin; edge != end; ++edge) {
    const std::size_t to = boost::target(*edge, adjacency);
    if (distance[to] == kFar || distance[to] + 1 != distance[from]) continue;
    hops_.push_back({adjacency[*edge], static_cast<std::uint32_t>(to - graph.hosts())});
  }
}

void Routing::route(HostId source, HostId destination, std::vector<ArcId>& out, int rail) const {
  out.clear();
  if (source == destination) return;
  const std::size_t port = destination.index() * rails_ + rail;
  const std::uint32_t last = host_switch_[destination.index()];
  const std::uint32_t* row = first_.data() + leaf_[last] * leaf_.size();
  out.push_back(up(source, rail));
  for (std::uint32_t at = host_switch_[source.index()]; at != last;) {
    const Hop& hop = hops_[row[at] + port % (row[at + 1] - row[at])];
    out.push_back(hop.arc);
    at = hop.next;
  }
  out.push_back(ArcId(static_cast<std::int64_t>(up(destination, rail).index() ^ 1)));
}

}  // namespace omniphi::hw
