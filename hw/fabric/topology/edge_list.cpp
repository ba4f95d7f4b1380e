#include "hw/fabric/topology/edge_list.h"

#include <unordered_map>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

constexpr std::int64_t kMostListed = 2'000'000;

/// Hosts and switches by name.
class Vertices {
 public:
  explicit Vertices(const EdgeList& fabric) {
    for (const std::string& name : fabric.switches) {
      if (!switches_.try_emplace(name, switches_.size()).second) repeated_ = name;
    }
    for (const CableList& list : fabric.cables) {
      for (const CableEnds& ends : list.ends) {
        add(ends.a);
        add(ends.b);
      }
    }
  }

  [[nodiscard]] const std::string& repeated() const { return repeated_; }

  [[nodiscard]] const std::vector<std::string>& hosts() const { return names_; }

  [[nodiscard]] bool is_host(const std::string& name) const { return !switches_.contains(name); }

  [[nodiscard]] VertexId at(const std::string& name) const {
    const auto found = switches_.find(name);
    if (found != switches_.end()) return VertexId(names_.size() + found->second);
    return VertexId(hosts_.at(name));
  }

 private:
  void add(const std::string& name) {
    if (is_host(name) && hosts_.try_emplace(name, hosts_.size()).second) names_.push_back(name);
  }

  std::unordered_map<std::string, std::int64_t> switches_;
  std::unordered_map<std::string, std::int64_t> hosts_;
  std::vector<std::string> names_;
  std::string repeated_;
};

/// Why these are no cables of a fabric; "" if they are.
std::string fault_of(const EdgeList& fabric, const Vertices& vertices) {
  if (!vertices.repeated().empty()) {
    return fmt::format("the switch {} is listed twice", vertices.repeated());
  }
  std::unordered_map<std::string, int> used;
  std::int64_t cables = 0;
  for (const CableList& list : fabric.cables) {
    for (const CableEnds& ends : list.ends) {
      if (vertices.is_host(ends.a) && vertices.is_host(ends.b)) {
        return fmt::format(
            "the cable \"{} {}\" joins two hosts: neither is among the switches", ends.a, ends.b);
      }
      if (ends.a == ends.b) return fmt::format("a cable joins {} to itself", ends.a);
      for (const std::string& end : {ends.a, ends.b}) {
        if ((used[end] += ends.count) <= fabric.part->ports || vertices.is_host(end)) continue;
        return fmt::format(
            "the switch {} has more cables than its {} ports", end, fabric.part->ports);
      }
      if ((cables += ends.count) > kMostListed) {
        return fmt::format("a list of more than {} cables", kMostListed);
      }
    }
  }
  return "";
}

Link link_of(const CableList& list, const Link& usual) {
  Link link = usual;
  if (list.bandwidth) link.bandwidth = *list.bandwidth;
  if (list.latency) link.latency = *list.latency;
  return link;
}

}  // namespace

Outcome<Wiring> wired(const EdgeList& fabric, int hosts) {
  const Vertices vertices(fabric);
  if (std::string fault = fault_of(fabric, vertices); !fault.empty()) {
    return Infeasible{std::move(fault)};
  }
  const auto listed = static_cast<int>(vertices.hosts().size());
  if (hosts > listed) {
    return Infeasible{fmt::format("{} hosts are in the list of cables, not {}", listed, hosts)};
  }
  Wiring wiring(listed, fabric.part->link);
  wiring.add_switches(static_cast<int>(fabric.switches.size()), fabric.part->latency);
  wiring.names = vertices.hosts();
  wiring.names.insert(wiring.names.end(), fabric.switches.begin(), fabric.switches.end());
  for (const CableList& list : fabric.cables) {
    const Link link = link_of(list, fabric.part->link);
    const std::uint32_t to_hosts = wiring.add_kind(link, CableReach::Host);
    const std::uint32_t to_switches = wiring.add_kind(link, CableReach::Long);
    for (const CableEnds& ends : list.ends) {
      const bool at_host = vertices.is_host(ends.a) || vertices.is_host(ends.b);
      wiring.join(
          vertices.at(ends.a), vertices.at(ends.b), at_host ? to_hosts : to_switches, ends.count);
    }
  }
  return wiring;
}

RoutingRules routing_rules(const EdgeList& fabric) {
  return shortest_rules(fabric, LaneRule::Single);
}

}  // namespace omniphi::hw
