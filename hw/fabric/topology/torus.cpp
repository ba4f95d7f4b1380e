#include "hw/fabric/topology/torus.h"

#include "hw/fabric/topology/grid.h"

namespace omniphi::hw {

Outcome<Wiring> wired(const Torus& torus, int hosts) {
  const Grid grid(torus.dimensions);
  auto outcome = grid_of_switches(torus,
                                  grid,
                                  torus.hosts_per_switch,
                                  cables_to_neighbours(grid, torus.cables, true),
                                  hosts,
                                  "a torus of " + grid.text());
  if (auto* wiring = std::get_if<Wiring>(&outcome)) {
    join_neighbours(*wiring, grid, torus, torus.cables, true);
  }
  return outcome;
}

RoutingRules routing_rules(const Torus& torus) {
  return dimension_order_rules(torus, LaneRule::Dateline);
}

}  // namespace omniphi::hw
