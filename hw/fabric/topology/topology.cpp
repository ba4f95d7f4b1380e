#include "hw/fabric/topology/topology.h"

#include <stdexcept>

#include <fmt/format.h>

#include "hw/fabric/degraded.h"

namespace omniphi::hw {

namespace {

Wiring feasible_wiring(const Topology& topology, int hosts) {
  auto outcome = wired(topology, hosts);
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) {
    throw std::invalid_argument(infeasible->reason);
  }
  return std::get<Wiring>(std::move(outcome));
}

bool has_dimensions(const Topology& topology) {
  return std::visit([]<class K>(const K&) { return K::has_dimensions; }, topology);
}

const Director* director(const Topology& topology) {
  const auto* tree = std::get_if<FatTree>(&topology);
  return tree && tree->director ? &tree->director->value : nullptr;
}

}  // namespace

const FabricParameters& common(const Topology& topology) {
  return std::visit([](const FabricParameters& kind) -> const FabricParameters& { return kind; },
                    topology);
}

Outcome<Wiring> wired(const Topology& topology, int hosts) {
  if (hosts < 1) throw std::invalid_argument("a fabric needs a host");
  const FabricParameters& parameters = common(topology);
  if (parameters.hosts > 0 && hosts > parameters.hosts) {
    return Infeasible{
        fmt::format("the system's fabric has {} hosts, not {}", parameters.hosts, hosts)};
  }
  if (parameters.routing == RoutingMethod::DimensionOrder && !has_dimensions(topology)) {
    return Infeasible{
        "dimension-order routing needs dimensions: a torus, mesh, ring, hypercube or HyperX"};
  }
  return std::visit([&](const auto& kind) { return wired(kind, hosts); }, topology);
}

Outcome<Wiring> working(const Topology& topology, int hosts) {
  auto outcome = wired(topology, hosts);
  const FabricParameters& parameters = common(topology);
  const auto* wiring = std::get_if<Wiring>(&outcome);
  if (!wiring || parameters.faults.none()) return outcome;
  return degraded(*wiring, parameters.faults, parameters.seed);
}

Outcome<FabricGraph> build(const Topology& topology, int hosts) {
  const auto outcome = working(topology, hosts);
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) return *infeasible;
  return graph_of(std::get<Wiring>(outcome));
}

RoutingRules routing_rules(const Topology& topology) {
  return std::visit([](const auto& kind) { return routing_rules(kind); }, topology);
}

BytesPerSecond bisection(const Topology& topology, int hosts) {
  return narrowest_cut(feasible_wiring(topology, hosts));
}

BillOfMaterials bill_of_materials(const Topology& topology, int hosts) {
  const FabricParameters& parameters = common(topology);
  const Switch& part = *parameters.part;
  const Cable& short_cable = parameters.short_cable ? **parameters.short_cable : *part.switch_cable;
  return bill_of_materials({part, short_cable, director(topology)},
                           feasible_wiring(topology, hosts));
}

}  // namespace omniphi::hw
