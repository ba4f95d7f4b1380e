#pragma once

#include <variant>

#include "hw/fabric/bill_of_materials.h"
#include "hw/fabric/routing.h"
#include "hw/fabric/topology/dragonfly.h"
#include "hw/fabric/topology/edge_list.h"
#include "hw/fabric/topology/fat_tree.h"
#include "hw/fabric/topology/fully_connected.h"
#include "hw/fabric/topology/hypercube.h"
#include "hw/fabric/topology/hyperx.h"
#include "hw/fabric/topology/mesh.h"
#include "hw/fabric/topology/ring.h"
#include "hw/fabric/topology/single_switch.h"
#include "hw/fabric/topology/torus.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// How a fabric is wired, whatever the number of hosts. Each kind reads its own parameters.
using Topology = std::variant<FatTree,
                              SingleSwitch,
                              Dragonfly,
                              Torus,
                              SwitchMesh,
                              Hypercube,
                              HyperX,
                              Ring,
                              FullyConnected,
                              EdgeList>;

/// The parameters that all kinds have.
const FabricParameters& common(const Topology& topology);

/// The fabric for this many hosts (1 or more) as planned, or why there is none.
Outcome<Wiring> wired(const Topology& topology, int hosts);

/// The same as it stands, without what is broken in it.
Outcome<Wiring> working(const Topology& topology, int hosts);

/// The graph of what works. It may have more hosts: an edge list always has all of its own.
Outcome<FabricGraph> build(const Topology& topology, int hosts);

/// The rules that its routes follow.
RoutingRules routing_rules(const Topology& topology);

// Of the fabric as planned. Both throw std::invalid_argument where `wired` answers Infeasible.

/// Bandwidth between two halves of the hosts, one direction, over the worst halving (see
/// narrowest_cut). 0 for one host.
BytesPerSecond bisection(const Topology& topology, int hosts);

/// What is bought for this many hosts.
BillOfMaterials bill_of_materials(const Topology& topology, int hosts);

}  // namespace omniphi::hw
