#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// A hypercube [Saad1988]: 2^n switches, joined where their numbers differ in one bit. n is the
/// smallest that holds the hosts, if it is not given. Degree n, diameter n hops between switches,
/// bisection 2^(n - 1) cables.
struct Hypercube : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "hypercube";
  static constexpr bool has_dimensions = true;
  int dimension = 0;
  int hosts_per_switch = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("dimension", self.dimension, "log2 of the switches (0: the smallest)", between(0, 19));
    v("hosts_per_switch", self.hosts_per_switch, "hosts on each switch", between(1, 1000));
  }
};

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const Hypercube& cube, int hosts);
RoutingRules routing_rules(const Hypercube& cube);

}  // namespace omniphi::hw
