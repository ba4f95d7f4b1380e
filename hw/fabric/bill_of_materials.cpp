#include "hw/fabric/bill_of_materials.h"

#include <array>

namespace omniphi::hw {

namespace {

/// What is not bought adds nothing, even where nobody knows its price.
template <class Bought>
void add(BillOfMaterials& bill, const Bought& part, std::int64_t count) {
  if (count == 0) return;
  bill.price = bill.price + part.price * static_cast<double>(count);
  bill.power = bill.power + part.power * static_cast<double>(count);
}

std::array<std::int64_t, 4> cables_by_reach(const Wiring& wiring) {
  std::array<std::int64_t, 4> counts{};
  for (const FabricGraph::Cable& cable : wiring.cables) {
    ++counts[static_cast<std::size_t>(wiring.kinds[cable.link].reach)];
  }
  return counts;
}

}  // namespace

BillOfMaterials bill_of_materials(const FabricParts& parts, const Wiring& wiring) {
  const auto [to_hosts, short_ones, long_ones, internal] = cables_by_reach(wiring);
  const std::int64_t plain = wiring.switches() - wiring.director_switches;
  BillOfMaterials bill{.switches = plain + wiring.directors,
                       .directors = wiring.directors,
                       .chips = wiring.switches(),
                       .host_cables = to_hosts,
                       .switch_cables = short_ones + long_ones,
                       .short_cables = short_ones,
                       .adapter_ports = to_hosts,
                       .price = Figure<Usd>::exact(Usd(0), Basis::Measured),
                       .power = Figure<Watts>::exact(Watts(0), Basis::Measured)};
  add(bill, parts.part, plain);
  if (parts.director) add(bill, *parts.director, wiring.directors);
  add(bill, *parts.part.host_cable, to_hosts);
  add(bill, parts.short_cable, short_ones);
  add(bill, *parts.part.switch_cable, long_ones);
  return bill;
}

}  // namespace omniphi::hw
