#include "hw/fabric/topology/dragonfly.h"

#include <algorithm>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

/// Dimensions that routes within a group of several chassis take in order.
constexpr std::uint32_t kInChassis = 0;
constexpr std::uint32_t kBetweenChassis = 1;
constexpr std::uint32_t kGlobal = 2;

int routers_per_group(const Dragonfly& fabric) {
  return fabric.routers_per_group > 0 ? fabric.routers_per_group : 2 * fabric.hosts_per_router;
}

int global_cables(const Dragonfly& fabric) {
  return fabric.global_cables > 0 ? fabric.global_cables : fabric.hosts_per_router;
}

void join_group(Wiring& wiring, const Dragonfly& fabric, int first, int routers) {
  constexpr std::uint32_t kGroupCable = 1;  // among the wiring's kinds
  const int per_chassis = routers / fabric.chassis;
  for (int a = 0; a < routers; ++a) {
    for (int b = a + 1; b < routers; ++b) {
      const bool same_chassis = a / per_chassis == b / per_chassis;
      if (!same_chassis && a % per_chassis != b % per_chassis) continue;
      wiring.join(wiring.switch_at(first + a),
                  wiring.switch_at(first + b),
                  kGroupCable,
                  same_chassis ? fabric.router_cables : fabric.chassis_cables,
                  same_chassis ? kInChassis : kBetweenChassis);
    }
  }
}

/// The other end of a group's k-th global cable is the other group's number
/// k' = k + (g - 2) - 2 (k mod (g - 1)): looking back, the offset o = k mod (g - 1) is g - 2 - o.
void join_groups(Wiring& wiring, const DragonflyLayout& shape) {
  constexpr std::uint32_t kGlobalCable = 2;
  const int others = shape.groups - 1;
  for (int group = 0; group < shape.groups; ++group) {
    for (int k = 0; k < shape.between_groups * others; ++k) {
      const int offset = k % others;
      const int other = (group + 1 + offset) % shape.groups;
      if (other < group) continue;
      const int back = k + (others - 1) - 2 * offset;
      wiring.join(wiring.switch_at(group * shape.routers_per_group + k / shape.global_cables),
                  wiring.switch_at(other * shape.routers_per_group + back / shape.global_cables),
                  kGlobalCable,
                  1,
                  kGlobal);
    }
  }
}

}  // namespace

Outcome<DragonflyLayout> layout(const Dragonfly& fabric, int hosts) {
  DragonflyLayout out{.routers_per_group = routers_per_group(fabric),
                      .global_cables = global_cables(fabric)};
  if (out.routers_per_group % fabric.chassis != 0) {
    return Infeasible{fmt::format("a group of {} routers cannot be of {} equal chassis",
                                  out.routers_per_group,
                                  fabric.chassis)};
  }
  const std::int64_t group_cables = std::int64_t{out.routers_per_group} * out.global_cables;
  const std::int64_t group_hosts = std::int64_t{out.routers_per_group} * fabric.hosts_per_router;
  const std::int64_t needed = (hosts - 1) / group_hosts + 1;
  const std::int64_t groups = fabric.groups > 0 ? fabric.groups : needed;
  if (groups > group_cables + 1) {
    return Infeasible{
        fmt::format("a dragonfly of groups with {} cables to others has at most {} groups, not {}",
                    group_cables,
                    group_cables + 1,
                    groups)};
  }
  if (needed > groups) {
    return Infeasible{fmt::format("a dragonfly of {} groups of {} hosts holds at most {}, not {}",
                                  groups,
                                  group_hosts,
                                  groups * group_hosts,
                                  hosts)};
  }
  out.groups = static_cast<int>(groups);
  if (groups > 1) out.between_groups = static_cast<int>(group_cables / (groups - 1));
  if (fabric.most_between_groups > 0) {
    out.between_groups = std::min(out.between_groups, fabric.most_between_groups);
  }
  return out;
}

Outcome<Wiring> wired(const Dragonfly& fabric, int hosts) {
  const auto outcome = layout(fabric, hosts);
  if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) return *infeasible;
  const auto& shape = std::get<DragonflyLayout>(outcome);
  const std::int64_t routers = std::int64_t{shape.groups} * shape.routers_per_group;
  const std::int64_t per_chassis = shape.routers_per_group / fabric.chassis;
  const std::int64_t neighbours = (per_chassis - 1) * fabric.router_cables +
                                  std::int64_t{fabric.chassis - 1} * fabric.chassis_cables +
                                  shape.global_cables;
  if (auto fault = unbuildable(fabric, routers, fabric.hosts_per_router, neighbours)) {
    return Infeasible{fmt::format("a dragonfly of {} routers: {}", routers, fault->reason)};
  }
  Wiring wiring(hosts, fabric.part->link);
  wiring.add_switches(static_cast<int>(routers), fabric.part->latency);
  wiring.join_hosts(fabric.hosts_per_router, fabric.ports_per_node);
  wiring.add_kind(fabric.part->link, CableReach::Short);
  Link global = fabric.part->link;
  if (fabric.global_bandwidth) global.bandwidth = *fabric.global_bandwidth;
  wiring.add_kind(global, CableReach::Long);
  for (int group = 0; group < shape.groups; ++group) {
    join_group(wiring, fabric, group * shape.routers_per_group, shape.routers_per_group);
  }
  join_groups(wiring, shape);
  return wiring;
}

RoutingRules routing_rules(const Dragonfly& fabric) {
  RoutingRules rules = shortest_rules(fabric, LaneRule::Group);
  rules.lanes = LaneRule::Group;
  rules.switches_per_group = routers_per_group(fabric);
  // Within a group of one chassis there is nothing to order: one hop leads anywhere.
  rules.dimension_order = fabric.chassis > 1;
  return rules;
}

}  // namespace omniphi::hw
