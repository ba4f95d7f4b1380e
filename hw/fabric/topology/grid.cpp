#include "hw/fabric/topology/grid.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace omniphi::hw {

std::int64_t Grid::places() const {
  constexpr std::int64_t kCap = 1'000'000'000;
  std::int64_t product = 1;
  for (const int size : sizes_) product = std::min(product * size, kCap);
  return product;
}

std::int64_t Grid::stride(std::size_t dimension) const {
  std::int64_t product = 1;
  for (std::size_t d = 0; d < dimension; ++d) product *= sizes_[d];
  return product;
}

std::string Grid::text() const {
  return fmt::format("{}", fmt::join(sizes_, " x "));
}

Outcome<Wiring> grid_of_switches(const FabricParameters& common,
                                 const Grid& grid,
                                 int hosts_per_switch,
                                 std::int64_t neighbour_cables,
                                 int hosts,
                                 const std::string& what) {
  const std::int64_t places = grid.places();
  if (auto fault = unbuildable(common, places, hosts_per_switch, neighbour_cables)) {
    return Infeasible{fmt::format("{}: {}", what, fault->reason)};
  }
  if (hosts > places * hosts_per_switch) {
    return Infeasible{fmt::format("{} with {} {} on each switch holds at most {} hosts, not {}",
                                  what,
                                  hosts_per_switch,
                                  hosts_per_switch == 1 ? "host" : "hosts",
                                  places * hosts_per_switch,
                                  hosts)};
  }
  Wiring wiring(hosts, common.part->link);
  wiring.add_switches(static_cast<int>(places), common.part->latency);
  wiring.join_hosts(hosts_per_switch, common.ports_per_node);
  for (std::size_t d = 0; d < grid.dimensions(); ++d) {
    std::vector<std::uint32_t>& line = wiring.cut_lines.emplace_back();
    for (std::int64_t s = 0; s < places; ++s) line.push_back(grid.coordinate(s, d));
  }
  return wiring;
}

std::int64_t cables_to_neighbours(const Grid& grid, int cables, bool closed) {
  std::int64_t sum = 0;
  for (std::size_t d = 0; d < grid.dimensions(); ++d) {
    const int most = closed ? 2 : std::min(2, grid.size(d) - 1);
    sum += std::int64_t{cables} * (grid.size(d) < 3 ? grid.size(d) - 1 : most);
  }
  return sum;
}

void join_neighbours(
    Wiring& wiring, const Grid& grid, const FabricParameters& common, int cables, bool closed) {
  const std::uint32_t kind = wiring.add_kind(common.part->link, CableReach::Short);
  for (std::size_t d = 0; d < grid.dimensions(); ++d) {
    const std::int64_t stride = grid.stride(d);
    const int size = grid.size(d);
    for (std::int64_t s = 0; s < grid.places(); ++s) {
      const bool last = grid.coordinate(s, d) == size - 1;
      if (last && (!closed || size < 3)) continue;
      const std::int64_t next = last ? s - (size - 1) * stride : s + stride;
      wiring.join(
          wiring.switch_at(s), wiring.switch_at(next), kind, cables, static_cast<std::uint32_t>(d));
    }
  }
}

}  // namespace omniphi::hw
