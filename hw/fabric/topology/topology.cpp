#include "hw/fabric/topology/topology.h"

namespace omniphi::hw {

Outcome<FabricGraph> build(const Topology& topology, int hosts) {
  return std::visit([&](const auto& kind) { return build(kind, hosts); }, topology);
}

BytesPerSecond bisection(const Topology& topology, int hosts) {
  return std::visit([&](const auto& kind) { return bisection(kind, hosts); }, topology);
}

BillOfMaterials bill_of_materials(const Topology& topology, int hosts) {
  return std::visit([&](const auto& kind) { return bill_of_materials(kind, hosts); }, topology);
}

}  // namespace omniphi::hw
