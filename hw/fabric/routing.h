#pragma once

#include <cstdint>
#include <vector>

#include "hw/fabric/graph.h"

namespace omniphi::hw {

/// Static, destination-based shortest-path routes, as Omni-Path's fabric manager sets them up
/// unless told otherwise (opa-fm, opafm_src.xml: RoutingAlgorithm shortestpath, adaptive routing
/// off).
///
/// A port of a host is numbered  p = host * rails + rail,  and each switch sends what is for port p
/// along choice  p mod n  of the n arcs that begin a shortest path. On a fat tree that is d-mod-k,
/// which spreads every shift permutation evenly over the uplinks [Zahavi2010].
///
/// A message is meant to be striped evenly over the rails, each rail by its own route.
/// The tables hold one list of choices for each switch and each switch with hosts: for S switches,
/// L of them with hosts, and n choices, of the order of S L n entries.
class Routing {
 public:
  /// Throws std::invalid_argument unless every host has equally many cables (one or more), all of
  /// them to one switch, and there is a path between any two hosts.
  explicit Routing(const FabricGraph& graph);

  [[nodiscard]] int rails() const { return rails_; }

  /// Replaces `out` by the arcs from source to destination; none if they are the same host.
  void route(HostId source, HostId destination, std::vector<ArcId>& out, int rail = 0) const;

 private:
  struct Hop {
    ArcId arc;
    std::uint32_t next = 0;  // the switch at the arc's end, by its number among the switches
  };

  void attach_hosts(const FabricGraph& graph);
  void number_leaves(const FabricGraph& graph);
  void fill_tables(const FabricGraph& graph);
  void add_hops(const FabricGraph& graph, std::size_t from, const std::vector<int>& distance);

  [[nodiscard]] ArcId up(HostId host, int rail) const { return up_[host.index() * rails_ + rail]; }

  int rails_ = 0;
  std::vector<ArcId> up_;  // by host port: to its switch; the way down is the other arc
  std::vector<std::uint32_t> host_switch_;  // by host
  std::vector<std::uint32_t> leaf_;         // by switch: its number among those with hosts
  std::vector<std::uint32_t> leaves_;       // the switches with hosts
  std::vector<std::uint32_t> first_;        // by (leaf, switch): where its choices begin in hops_
  std::vector<Hop> hops_;
};

}  // namespace omniphi::hw
