#include "models/estimate/communication.h"

#include <algorithm>

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

Communication::Communication(const Design& design,
                             const SoftwareStack& stack,
                             const hw::FabricGraph& fabric,
                             const hw::Routing& routing) {
  const AllReduceChoice& choice = design.mapping.all_reduce;
  const Placement placement{design.cluster.groups.front().ranks_per_node};
  const GroupShape ranks{.ranks = design.cluster.ranks(),
                         .ranks_per_host = placement.ranks_per_host};
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
