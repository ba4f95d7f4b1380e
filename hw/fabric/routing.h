#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hw/base/infeasible.h"
#include "hw/fabric/graph.h"
#include "hw/fabric/routing_rules.h"

namespace omniphi::hw {

/// How busy each arc is, by its index: bytes under way, in any unit. Empty: nothing is.
using ArcLoads = std::span<const double>;

/// Routes between hosts over any wiring.
///
/// Tables hold, for each switch and each switch with hosts, the arcs that begin a shortest way.
/// A message is meant to be striped evenly over `ways()`: over the rails (cables of a host, each
/// with its own routes from and to the switch it is joined to), and over the paths that dispersive
/// routing spreads each pair's traffic on, as Omni-Path does where every port has several addresses
/// (LMC above 0). Of n equal arcs a static route takes
///
///     choice  floor(q / D) mod n,   q = (host * rails + rail) * paths + path
///
///   D  product of the numbers of arcs up that a route had to choose from in the levels below
/// which depends on the destination alone, as forwarding tables do. On a fat tree that is d-mod-k,
/// which spreads every shift permutation evenly [Zahavi2010]; a switch's level is its distance from
/// the nearest switch with hosts. Adaptive routes take the arc that its load keeps busy for the
/// shortest time.
///
/// Valiant routes [Valiant1982] go the shortest way towards a switch drawn by a hash of the seed
/// and the pair, and from the first switch of its group on towards the destination. UGAL
/// [Singh2005] compares such a candidate with the shortest way, by busy time of the busiest arc
/// times hops, and takes the shorter unless the other is better.
///
/// Memory: 4 bytes for each pair of a switch and a switch with hosts.
class Routing {
 public:
  /// Throws std::invalid_argument where `routed` answers Infeasible.
  explicit Routing(const FabricGraph& graph, const RoutingRules& rules = {});

  /// Cables of a host that messages are spread over: as many as the host with the fewest has.
  [[nodiscard]] int rails() const { return rails_; }

  [[nodiscard]] int ways() const { return rails_ * rules_.paths; }

  [[nodiscard]] const RoutingRules& rules() const { return rules_; }

  /// Replaces `out` by the arcs from source to destination; none if they are the same host.
  /// Way w uses rail w mod rails(). Only adaptive and UGAL routes look at the loads.
  void route(HostId source,
             HostId destination,
             std::vector<ArcId>& out,
             int way = 0,
             ArcLoads loads = {}) const;

  /// The route of way `way` by the group of the given switch with hosts, numbered from 0 on
  /// (Valiant's candidate), whatever the method is.
  void detour(HostId source,
              HostId destination,
              std::size_t leaf,
              std::vector<ArcId>& out,
              int way = 0) const;

  /// All shortest routes of a pair of different hosts, but at most `most`: what adaptive routing
  /// chooses from.
  [[nodiscard]] std::vector<std::vector<ArcId>> shortest_routes(HostId source,
                                                                HostId destination,
                                                                std::size_t most,
                                                                int way = 0) const;

  /// Switches that have hosts.
  [[nodiscard]] std::size_t leaves() const { return leaves_.size(); }

 private:
  friend Outcome<Routing> routed(const FabricGraph& graph, const RoutingRules& rules);

  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Hop {
    ArcId arc;
    std::uint32_t next = 0;  // the switch at the arc's end, by its number among the switches
  };

  /// The arcs that begin a shortest way.
  struct Choices {
    std::uint32_t first = 0;  // index into hops_
    std::uint32_t count = 0;
    std::uint32_t from = 0;     // the switch
    std::uint32_t divisor = 1;  // D
  };

  /// Between two host cables.
  struct Ends {
    std::uint32_t from = 0;  // switches
    std::uint32_t to = 0;
    std::uint64_t port = 0;  // q
  };

  class Tables;

  Routing() = default;
  /// Why there are no such routes; "" if there are.
  std::string fill(const FabricGraph& graph, const RoutingRules& rules);
  std::string attach_hosts(const FabricGraph& graph);
  void number_leaves(const FabricGraph& graph);
  std::string fill_tables(const FabricGraph& graph);

  [[nodiscard]] Ends ends(HostId source, HostId destination, int way) const;

  [[nodiscard]] ArcId up(HostId host, int way) const {
    return up_[host.index() * rails_ + way % rails_];
  }

  [[nodiscard]] ArcId down(HostId host, int way) const {
    return ArcId(static_cast<std::int64_t>(up(host, way).index() ^ 1));
  }

  [[nodiscard]] const Choices& choices(std::uint32_t at, std::uint32_t leaf) const {
    return choices_[table_[std::size_t{leaf} * leaf_.size() + at]];
  }

  [[nodiscard]] std::uint32_t group(std::uint32_t s) const {
    return s / static_cast<std::uint32_t>(rules_.switches_per_group);
  }

  [[nodiscard]] const Hop& chosen(const Choices& from, std::uint64_t port, ArcLoads loads) const;
  std::uint32_t walk(Ends ends, bool to_group, ArcLoads loads, std::vector<ArcId>& out) const;
  [[nodiscard]] std::uint32_t stop(const Ends& ends, HostId source, int way) const;
  void walk_by(std::uint32_t stop, Ends ends, std::vector<ArcId>& out) const;
  void walk_less_loaded(std::uint32_t stop, Ends ends, ArcLoads loads, std::vector<ArcId>&) const;
  void add_shortest(std::uint32_t at,
                    std::uint32_t to,
                    std::vector<ArcId>& route,
                    std::size_t most,
                    std::vector<std::vector<ArcId>>& out) const;
  [[nodiscard]] double busy_time(std::span<const ArcId> arcs, ArcLoads loads) const;

  RoutingRules rules_;
  int rails_ = 0;
  std::vector<ArcId> up_;  // by host port: to its switch; the way down is the other arc
  std::vector<std::uint32_t> port_switch_;  // by host port
  std::vector<std::uint32_t> leaf_;         // by switch: its number among those with hosts
  std::vector<std::uint32_t> leaves_;       // the switches with hosts
  std::vector<std::uint32_t> table_;        // by (leaf, switch): index into choices_
  std::vector<Choices> choices_;
  std::vector<Hop> hops_;
  std::vector<double> seconds_per_byte_;  // by arc; only where loads are looked at
};

/// The routes, or why there are none: a host without a cable, or a fabric in parts.
Outcome<Routing> routed(const FabricGraph& graph, const RoutingRules& rules = {});

}  // namespace omniphi::hw
