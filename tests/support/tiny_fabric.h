#pragma once

#include "hw/fabric/topology/topology.h"

/// Round numbers for fabrics worked by hand: 10 GB/s without packet headers, 10 ns a cable, 100 ns
/// a switch.
namespace omniphi::tests {

inline hw::Link round_link() {
  return {.bandwidth = BytesPerSecond(10e9),
          .maximum_transfer_unit = Bytes(8000),
          .packet_overhead = Bytes(0),
          .latency = Seconds(10e-9)};
}

inline hw::Switch round_switch(int ports) {
  hw::Switch part;
  part.ports = ports;
  part.link = round_link();
  part.latency = Seconds(100e-9);
  part.price = Figure<Usd>::exact(Usd(1000), Basis::Published);
  part.power = Figure<Watts>::exact(Watts(200), Basis::Published);
  part.host_cable.value.price = Figure<Usd>::exact(Usd(10), Basis::Published);
  part.switch_cable.value.price = Figure<Usd>::exact(Usd(50), Basis::Published);
  part.switch_cable.value.power = Figure<Watts>::exact(Watts(6), Basis::Published);
  return part;
}

/// A topology of switches with this many ports.
template <class Kind>
Kind of_round_switches(int ports) {
  Kind kind;
  kind.part.value = round_switch(ports);
  return kind;
}

inline hw::FatTree fat_tree(int ports, double taper = 1, int ports_per_node = 1) {
  auto tree = of_round_switches<hw::FatTree>(ports);
  tree.taper = taper;
  tree.ports_per_node = ports_per_node;
  return tree;
}

inline hw::FabricGraph built(const hw::Topology& topology, int hosts) {
  return std::get<hw::FabricGraph>(hw::build(topology, hosts));
}

}  // namespace omniphi::tests
