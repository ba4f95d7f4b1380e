#include "hw/fabric/metrics.h"

#include "hw/fabric/distance_search.h"

namespace omniphi::hw {

namespace {

void count_degrees(const FabricGraph& graph, FabricMetrics& out) {
  const Adjacency::Graph& adjacency = graph.adjacency().graph;
  for (int s = 0; s < graph.switches(); ++s) {
    const VertexId at = graph.vertex(SwitchId(s));
    const auto degree =
        static_cast<int>(boost::out_degree(static_cast<std::uint32_t>(at.index()), adjacency));
    out.least_degree = s == 0 ? degree : std::min(out.least_degree, degree);
    out.most_degree = std::max(out.most_degree, degree);
  }
}

/// Hosts by the switch of their first cable.
std::vector<std::int64_t> hosts_by_switch(const FabricGraph& graph) {
  const Adjacency::Graph& adjacency = graph.adjacency().graph;
  std::vector<std::int64_t> hosts(graph.switches());
  for (int host = 0; host < graph.hosts(); ++host) {
    const auto [begin, end] = boost::out_edges(static_cast<std::uint32_t>(host), adjacency);
    if (begin != end) ++hosts[graph.head(adjacency[*begin]).index() - graph.hosts()];
  }
  return hosts;
}

}  // namespace

FabricMetrics metrics(const FabricGraph& graph) {
  FabricMetrics out;
  count_degrees(graph, out);
  const std::vector<std::int64_t> hosts = hosts_by_switch(graph);
  DistanceSearch search(graph);
  double hops = 0;
  double pairs = 0;
  for (int from = 0; from < graph.switches(); ++from) {
    if (hosts[from] == 0) continue;
    const std::vector<int>& distance = search.from(graph.vertex(SwitchId(from)));
    for (int to = 0; to < graph.switches(); ++to) {
      const int far = distance[graph.hosts() + to];
      if (hosts[to] == 0 || far == DistanceSearch::kFar) continue;
      const std::int64_t others = hosts[to] - (from == to ? 1 : 0);
      const auto weight = static_cast<double>(hosts[from]) * static_cast<double>(others);
      hops += weight * far;
      pairs += weight;
      out.diameter = std::max(out.diameter, far);
    }
  }
  if (pairs > 0) out.mean_hops = hops / pairs;
  return out;
}

}  // namespace omniphi::hw
