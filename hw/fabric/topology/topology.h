#pragma once

#include <variant>

#include "hw/fabric/topology/fat_tree.h"

namespace omniphi::hw {

/// How a fabric is wired, whatever the number of hosts. Each kind reads its own parameters.
using Topology = std::variant<FatTree>;

/// The fabric for this many hosts (1 or more), or why there is none.
Outcome<FabricGraph> build(const Topology& topology, int hosts);

/// Bandwidth between two halves of the hosts, one direction, over the worst halving: the minimum
/// balanced cut. 0 for one host.
/// Throws std::invalid_argument where `build` would answer Infeasible.
BytesPerSecond bisection(const Topology& topology, int hosts);

/// What is bought for this many hosts.
/// Throws std::invalid_argument where `build` would answer Infeasible.
BillOfMaterials bill_of_materials(const Topology& topology, int hosts);

}  // namespace omniphi::hw
