#pragma once

#include <cstdint>

#include "hw/fabric/director.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// What a fabric is bought of. Adapters belong to the nodes: their ports are counted, not priced.
struct BillOfMaterials {
  std::int64_t switches = 0;   // as bought: a director is one, whatever is in it
  std::int64_t directors = 0;  // of the switches
  std::int64_t chips = 0;      // switches and what directors consist of
  std::int64_t host_cables = 0;
  std::int64_t switch_cables = 0;  // between switches; not the wires in directors
  std::int64_t short_cables = 0;   // of those, within a rack or group
  std::int64_t adapter_ports = 0;
  Figure<Usd> price;    // of switches and cables
  Figure<Watts> power;  // of switches and cables

  [[nodiscard]] std::int64_t cables() const { return host_cables + switch_cables; }
};

/// The parts that a wiring is bought of.
struct FabricParts {
  const Switch& part;
  const Cable& short_cable;
  const Director* director = nullptr;  // null: there are none
};

/// The bill with its totals. Each host cable ends at an adapter port.
BillOfMaterials bill_of_materials(const FabricParts& parts, const Wiring& wiring);

}  // namespace omniphi::hw
