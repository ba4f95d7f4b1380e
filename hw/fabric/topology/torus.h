#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// A torus of any dimension [Dally2004, ch. 5]: switches on a grid, each joined to its two
/// neighbours in each dimension, the last to the first. In a dimension of two there is one
/// neighbour. Hosts fill the switches in order, the first dimension running fastest. Laid out
/// folded, no cable is long.
///
/// For even sizes k_1 >= k_2 >= ..., N switches with p hosts each and links of bandwidth b: degree
/// 2n, diameter sum floor(k_i / 2) hops between switches, bisection 2 b N / k_1 (of a dimension of
/// two: b N / 2), as far as p hosts a switch can use it [Dally2004, sec. 5.2].
struct Torus : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "torus";
  static constexpr bool has_dimensions = true;
  std::vector<int> dimensions;
  int hosts_per_switch = 1;
  int cables = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("dimensions", self.dimensions, "switches along each dimension", required | between(1, 1e6));
    v("hosts_per_switch", self.hosts_per_switch, "hosts on each switch", between(1, 1000));
    v("cables", self.cables, "cables between two neighbours", between(1, 1000));
  }
};

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const Torus& torus, int hosts);
RoutingRules routing_rules(const Torus& torus);

}  // namespace omniphi::hw
