#include "hw/fabric/topology/single_switch.h"

namespace omniphi::hw {

Outcome<Wiring> wired(const SingleSwitch& fabric, int hosts) {
  if (auto fault = unbuildable(fabric, 1, hosts, 0)) return *std::move(fault);
  Wiring wiring(hosts, fabric.part->link);
  wiring.add_switches(1, fabric.part->latency);
  wiring.join_hosts(hosts, fabric.ports_per_node);
  return wiring;
}

RoutingRules routing_rules(const SingleSwitch& fabric) {
  return shortest_rules(fabric, LaneRule::Single);
}

}  // namespace omniphi::hw
