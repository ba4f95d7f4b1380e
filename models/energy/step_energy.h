#pragma once

#include <vector>

#include "hw/fabric/bill_of_materials.h"
#include "hw/system/cluster.h"
#include "models/report/report.h"

namespace omniphi::models {

/// What one node of a group does in a step, as far as energy cares.
struct NodeActivity {
  Flops arithmetic{};
  Bytes fast_memory{};  // moved
  Bytes main_memory{};  // moved
};

/// Energy of one step of time T over all nodes and the fabric, in parts:
///     E = T (sum of powers at rest) + arithmetic * energy per flop + bytes * energy per byte
/// At rest: packages with idle cores, the nodes' other parts, adapters, switches and cables, which
/// draw the same whether used or not (a switch port's transceivers never sleep). Low ends combine
/// the low power with the short step, high ends the high with the long: correlated, as a wide range
/// should be.
std::vector<EnergyShare> step_energy(const hw::Cluster& cluster,
                                     const hw::BillOfMaterials& fabric,
                                     const std::vector<NodeActivity>& by_group,
                                     const Figure<Seconds>& step);

}  // namespace omniphi::models
