#include "hw/fabric/topology/fully_connected.h"

#include <fmt/format.h>

namespace omniphi::hw {

Outcome<Wiring> wired(const FullyConnected& fabric, int hosts) {
  const int switches = (hosts - 1) / fabric.hosts_per_switch + 1;
  const std::int64_t between = std::int64_t{switches - 1} * fabric.cables;
  if (auto fault = unbuildable(fabric, switches, fabric.hosts_per_switch, between)) {
    return Infeasible{fmt::format("{} fully connected switches: {}", switches, fault->reason)};
  }
  Wiring wiring(hosts, fabric.part->link);
  wiring.add_switches(switches, fabric.part->latency);
  wiring.join_hosts(fabric.hosts_per_switch, fabric.ports_per_node);
  const std::uint32_t kind = wiring.add_kind(fabric.part->link, CableReach::Long);
  for (int a = 0; a < switches; ++a) {
    for (int b = a + 1; b < switches; ++b) {
      wiring.join(wiring.switch_at(a), wiring.switch_at(b), kind, fabric.cables);
    }
  }
  return wiring;
}

RoutingRules routing_rules(const FullyConnected& fabric) {
  return shortest_rules(fabric, LaneRule::Single);
}

}  // namespace omniphi::hw
