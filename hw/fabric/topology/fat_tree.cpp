#include "hw/fabric/topology/fat_tree.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

int ports_down(const FatTree& tree) {
  const int ports = tree.part->ports;
  // 48 * 1.4 / 2.4 is 28 and must not become 27 for want of a bit in the last place.
  constexpr double kRounding = 1e-9;
  const double down = std::floor(ports * (tree.taper / (1 + tree.taper)) + kRounding);
  return std::min(static_cast<int>(down), ports - 1);
}

/// The smallest number of spines that gives each of them equally many of an edge switch's uplinks
/// and no more cables than it has ports; 0 if there is none.
int fewest_spines(std::int64_t edges, int uplinks, int ports) {
  for (int spines = 1; spines <= uplinks; ++spines) {
    if (uplinks % spines == 0 && edges * (uplinks / spines) <= ports) return spines;
  }
  return 0;
}

std::string too_many_hosts(const FatTree& tree, int hosts_per_edge, int hosts) {
  // With one cable from each spine to each edge switch there are as many edges as a spine has
  // ports.
  const std::int64_t most = std::int64_t{tree.part->ports} * hosts_per_edge;
  const std::string cables =
      tree.ports_per_node == 1 ? "" : fmt::format(" with {} ports each", tree.ports_per_node);
  return fmt::format(
      "a two-level fat tree of {}-port switches with taper {} holds at most {} hosts{}, not {}",
      tree.part->ports,
      tree.taper,
      most,
      cables,
      hosts);
}

FatTreeLayout feasible_layout(const FatTree& tree, int hosts) {
  const auto outcome = layout(tree, hosts);
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) {
    throw std::invalid_argument(infeasible->reason);
  }
  return std::get<FatTreeLayout>(outcome);
}

std::int64_t uplink_cables(const FatTreeLayout& tree) {
  return std::int64_t{tree.edges} * tree.uplinks;
}

std::vector<FabricGraph::Cable> cables(const FatTreeLayout& tree, int cables_per_host) {
  std::vector<FabricGraph::Cable> out;
  out.reserve(std::size_t(tree.hosts) * cables_per_host + uplink_cables(tree));
  for (int host = 0; host < tree.hosts; ++host) {
    const VertexId edge(tree.hosts + host / tree.hosts_per_edge);
    for (int i = 0; i < cables_per_host; ++i) out.push_back({VertexId(host), edge});
  }
  // Neighbouring uplinks go to one spine: destination mod uplinks then picks, over the destinations
  // of one spine, each of the parallel cables down equally often.
  for (int edge = 0; edge < tree.edges; ++edge) {
    for (int i = 0; i < tree.uplinks; ++i) {
      const int spine = i / (tree.uplinks / tree.spines);
      out.push_back({VertexId(tree.hosts + edge), VertexId(tree.hosts + tree.edges + spine)});
    }
  }
  return out;
}

}  // namespace

Outcome<FatTreeLayout> layout(const FatTree& tree, int hosts) {
  if (hosts < 1) throw std::invalid_argument("a fabric needs a host");
  const int ports = tree.part->ports;
  const int down = ports_down(tree);
  FatTreeLayout out{.hosts = hosts, .hosts_per_edge = down / tree.ports_per_node};
  if (out.hosts_per_edge == 0) return Infeasible{too_many_hosts(tree, 0, hosts)};
  out.edges = (hosts - 1) / out.hosts_per_edge + 1;
  if (out.edges == 1) return out;
  out.uplinks = ports - down;
  out.spines = fewest_spines(out.edges, out.uplinks, ports);
  if (out.spines == 0) return Infeasible{too_many_hosts(tree, out.hosts_per_edge, hosts)};
  return out;
}

Outcome<FabricGraph> build(const FatTree& tree, int hosts) {
  const auto outcome = layout(tree, hosts);
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) return *infeasible;
  const auto& shape = std::get<FatTreeLayout>(outcome);
  return FabricGraph(hosts,
                     std::vector<Seconds>(shape.edges + shape.spines, tree.part->latency),
                     {tree.part->link},
                     cables(shape, tree.ports_per_node));
}

BytesPerSecond bisection(const FatTree& tree, int hosts) {
  const FatTreeLayout shape = feasible_layout(tree, hosts);
  const std::int64_t half = hosts / 2;
  std::int64_t fewest = std::int64_t{hosts} * tree.ports_per_node;
  for (std::int64_t k = 0; k < shape.edges; ++k) {
    const std::int64_t side = k * shape.hosts_per_edge;
    const std::int64_t moved = std::min(std::abs(side - half), std::abs(side - (hosts - half)));
    const std::int64_t uplinks = std::min(k, shape.edges - k) * shape.uplinks;
    fewest = std::min(fewest, uplinks + moved * tree.ports_per_node);
  }
  return tree.part->link.bandwidth * static_cast<double>(fewest);
}

BillOfMaterials bill_of_materials(const FatTree& tree, int hosts) {
  const FatTreeLayout shape = feasible_layout(tree, hosts);
  return bill_of_materials(*tree.part,
                           shape.edges + shape.spines,
                           std::int64_t{hosts} * tree.ports_per_node,
                           uplink_cables(shape));
}

}  // namespace omniphi::hw
