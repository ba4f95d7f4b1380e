#pragma once

#include <optional>

#include "hw/fabric/director.h"
#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// A fat tree of equal switches (a folded Clos network [Leiserson1985]): edge switches with `down`
/// ports to hosts and `up` ports to the next level, down : up = taper,
///
///     down = floor(ports taper / (1 + taper)),   up = ports - down
///
/// so that 48 ports at taper 2 are 32 down and 16 up, and at taper 1.4 they are 28 and 20
/// (Stampede2). Hosts fill the edge switches block by block; all cables of a host go to one edge
/// switch.
///
/// Two levels: the edge switches' uplinks go to spines, which may be directors. There are as few
/// spines as can be so that each has equally many cables to every edge switch, or as many as given;
/// where they do not divide the uplinks, edge switches take them in turn. A director's ports are
/// taken in order. One edge switch needs no spine.
///
/// Three levels: as many edge switches as a middle switch has ports down (divided from its ports up
/// by middle_taper in the same way) form a pod with one middle switch for each uplink of an edge
/// switch; uplink j of each goes to the pod's middle switch j. The middle switches j of all pods
/// share their own core switches, as few as can be.
struct FatTree : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "fat-tree";
  double taper = 1;
  int levels = 2;
  double middle_taper = 1;
  int spines = 0;
  std::optional<Part<Director>> director;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("taper", self.taper, "ports down per port up, of an edge switch", at_least(1));
    v("levels", self.levels, "levels of switches; a director counts as one", between(2, 3));
    v("middle_taper",
      self.middle_taper,
      "ports down per port up, of a middle switch of three levels",
      at_least(1));
    v("spines", self.spines, "spines of two levels (0: the fewest)", between(0, 100000));
    v("director", self.director, "what the spines of two levels are, if no single switches");
  }
};

/// A fat tree cut to a number of hosts.
struct FatTreeLayout {
  int hosts = 0;
  int hosts_per_edge = 0;
  int edges = 0;
  int uplinks = 0;  // of each edge switch; 0 without another level
  int spines = 0;   // of two levels: switches or directors
  // Of three levels:
  int edges_per_pod = 0;
  int pods = 0;
  int middle_uplinks = 0;
  int cores_per_middle = 0;  // that the middle switches at one place of all pods share
};

/// Infeasible if the upper levels' ports do not reach for that many hosts (1 or more).
Outcome<FatTreeLayout> layout(const FatTree& tree, int hosts);

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const FatTree& tree, int hosts);
RoutingRules routing_rules(const FatTree& tree);

}  // namespace omniphi::hw
