#include "hw/fabric/topology/fat_tree.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

int ports_down(int ports, double taper) {
  // 48 * 1.4 / 2.4 is 28 and must not become 27 for want of a bit in the last place.
  constexpr double kRounding = 1e-9;
  const double down = std::floor(ports * (taper / (1 + taper)) + kRounding);
  return std::min(static_cast<int>(down), ports - 1);
}

/// The smallest number of upper switches that gives each of them equally many of a lower switch's
/// uplinks and no more cables than it has ports; 0 if there is none.
int fewest_upper(std::int64_t lower, int uplinks, int ports) {
  for (int upper = 1; upper <= uplinks; ++upper) {
    if (uplinks % upper == 0 && lower * (uplinks / upper) <= ports) return upper;
  }
  return 0;
}

/// Which upper switch an uplink goes to. Neighbouring uplinks share one: destination mod uplinks
/// then picks, over the destinations of one spine, each of the parallel cables down equally often.
int upper_of(std::int64_t lower, int uplink, int uplinks, int upper) {
  if (uplinks % upper == 0) return uplink / (uplinks / upper);
  return static_cast<int>((lower * uplinks + uplink) % upper);
}

int spine_ports(const FatTree& tree) {
  return tree.director ? tree.director->value.ports() : tree.part->ports;
}

Infeasible too_many_hosts(const FatTree& tree, std::int64_t most, int hosts) {
  const std::string cables =
      tree.ports_per_node == 1 ? "" : fmt::format(" with {} ports each", tree.ports_per_node);
  const std::string spines =
      tree.director ? fmt::format(" under {}-port directors", spine_ports(tree)) : "";
  return {
      fmt::format("a {}-level fat tree of {}-port switches{} with taper {} holds at most {} "
                  "hosts{}, not {}",
                  tree.levels == 2 ? "two" : "three",
                  tree.part->ports,
                  spines,
                  tree.taper,
                  most,
                  cables,
                  hosts)};
}

/// With one cable from each spine to each edge switch there are as many edges as a spine has ports.
Outcome<FatTreeLayout> two_levels(const FatTree& tree, FatTreeLayout out) {
  const int ports = spine_ports(tree);
  const std::int64_t cables = std::int64_t{out.edges} * out.uplinks;
  out.spines = tree.spines > 0 ? tree.spines : fewest_upper(out.edges, out.uplinks, ports);
  const bool fits = out.spines > 0 && (cables - 1) / out.spines + 1 <= ports;
  if (fits) return out;
  const std::int64_t edges =
      tree.spines > 0 ? std::int64_t{tree.spines} * ports / out.uplinks : ports;
  return too_many_hosts(tree, edges * out.hosts_per_edge, out.hosts);
}

Outcome<FatTreeLayout> three_levels(const FatTree& tree, FatTreeLayout out) {
  const int ports = tree.part->ports;
  out.edges_per_pod = ports_down(ports, tree.middle_taper);
  out.pods = (out.edges - 1) / out.edges_per_pod + 1;
  if (out.pods == 1) return out;
  out.middle_uplinks = ports - out.edges_per_pod;
  out.cores_per_middle = fewest_upper(out.pods, out.middle_uplinks, ports);
  if (out.cores_per_middle > 0) return out;
  const std::int64_t most = std::int64_t{ports} * out.edges_per_pod * out.hosts_per_edge;
  return too_many_hosts(tree, most, out.hosts);
}

/// Wires a layout level by level, so that a route that turns back has gone up by rising and comes
/// down by falling cable numbers.
class TreeWiring {
 public:
  TreeWiring(const FatTree& tree, const FatTreeLayout& shape)
      : tree_(tree), shape_(shape), wiring_(shape.hosts, tree.part->link) {
    wiring_.add_switches(shape.edges, tree.part->latency);
    wiring_.join_hosts(shape.hosts_per_edge, tree.ports_per_node);
    up_ = wiring_.add_kind(tree.part->link, CableReach::Long);
    if (shape.pods > 0) {
      add_pods();
    } else if (tree.director) {
      add_directors(tree.director->value);
    } else {
      wiring_.add_switches(shape.spines, tree.part->latency);
      join_levels(0, shape.edges, shape.uplinks, shape.edges, shape.spines);
    }
  }

