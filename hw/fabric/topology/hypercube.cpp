#include "hw/fabric/topology/hypercube.h"

#include <bit>

#include <fmt/format.h>

#include "hw/fabric/topology/grid.h"

namespace omniphi::hw {

Outcome<Wiring> wired(const Hypercube& cube, int hosts) {
  const auto switches = static_cast<unsigned>((hosts - 1) / cube.hosts_per_switch + 1);
  const int dimension = cube.dimension > 0 ? cube.dimension : std::bit_width(switches - 1);
  const Grid grid(std::vector<int>(dimension, 2));
  auto outcome = grid_of_switches(
      cube, grid, cube.hosts_per_switch, dimension, hosts, fmt::format("a {}-cube", dimension));
  if (auto* wiring = std::get_if<Wiring>(&outcome)) join_neighbours(*wiring, grid, cube, 1, false);
  return outcome;
}

RoutingRules routing_rules(const Hypercube& cube) {
  return dimension_order_rules(cube, LaneRule::Single);
}

}  // namespace omniphi::hw
