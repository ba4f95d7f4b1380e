#include "hw/fabric/wiring.h"

#include <fmt/format.h>

namespace omniphi::hw {

Wiring::Wiring(int host_count, const Link& host_link) : hosts(host_count) {
  add_kind(host_link, CableReach::Host);
}

std::string Wiring::name(VertexId v) const {
  if (!names.empty()) return names[v.index()];
  const auto hosts_before = static_cast<std::size_t>(hosts);
  return v.index() < hosts_before ? fmt::format("host-{}", v.index())
                                  : fmt::format("switch-{}", v.index() - hosts_before);
}

void Wiring::add_switches(int count, Seconds latency) {
  switch_latencies.insert(switch_latencies.end(), count, latency);
}

std::uint32_t Wiring::add_kind(const Link& link, CableReach reach) {
  kinds.push_back({link, reach});
  return static_cast<std::uint32_t>(kinds.size() - 1);
}

void Wiring::join(
    VertexId a, VertexId b, std::uint32_t kind, int cables_between, std::uint32_t dimension) {
  cables.insert(cables.end(), cables_between, {a, b, kind, dimension});
}

void Wiring::join_hosts(int hosts_per_switch, int ports_per_node) {
  for (int h = 0; h < hosts; ++h) join(host(h), switch_at(h / hosts_per_switch), 0, ports_per_node);
}

FabricGraph graph_of(const Wiring& wiring) {
  std::vector<Link> links;
  links.reserve(wiring.kinds.size());
  for (const Wiring::CableKind& kind : wiring.kinds) links.push_back(kind.link);
  return FabricGraph(wiring.hosts, wiring.switch_latencies, std::move(links), wiring.cables);
}

}  // namespace omniphi::hw
