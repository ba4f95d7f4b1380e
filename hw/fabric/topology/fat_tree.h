#pragma once

#include <string_view>

#include "hw/base/infeasible.h"
#include "hw/fabric/bill_of_materials.h"
#include "hw/fabric/graph.h"

namespace omniphi::hw {

/// A two-level fat tree of equal switches (a folded Clos network [Leiserson1985]): edge switches
/// with `down` ports to hosts and `up` ports to spine switches, down : up = taper,
///
///     down = floor(ports taper / (1 + taper)),   up = ports - down
///
/// so that 48 ports at taper 2 are 32 down and 16 up, and at taper 1.4 they are 28 and 20
/// (Stampede2). Hosts fill the edge switches block by block; all cables of a host go to one edge
/// switch. There are as few spines as can be so that each has equally many cables to every edge
/// switch. One edge switch needs no spine.
struct FatTree {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "fat-tree";
  Part<Switch> part;
  double taper = 1;
  int ports_per_node = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("switch", self.part, "the switch that edges and spines are made of", required);
    v("taper", self.taper, "ports down per port up, of an edge switch", at_least(1));
    v("ports_per_node", self.ports_per_node, "cables from each node", between(1, 8));
  }
};

/// A fat tree cut to a number of hosts.
struct FatTreeLayout {
  int hosts = 0;
  int hosts_per_edge = 0;
  int edges = 0;
  int spines = 0;
  int uplinks = 0;  // of each edge switch; 0 without spines
};

/// Infeasible if the spines' ports do not reach for that many hosts (1 or more).
Outcome<FatTreeLayout> layout(const FatTree& tree, int hosts);

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<FabricGraph> build(const FatTree& tree, int hosts);

/// Let k edge switches of E be on one side, and the rest on the other. Each spine takes the side
/// that cuts fewer of its cables, so that of the u uplinks an edge switch has, min(k, E - k) u are
/// cut in all; and of its hosts as many change sides, for m cables each, as balance needs:
///
///     cut(k) = b (min(k, E - k) u + m |k d - H/2|),   bisection = min over k of cut(k)
///
///   H  hosts, of which half (rounded either way) are on a side     b  bandwidth of a link
///   d  hosts of an edge switch
/// The last edge switch, which may have fewer hosts, is on the side without the k, since naming the
/// sides the other way round changes nothing. The minimum is exact: given the switches' sides, no
/// fewer host cables will do.
BytesPerSecond bisection(const FatTree& tree, int hosts);

BillOfMaterials bill_of_materials(const FatTree& tree, int hosts);

}  // namespace omniphi::hw
