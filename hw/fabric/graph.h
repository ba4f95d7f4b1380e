#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "hw/base/id.h"
#include "hw/fabric/parts.h"

namespace omniphi::hw {

using HostId = Id<struct HostTag>;
using SwitchId = Id<struct SwitchTag>;
using VertexId = Id<struct FabricVertexTag>;  // a host or a switch: the hosts come first
using ArcId = Id<struct ArcTag>;              // one direction of a cable

struct Adjacency;  // the Boost graph, in hw/fabric/adjacency.h

/// A fabric as wired: hosts and switches joined by full-duplex cables, each of them two arcs. It
/// knows neither routes nor traffic. Two vertices may be joined by several cables; a host with
/// several cables has as many rails.
class FabricGraph {
 public:
  struct Cable {
    VertexId a;
    VertexId b;
    std::uint32_t link = 0;       // index into the graph's links
    std::uint32_t dimension = 0;  // dimension-order routes take the lower ones first
  };

  /// Cables to hosts come in the order of the hosts' rails.
  /// Throws std::invalid_argument for a cable whose end or link does not exist, or that joins two
  /// hosts.
  FabricGraph(int hosts,
              std::vector<Seconds> switch_latencies,
              std::vector<Link> links,
              std::vector<Cable> cables);
  FabricGraph(FabricGraph&&) noexcept;
  FabricGraph& operator=(FabricGraph&&) noexcept;
  ~FabricGraph();

  [[nodiscard]] int hosts() const { return hosts_; }

  [[nodiscard]] int switches() const { return static_cast<int>(switch_latencies_.size()); }

  [[nodiscard]] std::size_t vertices() const { return hosts_ + switch_latencies_.size(); }

  [[nodiscard]] std::size_t arcs() const { return 2 * cables_.size(); }

  [[nodiscard]] VertexId vertex(HostId host) const { return VertexId(host.index()); }

  [[nodiscard]] VertexId vertex(SwitchId s) const { return VertexId(hosts_ + s.index()); }

  [[nodiscard]] bool is_host(VertexId v) const { return v.index() < std::size_t(hosts_); }

  /// Cable c is the arc 2c from its end a to its end b, and the arc 2c + 1 back.
  [[nodiscard]] const std::vector<Cable>& cables() const { return cables_; }

  [[nodiscard]] VertexId tail(ArcId arc) const { return end(arc.index() ^ 1); }

  [[nodiscard]] VertexId head(ArcId arc) const { return end(arc.index()); }

  [[nodiscard]] bool is_host_cable(const Cable& c) const { return is_host(c.a) || is_host(c.b); }

  [[nodiscard]] const Link& link(ArcId arc) const { return links_[cables_[arc.index() / 2].link]; }

  /// Time of a packet's first bit along the arc and, if it ends at a switch, through that switch.
  [[nodiscard]] Seconds latency(ArcId arc) const { return latencies_[arc.index()]; }

  [[nodiscard]] const Adjacency& adjacency() const { return *adjacency_; }

 private:
  [[nodiscard]] VertexId end(std::size_t arc) const {
    return arc % 2 == 0 ? cables_[arc / 2].b : cables_[arc / 2].a;
  }

  void check() const;
  [[nodiscard]] Seconds computed_latency(ArcId arc) const;

  int hosts_;
  std::vector<Seconds> switch_latencies_;
  std::vector<Link> links_;
  std::vector<Cable> cables_;
  std::vector<Seconds> latencies_;  // by arc
  std::unique_ptr<const Adjacency> adjacency_;
};

}  // namespace omniphi::hw
