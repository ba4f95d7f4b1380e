#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include <boost/graph/boykov_kolmogorov_max_flow.hpp>
#include <boost/graph/compressed_sparse_row_graph.hpp>

#include "hw/fabric/wiring.h"

namespace omniphi::hw {

namespace {

/// A network for maximum flow, each arc with its twin back; two more vertices than switches.
class FlowNetwork {
 public:
  explicit FlowNetwork(std::size_t vertices) : vertices_(vertices) {}

  void join(std::size_t a, std::size_t b, double there, double back) {
    ends_.emplace_back(a, b);
    ends_.emplace_back(b, a);
    capacities_.push_back(there);
    capacities_.push_back(back);
  }

  [[nodiscard]] double maximum_flow(std::size_t from, std::size_t to) const {
    std::vector<std::size_t> numbers(ends_.size());
    std::iota(numbers.begin(), numbers.end(), 0);
    const Graph graph(boost::edges_are_unsorted_multi_pass,
                      ends_.begin(),
                      ends_.end(),
                      numbers.begin(),
                      vertices_);
    const std::size_t arcs = ends_.size();
    std::vector<Arc> arc_of(arcs);
    for (auto [arc, end] = boost::edges(graph); arc != end; ++arc) arc_of[graph[*arc]] = *arc;
    std::vector<double> capacities(arcs);
    std::vector<double> residuals(arcs);
    std::vector<Arc> twins(arcs);
    std::vector<Arc> predecessors(vertices_);
    std::vector<boost::default_color_type> colours(vertices_);
    std::vector<long> distances(vertices_);
    const auto arc_index = boost::get(boost::edge_index, graph);
    for (std::size_t i = 0; i < arcs; ++i) {
      const std::size_t at = get(arc_index, arc_of[i]);
      capacities[at] = capacities_[i];
      twins[at] = arc_of[i ^ 1];
    }
    const auto by_arc = [&](auto& values) {
      return boost::make_iterator_property_map(values.begin(), arc_index);
    };
    const auto vertex_index = boost::get(boost::vertex_index, graph);
    const auto by_vertex = [&](auto& values) {
      return boost::make_iterator_property_map(values.begin(), vertex_index);
    };
    return boost::boykov_kolmogorov_max_flow(graph,
                                             by_arc(capacities),
                                             by_arc(residuals),
                                             by_arc(twins),
                                             by_vertex(predecessors),
                                             by_vertex(colours),
                                             by_vertex(distances),
                                             vertex_index,
                                             from,
                                             to);
  }

 private:
  using Graph =
      boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, std::size_t>;
  using Arc = boost::graph_traits<Graph>::edge_descriptor;

  std::size_t vertices_;
  std::vector<std::pair<std::size_t, std::size_t>> ends_;
  std::vector<double> capacities_;
};

/// Cuts one wiring for one division of its hosts after another.
class Cutter {
 public:
  explicit Cutter(const Wiring& wiring) : wiring_(wiring), host_ports_(wiring.hosts) {
    for (const FabricGraph::Cable& cable : wiring.cables) add(cable);
  }

  /// The switch of each host's first cable.
  [[nodiscard]] std::size_t first_switch(int host) const {
    return host_ports_[host].empty() ? 0 : host_ports_[host].front().first;
  }

  /// The least bandwidth that must be cut if the hosts are divided like this.
  [[nodiscard]] double cut(const std::vector<bool>& on_first_side) const {
    const std::size_t first = wiring_.switches();
    const std::size_t second = first + 1;
    FlowNetwork network(second + 1);
    for (const auto& [ends, bandwidth] : between_) {
      network.join(ends.first, ends.second, bandwidth, bandwidth);
    }
    std::vector<double> to_first(first);
    std::vector<double> to_second(first);
    for (int host = 0; host < wiring_.hosts; ++host) {
      auto& side = on_first_side[host] ? to_first : to_second;
      for (const auto& [at, bandwidth] : host_ports_[host]) side[at] += bandwidth;
    }
    for (std::size_t s = 0; s < first; ++s) {
      if (to_first[s] > 0) network.join(first, s, to_first[s], 0);
      if (to_second[s] > 0) network.join(s, second, to_second[s], 0);
    }
    return network.maximum_flow(first, second);
  }

 private:
  void add(const FabricGraph::Cable& cable) {
    const double bandwidth = wiring_.kinds[cable.link].link.bandwidth.value();
    const auto hosts = static_cast<std::size_t>(wiring_.hosts);
    const auto [low, high] = std::minmax({cable.a.index(), cable.b.index()});
    if (low < hosts) {
      host_ports_[low].emplace_back(high - hosts, bandwidth);
    } else {
      between_[{low - hosts, high - hosts}] += bandwidth;
    }
  }

  const Wiring& wiring_;
  std::map<std::pair<std::size_t, std::size_t>, double> between_;
  std::vector<std::vector<std::pair<std::size_t, double>>> host_ports_;
};

/// Half of the hosts, the `start` first of the order left out.
std::vector<bool> half_of(const std::vector<int>& order, std::size_t start) {
  std::vector<bool> side(order.size());
  for (std::size_t i = 0; i < order.size() / 2; ++i) side[order[(start + i) % order.size()]] = true;
  return side;
}

}  // namespace

BytesPerSecond narrowest_cut(const Wiring& wiring) {
  if (wiring.hosts < 2) return {};
  const Cutter cutter(wiring);
  std::vector<int> order(wiring.hosts);
  std::iota(order.begin(), order.end(), 0);
  // The half that leaves a larger one before it, and halves that begin at several places.
  constexpr std::size_t kPlaces = 8;
  double narrowest = cutter.cut(half_of(order, order.size() - order.size() / 2));
  const std::size_t step = std::max<std::size_t>(1, order.size() / kPlaces);
  for (std::size_t start = 0; start < order.size() / 2; start += step) {
    narrowest = std::min(narrowest, cutter.cut(half_of(order, start)));
  }
  for (const std::vector<std::uint32_t>& line : wiring.cut_lines) {
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return line[cutter.first_switch(a)] < line[cutter.first_switch(b)];
    });
    narrowest = std::min(narrowest, cutter.cut(half_of(order, 0)));
  }
  return BytesPerSecond(narrowest);
}

}  // namespace omniphi::hw
