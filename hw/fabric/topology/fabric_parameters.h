#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hw/base/infeasible.h"
#include "hw/fabric/cable_ends.h"
#include "hw/fabric/parts.h"
#include "hw/fabric/routing_rules.h"

namespace omniphi::hw {

/// What does not work in a fabric. Cables are named by their ends, as `describe` draws them.
struct Faults {
  std::vector<std::string> switches{};
  std::vector<CableEnds> cables{};
  std::vector<CableEnds> narrow_cables{};
  int lanes = 2;
  int random_cables = 0;

  [[nodiscard]] bool none() const {
    return switches.empty() && cables.empty() && narrow_cables.empty() && random_cables == 0;
  }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("switches", self.switches, "switches that are down, by name");
    v("cables", self.cables, "cables that are down, as \"switch-0 switch-4 x2\"");
    v("narrow_cables", self.narrow_cables, "cables that run on fewer lanes");
    v("lanes", self.lanes, "of four, that narrow cables still have", between(1, 4));
    v("random_cables",
      self.random_cables,
      "cables between switches that are down besides, drawn at random",
      between(0, 1e6));
  }
};

/// What all topologies have in common: the base of each kind.
struct FabricParameters {
  static constexpr bool has_dimensions = false;  // that routes could take in order
  Part<Switch> part;
  std::optional<Part<Cable>> short_cable;
  int ports_per_node = 1;
  int hosts = 0;
  RoutingMethod routing = RoutingMethod::Usual;
  int paths = 1;
  std::int64_t seed = 1;
  Faults faults;
  std::string source;

  template <class Self, class Visitor>
  static void visit_common(Self& self, Visitor&& v) {
    v("switch", self.part, "the switch that the fabric is made of", required);
    v("short_cable",
      self.short_cable,
      "cable to a switch of the same rack or group, if it is another than the switch's");
    v("ports_per_node", self.ports_per_node, "cables from each node (rails)", between(1, 8));
    v("hosts",
      self.hosts,
      "hosts of the whole system, of which a cluster may use fewer (0: as many as it has)",
      between(0, 1e6));
    v("routing", self.routing, "how routes are chosen");
    v("paths",
      self.paths,
      "routes that each pair's traffic is dispersed over (1: one, as by default)",
      between(1, 128));
    v("seed", self.seed, "of everything random in it");
    v("faults", self.faults, "what is broken");
    v("source", self.source, "document and page that say that a system is like this");
  }
};

/// Why these equal switches cannot be joined, if so: their hosts and `neighbour_cables` to other
/// switches want more ports than they have, or there are more switches or cables than anybody
/// builds.
std::optional<Infeasible> unbuildable(const FabricParameters& common,
                                      std::int64_t switches,
                                      int hosts_per_switch,
                                      std::int64_t neighbour_cables);

/// Shortest ways unless another method is asked for; those need the virtual lanes of `lanes`, the
/// others one for each hop.
RoutingRules shortest_rules(const FabricParameters& common, LaneRule lanes);

/// The same with ways in the order of dimensions.
RoutingRules dimension_order_rules(const FabricParameters& common, LaneRule lanes);

}  // namespace omniphi::hw
