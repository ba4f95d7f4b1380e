#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// Places of switches on a grid of any number of dimensions, numbered with the first dimension
/// running fastest.
class Grid {
 public:
  explicit Grid(std::vector<int> sizes) : sizes_(std::move(sizes)) {}

  [[nodiscard]] std::size_t dimensions() const { return sizes_.size(); }

  [[nodiscard]] int size(std::size_t dimension) const { return sizes_[dimension]; }

  /// Capped at a number that is too large for any fabric.
  [[nodiscard]] std::int64_t places() const;

  /// How much numbers differ between neighbours in a dimension.
  [[nodiscard]] std::int64_t stride(std::size_t dimension) const;

  [[nodiscard]] int coordinate(std::int64_t place, std::size_t dimension) const {
    return static_cast<int>(place / stride(dimension) % sizes_[dimension]);
  }

  /// "4 x 4 x 2"
  [[nodiscard]] std::string text() const;

 private:
  std::vector<int> sizes_;
};

/// A switch on each place, `hosts_per_switch` hosts on each from the first on, and cut lines along
/// each dimension; the switches, of which each is to have `neighbour_cables` to others, are not
/// joined yet. Infeasible if the hosts or cables are too many; `what` says for what, as in "a torus
/// of 4 x 4".
Outcome<Wiring> grid_of_switches(const FabricParameters& common,
                                 const Grid& grid,
                                 int hosts_per_switch,
                                 std::int64_t neighbour_cables,
                                 int hosts,
                                 const std::string& what);

/// Cables of a switch in the middle of the grid if neighbours are joined by `cables` each.
std::int64_t cables_to_neighbours(const Grid& grid, int cables, bool closed);

/// Joins neighbours in each dimension by `cables` each, and, if `closed`, the last to the first
/// where there are more than two. Cables are laid in the order of their lower ends, so that the one
/// that closes a ring is the one from a higher number to a lower.
void join_neighbours(
    Wiring& wiring, const Grid& grid, const FabricParameters& common, int cables, bool closed);

}  // namespace omniphi::hw
