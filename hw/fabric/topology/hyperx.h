#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// A HyperX [Ahn2009] (of equal cable counts in each dimension also a generalised hypercube or
/// flattened butterfly): switches on a grid of sizes S_1, S_2, ..., each joined to all others that
/// differ in one coordinate, by K_i cables in dimension i.
///
/// For N switches and even S_i: degree sum K_i (S_i - 1), diameter the number of dimensions, and
/// the bisection is that of the narrowest dimension, min_i K_i S_i N / 4 cables [Ahn2009, sec. 3].
/// Cables of the first dimension stay within a rack.
struct HyperX : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "hyperx";
  static constexpr bool has_dimensions = true;
  std::vector<int> dimensions;
  std::vector<int> cables;
  int hosts_per_switch = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("dimensions", self.dimensions, "switches along each dimension", required | between(1, 1e6));
    v("cables",
      self.cables,
      "cables between two switches in each dimension (without: one)",
      between(1, 1000));
    v("hosts_per_switch", self.hosts_per_switch, "hosts on each switch", between(1, 1000));
  }
};

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const HyperX& fabric, int hosts);
RoutingRules routing_rules(const HyperX& fabric);

}  // namespace omniphi::hw
