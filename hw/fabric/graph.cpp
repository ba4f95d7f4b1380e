#include "hw/fabric/graph.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "hw/fabric/adjacency.h"

namespace omniphi::hw {

namespace {

Adjacency adjacency_of(const FabricGraph& fabric) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
  std::vector<ArcId> arcs;
  ends.reserve(fabric.arcs());
  arcs.reserve(fabric.arcs());
  for (std::size_t i = 0; i < fabric.arcs(); ++i) {
    const ArcId arc(static_cast<std::int64_t>(i));
    ends.emplace_back(fabric.tail(arc).index(), fabric.head(arc).index());
    arcs.push_back(arc);
  }
  return {Adjacency::Graph(boost::edges_are_unsorted_multi_pass,
                           ends.begin(),
                           ends.end(),
                           arcs.begin(),
                           static_cast<std::uint32_t>(fabric.vertices()))};
}

}  // namespace

FabricGraph::FabricGraph(int hosts,
                         std::vector<Seconds> switch_latencies,
                         std::vector<Link> links,
                         std::vector<Cable> cables)
    : hosts_(hosts),
      switch_latencies_(std::move(switch_latencies)),
      links_(std::move(links)),
      cables_(std::move(cables)) {
  check();
  latencies_.reserve(arcs());
  for (std::size_t i = 0; i < arcs(); ++i) {
    latencies_.push_back(computed_latency(ArcId(static_cast<std::int64_t>(i))));
  }
  adjacency_ = std::make_unique<const Adjacency>(adjacency_of(*this));
}

FabricGraph::FabricGraph(FabricGraph&&) noexcept = default;
FabricGraph& FabricGraph::operator=(FabricGraph&&) noexcept = default;
FabricGraph::~FabricGraph() = default;

void FabricGraph::check() const {
  for (std::size_t i = 0; i < cables_.size(); ++i) {
    const Cable& cable = cables_[i];
    if (cable.a.index() >= vertices() || cable.b.index() >= vertices()) {
      throw std::invalid_argument(fmt::format("cable {} ends at no host and no switch", i));
    }
    if (is_host(cable.a) && is_host(cable.b)) {
      throw std::invalid_argument(fmt::format("cable {} joins two hosts", i));
    }
    if (cable.link >= links_.size()) {
      throw std::invalid_argument(fmt::format("cable {} has no link", i));
    }
  }
}

Seconds FabricGraph::computed_latency(ArcId arc) const {
  const VertexId to = head(arc);
  const Seconds through = is_host(to) ? Seconds{} : switch_latencies_[to.index() - hosts_];
  return link(arc).latency + through;
}

}  // namespace omniphi::hw
