#include "models/network/transfer_pattern.h"

#include <algorithm>

namespace omniphi::models {

PatternRouter::PatternRouter(const Schedule& schedule,
                             const hw::FabricGraph& graph,
                             const hw::Routing& routing,
                             Placement placement)
    : graph_(graph),
      routing_(routing),
      placement_(placement),
      chunks_(static_cast<double>(schedule.chunks)),
      load_(graph.arcs()),
      total_load_(graph.arcs()),
      ranks_(schedule.ranks),
      total_sent_(schedule.ranks) {
  cost_.reserve(graph.arcs());
  for (std::size_t arc = 0; arc < graph.arcs(); ++arc) {
    const hw::Link& link = graph.link(hw::ArcId(static_cast<std::int64_t>(arc)));
    cost_.push_back(1.0 / (link.bandwidth * link.packet_efficiency()));
  }
}

TransferPattern PatternRouter::pattern(const std::vector<Transfer>& transfers, double repeats) {
  TransferPattern out;
  std::fill(load_.begin(), load_.end(), 0.0);
  std::fill(ranks_.begin(), ranks_.end(), RankLoad{});
  for (const Transfer& transfer : transfers) {
    ++ranks_[transfer.source].messages_out;
    ++ranks_[transfer.destination].messages_in;
    if (placement_.host(transfer.source) == placement_.host(transfer.destination)) {
      add_local(transfer);
    } else {
      add_routed(transfer, out);
    }
  }
  collect_ranks(out, repeats);
  collect_arcs(out, repeats);
  return out;
}

void PatternRouter::add_local(const Transfer& transfer) {
  ranks_[transfer.source].copied_out += share(transfer);
  ranks_[transfer.destination].copied_in += share(transfer);
}

void PatternRouter::add_routed(const Transfer& transfer, TransferPattern& out) {
  const double message = share(transfer);
  const double stripe = message / routing_.ways();
  ranks_[transfer.source].sent += message;
  ranks_[transfer.destination].received += message;
  out.message = std::max(out.message, message);
  out.stripe = std::max(out.stripe, stripe);
  for (int way = 0; way < routing_.ways(); ++way) {
    routing_.route(placement_.host(transfer.source),
                   placement_.host(transfer.destination),
                   route_,
                   way,
                   load_);
    Seconds latency{};
    for (const hw::ArcId arc : route_) {
      load_[arc.index()] += stripe;
      latency += graph_.latency(arc);
    }
    if (latency < out.route_latency) continue;
    const hw::Link& last = graph_.link(route_.back());
    out.route_latency = latency;
    out.packet = last.maximum_transfer_unit;
    out.packet_rate = last.bandwidth;
  }
}

void PatternRouter::collect_ranks(TransferPattern& out, double repeats) {
  for (std::size_t rank = 0; rank < ranks_.size(); ++rank) {
    const RankLoad& load = ranks_[rank];
    out.injected = std::max({out.injected, load.sent, load.received});
    out.copied = std::max({out.copied, load.copied_out, load.copied_in});
    out.messages = std::max({out.messages, load.messages_out, load.messages_in});
    total_sent_[rank] += (load.sent + load.copied_out) * repeats;
  }
}

void PatternRouter::collect_arcs(TransferPattern& out, double repeats) {
  for (std::size_t arc = 0; arc < load_.size(); ++arc) {
    out.wire = std::max(out.wire, load_[arc] * cost_[arc]);
    total_load_[arc] += load_[arc] * repeats;
  }
}

double PatternRouter::most_sent() const {
  return *std::max_element(total_sent_.begin(), total_sent_.end());
}

PatternRouter::BusiestArc PatternRouter::busiest_arc() const {
  BusiestArc busiest;
  SecondsPerByte longest{};
  for (std::size_t arc = 0; arc < total_load_.size(); ++arc) {
    const SecondsPerByte busy = total_load_[arc] * cost_[arc];
    if (busy <= longest) continue;
    longest = busy;
    busiest = {hw::ArcId(static_cast<std::int64_t>(arc)), total_load_[arc]};
  }
  return busiest;
}

}  // namespace omniphi::models
