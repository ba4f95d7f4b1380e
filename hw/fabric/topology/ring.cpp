#include "hw/fabric/topology/ring.h"

#include "hw/fabric/topology/grid.h"

namespace omniphi::hw {

Outcome<Wiring> wired(const Ring& ring, int hosts) {
  const Grid grid({(hosts - 1) / ring.hosts_per_switch + 1});
  auto outcome = grid_of_switches(ring,
                                  grid,
                                  ring.hosts_per_switch,
                                  cables_to_neighbours(grid, ring.cables, true),
                                  hosts,
                                  "a ring");
  if (auto* wiring = std::get_if<Wiring>(&outcome)) {
    join_neighbours(*wiring, grid, ring, ring.cables, true);
  }
  return outcome;
}

RoutingRules routing_rules(const Ring& ring) {
  return dimension_order_rules(ring, LaneRule::Dateline);
}

}  // namespace omniphi::hw
