#pragma once

#include <optional>

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// A dragonfly [Kim2008]: groups of a routers with p hosts and h cables to other groups each. In a
/// group every router is joined to every other; between groups the a h cables of each are spread
/// evenly over the others, g - 1 of them and at most a h. Given p alone it is balanced, a = 2 p,
/// h = p. There are as many groups as the hosts need, or g.
///
/// A group may also be of several chassis, as in a Cray XC [CrayXC2012]: then a router is joined to
/// all others of its chassis, and to those at its place in the other chassis.
///
/// For one chassis: diameter 3 hops between routers, radix p + a - 1 + h. Group i's k-th cable
/// leaves from router floor(k / h), for group i + 1 + (k mod (g - 1)) mod g, an arrangement that
/// looks the same from every group (the palm tree of [Camarero2014]). Minimal routes by default.
struct Dragonfly : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "dragonfly";
  int hosts_per_router = 1;   // p
  int routers_per_group = 0;  // a
  int global_cables = 0;      // h
  int groups = 0;             // g
  int chassis = 1;
  int router_cables = 1;
  int chassis_cables = 1;
  int most_between_groups = 0;
  std::optional<BytesPerSecond> global_bandwidth;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("hosts_per_router", self.hosts_per_router, "p", required | between(1, 1000));
    v("routers_per_group", self.routers_per_group, "a (0: balanced, 2 p)", between(0, 10000));
    v("global_cables", self.global_cables, "h, of each router (0: balanced, p)", between(0, 10000));
    v("groups", self.groups, "g (0: as many as the hosts need)", between(0, 100000));
    v("chassis", self.chassis, "parts that a group consists of", between(1, 1000));
    v("router_cables",
      self.router_cables,
      "cables between two routers of a chassis",
      between(1, 1000));
    v("chassis_cables",
      self.chassis_cables,
      "cables between two routers at the same place of two chassis",
      between(1, 1000));
    v("most_between_groups",
      self.most_between_groups,
      "cables between two groups at most, where others are left unused (0: all)",
      between(0, 100000));
    v("global_bandwidth",
      self.global_bandwidth,
      "data rate of cables between groups, if it is another than the switch's",
      positive);
  }
};

/// A dragonfly cut to a number of hosts.
struct DragonflyLayout {
  int routers_per_group = 0;
  int global_cables = 0;
  int groups = 0;
  int between_groups = 0;  // cables between any two
};

/// Infeasible if groups do not consist of whole chassis, or if there are too many hosts or groups.
Outcome<DragonflyLayout> layout(const Dragonfly& fabric, int hosts);

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const Dragonfly& fabric, int hosts);
RoutingRules routing_rules(const Dragonfly& fabric);

}  // namespace omniphi::hw
