#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// As many switches as the hosts need, each joined to every other: a HyperX of one dimension. With
/// S switches, S even, the bisection is S^2 / 4 times the cables between two.
struct FullyConnected : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "fully-connected";
  int hosts_per_switch = 1;
  int cables = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("hosts_per_switch", self.hosts_per_switch, "hosts on each switch", between(1, 1000));
    v("cables", self.cables, "cables between two switches", between(1, 1000));
  }
};

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const FullyConnected& fabric, int hosts);
RoutingRules routing_rules(const FullyConnected& fabric);

}  // namespace omniphi::hw
