#pragma once

#include <cstdint>

#include "hw/fabric/parts.h"

namespace omniphi::hw {

/// What a fabric is bought of. Adapters belong to the nodes: their ports are counted, not priced.
struct BillOfMaterials {
  std::int64_t switches = 0;
  std::int64_t host_cables = 0;
  std::int64_t switch_cables = 0;
  std::int64_t adapter_ports = 0;
  Figure<Usd> price;    // of switches and cables
  Figure<Watts> power;  // of switches and cables

  [[nodiscard]] std::int64_t cables() const { return host_cables + switch_cables; }
};

/// The bill of a fabric of equal switches, with its totals. Each host cable ends at an adapter
/// port.
BillOfMaterials bill_of_materials(const Switch& part,
                                  std::int64_t switches,
                                  std::int64_t host_cables,
                                  std::int64_t switch_cables);

}  // namespace omniphi::hw
