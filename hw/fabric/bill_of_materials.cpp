#include "hw/fabric/bill_of_materials.h"

namespace omniphi::hw {

namespace {

/// What is not bought adds nothing, even where nobody knows its price.
template <class Q>
Figure<Q> total(const Figure<Q>& each, std::int64_t count) {
  return count == 0 ? Figure<Q>::exact(Q{}, Basis::Measured) : each * static_cast<double>(count);
}

}  // namespace

BillOfMaterials bill_of_materials(const Switch& part,
                                  std::int64_t switches,
                                  std::int64_t host_cables,
                                  std::int64_t switch_cables) {
  const Cable& to_host = *part.host_cable;
  const Cable& to_switch = *part.switch_cable;
  return {.switches = switches,
          .host_cables = host_cables,
          .switch_cables = switch_cables,
          .adapter_ports = host_cables,
          .price = total(part.price, switches) + total(to_host.price, host_cables) +
                   total(to_switch.price, switch_cables),
          .power = total(part.power, switches) + total(to_host.power, host_cables) +
                   total(to_switch.power, switch_cables)};
}

}  // namespace omniphi::hw
