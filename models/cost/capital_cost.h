#pragma once

#include <vector>

#include "hw/fabric/bill_of_materials.h"
#include "hw/system/cluster.h"
#include "models/report/report.h"

namespace omniphi::models {

/// Price of the cluster in parts, from the bills of materials of its nodes and its fabric. List
/// prices: no discount, no building, no labour.
std::vector<PriceShare> capital_cost(const hw::Cluster& cluster, const hw::BillOfMaterials& fabric);

}  // namespace omniphi::models
