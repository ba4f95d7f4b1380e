#include "models/estimate/communication.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <unordered_map>

#include <fmt/format.h>

namespace omniphi::models {

Endpoint endpoint_of(const hw::NodeGroup& group, const SoftwareStack& stack, int ports_per_node) {
  const Calibration& calibration = *stack.calibration;
  const int cores = std::max(1, group.communication_cores);
  const hw::Link& port = group.node->adapter().link;
  const BytesPerSecond share =
      port.bandwidth * port.packet_efficiency() * ports_per_node / group.ranks_per_node;
  Endpoint endpoint;
  endpoint.message_overhead = calibration.message_overhead.value;
  endpoint.rendezvous_threshold = stack.communication.rendezvous_threshold;
  endpoint.rendezvous_handshake = calibration.rendezvous_latency.value;
  endpoint.eager_copy_rate = calibration.core_copy_bandwidth.value * cores;
  endpoint.injection_rate = std::min(calibration.core_injection_bandwidth.value * cores, share);
  if (const auto* gpu = std::get_if<hw::Gpu>(&group.node->kind)) {
    endpoint.injection_rate = std::min(endpoint.injection_rate, gpu->host_link.peak_bandwidth);
  }
  endpoint.local_copy_rate = calibration.core_copy_bandwidth.value * cores;
  endpoint.reduction_rate = calibration.core_reduction_bandwidth.value * cores;
  return endpoint;
}

namespace {

/// `nodes` of the fabric's hosts in an order drawn by the seed.
std::vector<hw::HostId> random_hosts(int nodes, int hosts, std::int64_t seed) {
  std::vector<int> order(hosts);
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  std::vector<hw::HostId> out;
  for (int i = 0; i < nodes; ++i) {
    const auto left = static_cast<std::uint64_t>(hosts - i);
    std::swap(order[i], order[i + static_cast<int>(random() % left)]);
    out.emplace_back(order[i]);
  }
  return out;
}

Outcome<std::vector<hw::HostId>> listed_hosts(const std::vector<std::string>& names,
                                              const hw::Topology& topology,
                                              int nodes) {
  if (names.size() < static_cast<std::size_t>(nodes)) {
    return Infeasible{
        fmt::format("the placement lists {} hosts for {} nodes", names.size(), nodes)};
  }
  const auto wiring = std::get<hw::Wiring>(hw::wired(topology, nodes));
  std::unordered_map<std::string, int> numbers;
  for (int h = 0; h < wiring.hosts; ++h) numbers.emplace(wiring.name(wiring.host(h)), h);
  std::vector<hw::HostId> out;
  for (int i = 0; i < nodes; ++i) {
    const auto found = numbers.find(names[i]);
    if (found == numbers.end()) {
      return Infeasible{fmt::format(
          "the placement lists {}, of which the fabric has no (other) one", in_quotes(names[i]))};
    }
    out.emplace_back(found->second);
    numbers.erase(found);
  }
  return out;
}

}  // namespace

Outcome<Placement> placement_of(const Design& design, const hw::FabricGraph& fabric) {
  const PlacementChoice& choice = design.mapping.placement;
  const int nodes = design.cluster.nodes();
  const int per_node = design.cluster.groups.front().ranks_per_node;
  if (choice.order == PlacementOrder::Block) return Placement(per_node);
  std::vector<hw::HostId> hosts;
  if (choice.order == PlacementOrder::Listed) {
    auto listed = listed_hosts(choice.hosts.names, design.cluster.topology(), nodes);
    if (auto* infeasible = std::get_if<Infeasible>(&listed)) return std::move(*infeasible);
    hosts = std::get<std::vector<hw::HostId>>(std::move(listed));
  } else if (choice.order == PlacementOrder::Random) {
    hosts = random_hosts(nodes, fabric.hosts(), choice.seed);
  }
  std::vector<hw::HostId> by_rank;
  for (int rank = 0; rank < design.cluster.ranks(); ++rank) {
    const bool cyclic = choice.order == PlacementOrder::Cyclic;
    by_rank.push_back(cyclic ? hw::HostId(rank % nodes) : hosts[rank / per_node]);
  }
  return Placement(std::move(by_rank));
}

Communication::Communication(const Design& design,
                             const SoftwareStack& stack,
                             const hw::FabricGraph& fabric,
                             const hw::Routing& routing) {
  const AllReduceChoice& choice = design.mapping.all_reduce;
  const auto placement = std::get<Placement>(placement_of(design, fabric));
  const GroupShape ranks{
      .ranks = design.cluster.ranks(),
      .ranks_per_host = design.cluster.groups.front().ranks_per_node};
  const auto names = choice.automatic() ? candidate_names(Collective::AllReduce, ranks)
                                        : std::vector<std::string_view>{choice.name};
  for (const std::string_view name : names) {
    const Schedule candidate = schedule(Collective::AllReduce, name, ranks);
    candidates_.push_back({name, CollectiveModel(candidate, fabric, routing, placement)});
  }
  for (const hw::NodeGroup& group : design.cluster.groups) {
    endpoints_.push_back(endpoint_of(group, stack, routing.rails()));
  }
}

Communication::Sum Communication::sum(Bytes payload, const std::vector<Endpoint>& endpoints) const {
  const auto slowest = [&](const CollectiveModel& model) {
    CollectiveTime worst = model.time(payload, endpoints.front());
    for (std::size_t g = 1; g < endpoints.size(); ++g) {
      const CollectiveTime time = model.time(payload, endpoints[g]);
      if (time.total > worst.total) worst = time;
    }
    return worst;
  };
  Sum best{slowest(candidates_.front().model), candidates_.front().name};
  for (std::size_t c = 1; c < candidates_.size(); ++c) {
    const CollectiveTime time = slowest(candidates_[c].model);
    if (time.total < best.time.total) best = {time, candidates_[c].name};
  }
  return best;
}

}  // namespace omniphi::models