  Wiring wiring() && { return std::move(wiring_); }

 private:
  /// Joins `count` lower switches from number `lower` on to the upper ones from number `upper` on.
  void join_levels(int lower, int count, int uplinks, int upper, int uppers) {
    for (int i = 0; i < count; ++i) {
      for (int u = 0; u < uplinks; ++u) {
        wiring_.join(wiring_.switch_at(lower + i),
                     wiring_.switch_at(upper + upper_of(i, u, uplinks, uppers)),
                     up_);
      }
    }
  }

  void add_pods() {
    const int middles = shape_.pods * shape_.uplinks;
    const int cores = shape_.uplinks * shape_.cores_per_middle;
    wiring_.add_switches(middles + cores, tree_.part->latency);
    for (int pod = 0; pod < shape_.pods; ++pod) {
      const int first = pod * shape_.edges_per_pod;
      join_levels(first,
                  std::min(shape_.edges_per_pod, shape_.edges - first),
                  shape_.uplinks,
                  shape_.edges + pod * shape_.uplinks,
                  shape_.uplinks);
    }
    for (int middle = 0; middle < middles && cores > 0; ++middle) {
      const int place = middle % shape_.uplinks;
      join_levels(shape_.edges + middle,
                  1,
                  shape_.middle_uplinks,
                  shape_.edges + middles + place * shape_.cores_per_middle,
                  shape_.cores_per_middle);
    }
  }

  void add_directors(const Director& director) {
    std::vector<int> next_port(shape_.spines);
    const auto chip = [&](int d, int i) {
      return wiring_.switch_at(shape_.edges + std::int64_t{d} * director.chips() + i);
    };
    wiring_.directors = shape_.spines;
    wiring_.director_switches = shape_.spines * director.chips();
    wiring_.add_switches(wiring_.director_switches, director.chip->latency);
    for (int edge = 0; edge < shape_.edges; ++edge) {
      for (int u = 0; u < shape_.uplinks; ++u) {
        const int d = upper_of(edge, u, shape_.uplinks, shape_.spines);
        wiring_.join(
            wiring_.switch_at(edge), chip(d, next_port[d]++ / director.ports_per_leaf), up_);
      }
    }
    // The latency of a director is published for the whole: the chips' own, its wires add nothing.
    Link wire = director.chip->link;
    wire.latency = {};
    const std::uint32_t internal = wiring_.add_kind(wire, CableReach::Internal);
    for (int d = 0; d < shape_.spines; ++d) {
      for (int leaf = 0; leaf < director.leaves; ++leaf) {
        for (int spine = 0; spine < director.spines; ++spine) {
          wiring_.join(chip(d, leaf), chip(d, director.leaves + spine), internal, director.wires);
        }
      }
    }
  }

  const FatTree& tree_;
  const FatTreeLayout& shape_;
  Wiring wiring_;
  std::uint32_t up_ = 0;
};

}  // namespace

Outcome<FatTreeLayout> layout(const FatTree& tree, int hosts) {
  const int ports = tree.part->ports;
  const int down = ports_down(ports, tree.taper);
  FatTreeLayout out{.hosts = hosts, .hosts_per_edge = down / tree.ports_per_node};
  if (out.hosts_per_edge == 0) return too_many_hosts(tree, 0, hosts);
  out.edges = (hosts - 1) / out.hosts_per_edge + 1;
  if (out.edges == 1) return out;
  out.uplinks = ports - down;
  return tree.levels == 2 ? two_levels(tree, out) : three_levels(tree, out);
}

Outcome<Wiring> wired(const FatTree& tree, int hosts) {
  const auto outcome = layout(tree, hosts);
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) return *infeasible;
  return TreeWiring(tree, std::get<FatTreeLayout>(outcome)).wiring();
}

RoutingRules routing_rules(const FatTree& tree) {
  return shortest_rules(tree, LaneRule::Single);
}

}  // namespace omniphi::hw
