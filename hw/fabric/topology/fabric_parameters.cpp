#include "hw/fabric/topology/fabric_parameters.h"

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

constexpr std::int64_t kMostSwitches = 1'000'000;
constexpr std::int64_t kMostCables = 20'000'000;

RoutingRules rules_of(const FabricParameters& common, RoutingMethod usual, LaneRule lanes) {
  RoutingRules rules{.method = common.routing, .paths = common.paths, .seed = common.seed};
  if (rules.method == RoutingMethod::Usual) rules.method = usual;
  rules.lanes = rules.method == usual ? lanes : LaneRule::Hop;
  return rules;
}

}  // namespace

std::optional<Infeasible> unbuildable(const FabricParameters& common,
                                      std::int64_t switches,
                                      int hosts_per_switch,
                                      std::int64_t neighbour_cables) {
  const std::int64_t for_hosts = std::int64_t{hosts_per_switch} * common.ports_per_node;
  if (for_hosts + neighbour_cables > common.part->ports) {
    return Infeasible{
        fmt::format("each switch needs {} ports to hosts and {} to other switches, and has {}",
                    for_hosts,
                    neighbour_cables,
                    common.part->ports)};
  }
  if (switches > kMostSwitches || switches * neighbour_cables / 2 > kMostCables) {
    return Infeasible{
        fmt::format("a fabric of more than {} switches or {} cables", kMostSwitches, kMostCables)};
  }
  return std::nullopt;
}

RoutingRules shortest_rules(const FabricParameters& common, LaneRule lanes) {
  RoutingRules rules = rules_of(common, RoutingMethod::Shortest, lanes);
  if (rules.method == RoutingMethod::AdaptiveShortest) rules.lanes = lanes;
  return rules;
}

RoutingRules dimension_order_rules(const FabricParameters& common, LaneRule lanes) {
  RoutingRules rules = rules_of(common, RoutingMethod::DimensionOrder, lanes);
  rules.dimension_order =
      rules.method != RoutingMethod::Shortest && rules.method != RoutingMethod::AdaptiveShortest;
  return rules;
}

}  // namespace omniphi::hw
