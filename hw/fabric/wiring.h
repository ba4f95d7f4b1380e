#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hw/base/infeasible.h"
#include "hw/fabric/graph.h"

namespace omniphi::hw {

/// Which cable of a switch's parts is bought for a link, by how far it reaches.
enum class CableReach {
  Host,     // to a host
  Short,    // to a switch of the same rack or group
  Long,     // to any other switch
  Internal  // within a director: a wire of its backplane
};

/// A fabric as a topology plans it, before anything is known to be broken: who is joined to whom,
/// and what has to be bought for it. The graph, the bill of materials and the bisection are read
/// off it.
struct Wiring {
  struct CableKind {
    Link link;
    CableReach reach = CableReach::Long;
  };

  int hosts = 0;
  std::vector<Seconds> switch_latencies;  // one for each switch; those within directors too
  std::vector<CableKind> kinds;           // the cables' `link` is an index into these
  std::vector<FabricGraph::Cable> cables;
  int directors = 0;
  int director_switches = 0;  // switches that are parts of directors
  /// Lines that the fabric may be cut across: for each, every switch's place on it. A search for
  /// the narrowest cut tries them beside the order of the hosts.
  std::vector<std::vector<std::uint32_t>> cut_lines;
  std::vector<std::string> names;  // of hosts, then switches; empty: host-0, ..., switch-0, ...

  /// `host_link` is kind 0.
  Wiring(int host_count, const Link& host_link);

  [[nodiscard]] int switches() const { return static_cast<int>(switch_latencies.size()); }

  [[nodiscard]] VertexId host(std::int64_t i) const { return VertexId(i); }

  [[nodiscard]] VertexId switch_at(std::int64_t i) const { return VertexId(hosts + i); }

  [[nodiscard]] std::string name(VertexId v) const;

  void add_switches(int count, Seconds latency);

  /// Answers the number of the new kind.
  std::uint32_t add_kind(const Link& link, CableReach reach);

  void join(VertexId a,
            VertexId b,
            std::uint32_t kind,
            int cables_between = 1,
            std::uint32_t dimension = 0);

  /// Joins the hosts to the switches from number 0 on, `hosts_per_switch` to each, by
  /// `ports_per_node` cables each.
  void join_hosts(int hosts_per_switch, int ports_per_node);
};

/// The graph of it. Throws std::invalid_argument for cables that FabricGraph refuses.
FabricGraph graph_of(const Wiring& wiring);

/// Bandwidth of the narrowest cut between two halves of the hosts that was found, one direction: an
/// upper bound of the minimum balanced cut, and the minimum wherever it runs across one of the
/// wiring's cut lines, as in all regular topologies. For given halves of the hosts the switches'
/// sides are chosen exactly, by maximum flow [Boykov2004]. 0 for one host.
BytesPerSecond narrowest_cut(const Wiring& wiring);

}  // namespace omniphi::hw
