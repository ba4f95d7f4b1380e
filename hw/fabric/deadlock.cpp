#include "hw/fabric/deadlock.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include <boost/graph/strong_components.hpp>

#include "hw/fabric/adjacency.h"

namespace omniphi::hw {

namespace {

class LaneCounter {
 public:
  LaneCounter(const FabricGraph& graph, const RoutingRules& rules) : graph_(graph), rules_(rules) {}

  /// The lane of the next arc between switches.
  int next(ArcId arc) {
    const FabricGraph::Cable& cable = graph_.cables()[arc.index() / 2];
    if (rules_.lanes == LaneRule::Dateline && cable.dimension != dimension_) lane_ = 0;
    dimension_ = cable.dimension;
    const int lane = lane_;
    if (leads_up(arc, cable)) ++lane_;
    return lane;
  }

 private:
  [[nodiscard]] bool leads_up(ArcId arc, const FabricGraph::Cable& cable) const {
    switch (rules_.lanes) {
      case LaneRule::Single:
        return false;
      case LaneRule::Dateline:
        return cable.a > cable.b;  // the cable that closes a ring
      case LaneRule::Group:
        return group(graph_.tail(arc)) != group(graph_.head(arc));
      case LaneRule::Hop:
        return true;
    }
    return true;
  }

  [[nodiscard]] std::size_t group(VertexId v) const {
    return (v.index() - graph_.hosts()) / rules_.switches_per_group;
  }

  const FabricGraph& graph_;
  const RoutingRules& rules_;
  int lane_ = 0;
  std::uint32_t dimension_ = 0;
};

/// The channel dependency graph while it grows.
class Dependencies {
 public:
  Dependencies(const FabricGraph& graph, const RoutingRules& rules)
      : graph_(graph), rules_(rules) {}

  void add(std::span<const ArcId> route) {
    const std::vector<int> lanes = virtual_lanes(graph_, rules_, route);
    for (std::size_t i = 1; i + 1 < route.size(); ++i) {
      lanes_ = std::max(lanes_, lanes[i] + 1);
      if (i == 1) continue;
      const std::uint64_t before = channel(route[i - 1], lanes[i - 1]);
      edges_.insert(before << 32 | channel(route[i], lanes[i]));
    }
  }

  [[nodiscard]] int lanes() const { return lanes_; }

  [[nodiscard]] bool has_cycle() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
    ends.reserve(edges_.size());
    for (const std::uint64_t edge : edges_) {
      ends.emplace_back(static_cast<std::uint32_t>(edge >> 32), static_cast<std::uint32_t>(edge));
    }
    std::sort(ends.begin(), ends.end());
    const std::size_t channels = graph_.arcs() * kMostLanes;
    using Graph = boost::compressed_sparse_row_graph<boost::directedS,
                                                     boost::no_property,
                                                     boost::no_property,
                                                     boost::no_property,
                                                     std::uint32_t,
                                                     std::uint32_t>;
    const Graph graph(
        boost::edges_are_sorted, ends.begin(), ends.end(), static_cast<std::uint32_t>(channels));
    // No channel waits for itself, so that every strong component is a single vertex if and only
    // if there is no cycle.
    std::vector<std::uint32_t> component(channels);
    return boost::strong_components(graph, component.data()) < channels;
  }

 private:
  static constexpr std::uint32_t kMostLanes = 64;

  static std::uint64_t channel(ArcId arc, int lane) {
    return arc.index() * kMostLanes + std::min<std::uint32_t>(lane, kMostLanes - 1);
  }

  const FabricGraph& graph_;
  const RoutingRules& rules_;
  int lanes_ = 1;
  std::unordered_set<std::uint64_t> edges_;
};

/// Feeds all routes that there may be to the dependency graph.
class RouteFollower {
 public:
  RouteFollower(const FabricGraph& graph, const Routing& routing, std::int64_t most_routes)
      : graph_(graph), routing_(routing), left_(most_routes), out_(graph, routing.rules()) {}

  /// False if there were too many.
  bool follow_all() {
    const std::vector<HostId> sources = hosts_of_distinct_switches();
    for (const HostId source : sources) {
      for (int host = 0; host < graph_.hosts(); ++host) {
        for (int way = 0; way < routing_.ways() && HostId(host) != source; ++way) {
          follow(source, HostId(host), way);
          if (left_ < 0) return false;
        }
      }
    }
    return true;
  }

  [[nodiscard]] const Dependencies& dependencies() const { return out_; }

 private:
  [[nodiscard]] std::vector<HostId> hosts_of_distinct_switches() const {
    std::vector<HostId> hosts;
    std::vector<bool> seen(graph_.vertices());
    for (const FabricGraph::Cable& cable : graph_.cables()) {
      if (!graph_.is_host_cable(cable)) continue;
      const auto [host, at] = std::minmax(cable.a, cable.b);
      if (!seen[at.index()]) hosts.emplace_back(static_cast<std::int64_t>(host.index()));
      seen[at.index()] = true;
    }
    return hosts;
  }

  void follow(HostId source, HostId destination, int way) {
    const RoutingMethod method = routing_.rules().method;
    if (method == RoutingMethod::AdaptiveShortest || method == RoutingMethod::Ugal) {
      const auto most = static_cast<std::size_t>(std::max<std::int64_t>(left_, 1));
      for (const auto& route : routing_.shortest_routes(source, destination, most, way)) add(route);
    } else {
      routing_.route(source, destination, route_, way);
      add(route_);
    }
    if (method != RoutingMethod::Valiant && method != RoutingMethod::Ugal) return;
    for (std::size_t leaf = 0; leaf < routing_.leaves() && left_ >= 0; ++leaf) {
      routing_.detour(source, destination, leaf, route_, way);
      add(route_);
    }
  }

  void add(std::span<const ArcId> route) {
    --left_;
    out_.add(route);
  }

  const FabricGraph& graph_;
  const Routing& routing_;
  std::int64_t left_;
  Dependencies out_;
  std::vector<ArcId> route_;
};

}  // namespace

std::vector<int> virtual_lanes(const FabricGraph& graph,
                               const RoutingRules& rules,
                               std::span<const ArcId> route) {
  LaneCounter counter(graph, rules);
  std::vector<int> lanes(route.size());
  for (std::size_t i = 1; i + 1 < route.size(); ++i) lanes[i] = counter.next(route[i]);
  return lanes;
}

DeadlockCheck check_deadlock(const FabricGraph& graph,
                             const Routing& routing,
                             std::int64_t most_routes) {
  RouteFollower follower(graph, routing, most_routes);
  DeadlockCheck out;
  out.complete = follower.follow_all();
  out.lanes = follower.dependencies().lanes();
  out.free = !follower.dependencies().has_cycle();
  return out;
}

}  // namespace omniphi::hw
