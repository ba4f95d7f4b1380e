#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// As many switches as the hosts need, in a ring: a torus of one dimension. Bisection two links.
struct Ring : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "ring";
  static constexpr bool has_dimensions = true;
  int hosts_per_switch = 1;
  int cables = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("hosts_per_switch", self.hosts_per_switch, "hosts on each switch", between(1, 1000));
    v("cables", self.cables, "cables between two neighbours", between(1, 1000));
  }
};

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const Ring& ring, int hosts);
RoutingRules routing_rules(const Ring& ring);

}  // namespace omniphi::hw
