#include "hw/fabric/topology/mesh.h"

#include "hw/fabric/topology/grid.h"

namespace omniphi::hw {

Outcome<Wiring> wired(const SwitchMesh& mesh, int hosts) {
  const Grid grid(mesh.dimensions);
  auto outcome = grid_of_switches(mesh,
                                  grid,
                                  mesh.hosts_per_switch,
                                  cables_to_neighbours(grid, mesh.cables, false),
                                  hosts,
                                  "a mesh of " + grid.text());
  if (auto* wiring = std::get_if<Wiring>(&outcome)) {
    join_neighbours(*wiring, grid, mesh, mesh.cables, false);
  }
  return outcome;
}

RoutingRules routing_rules(const SwitchMesh& mesh) {
  return dimension_order_rules(mesh, LaneRule::Single);
}

}  // namespace omniphi::hw
