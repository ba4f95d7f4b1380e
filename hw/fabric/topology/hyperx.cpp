#include "hw/fabric/topology/hyperx.h"

#include <fmt/format.h>

#include "hw/fabric/topology/grid.h"

namespace omniphi::hw {

namespace {

/// Joins all switches that differ in one dimension and in no other.
void join_all(Wiring& wiring, const Grid& grid, std::size_t d, std::uint32_t kind, int cables) {
  const std::int64_t stride = grid.stride(d);
  for (std::int64_t s = 0; s < grid.places(); ++s) {
    for (int ahead = 1; grid.coordinate(s, d) + ahead < grid.size(d); ++ahead) {
      wiring.join(wiring.switch_at(s),
                  wiring.switch_at(s + ahead * stride),
                  kind,
                  cables,
                  static_cast<std::uint32_t>(d));
    }
  }
}

}  // namespace

Outcome<Wiring> wired(const HyperX& fabric, int hosts) {
  const Grid grid(fabric.dimensions);
  const std::size_t counts = fabric.cables.size();
  if (counts != 0 && counts != grid.dimensions()) {
    return Infeasible{fmt::format("a HyperX of {} has {} dimensions, and cables are given for {}",
                                  grid.text(),
                                  grid.dimensions(),
                                  counts)};
  }
  const auto cables = [&](std::size_t d) { return counts == 0 ? 1 : fabric.cables[d]; };
  std::int64_t to_others = 0;
  for (std::size_t d = 0; d < grid.dimensions(); ++d) {
    to_others += std::int64_t{cables(d)} * (grid.size(d) - 1);
  }
  auto outcome = grid_of_switches(
      fabric, grid, fabric.hosts_per_switch, to_others, hosts, "a HyperX of " + grid.text());
  auto* wiring = std::get_if<Wiring>(&outcome);
  for (std::size_t d = 0; wiring && d < grid.dimensions(); ++d) {
    const std::uint32_t kind =
        wiring->add_kind(fabric.part->link, d == 0 ? CableReach::Short : CableReach::Long);
    join_all(*wiring, grid, d, kind, cables(d));
  }
  return outcome;
}

RoutingRules routing_rules(const HyperX& fabric) {
  return dimension_order_rules(fabric, LaneRule::Single);
}

}  // namespace omniphi::hw
