#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// A mesh of any dimension [Dally2004, ch. 5]: a torus without the cables that close its rings.
///
/// For sizes k_1 >= k_2 >= ... with k_1 even, N switches and links of bandwidth b: diameter
/// sum (k_i - 1) hops between switches, bisection b N / k_1 [Dally2004, sec. 5.2].
struct SwitchMesh : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "mesh";
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

Outcome<Wiring> wired(const SwitchMesh& mesh, int hosts);
RoutingRules routing_rules(const SwitchMesh& mesh);

}  // namespace omniphi::hw
