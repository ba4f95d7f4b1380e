#include "sim/event/routed_schedule.h"

#include <algorithm>
#include <utility>

namespace omniphi::sim {

FabricPipes::FabricPipes(const hw::FabricGraph& graph,
                         const hw::Routing& routing,
                         std::vector<hw::HostId> hosts)
    : graph_(&graph), routing_(&routing), hosts_(std::move(hosts)) {}

std::vector<BytesPerSecond> FabricPipes::rates(
    const std::vector<models::Endpoint>& endpoints) const {
  std::vector<BytesPerSecond> rates;
  rates.reserve(graph_->arcs() + endpoints.size() * kPorts);
  for (std::size_t arc = 0; arc < graph_->arcs(); ++arc) {
    const hw::Link& link = graph_->link(hw::ArcId(static_cast<std::int64_t>(arc)));
    rates.push_back(link.bandwidth * link.packet_efficiency());
  }
  for (const models::Endpoint& endpoint : endpoints) {
    for (const BytesPerSecond rate : {endpoint.injection_rate,
                                      endpoint.injection_rate,
                                      endpoint.local_copy_rate,
                                      endpoint.local_copy_rate}) {
      rates.push_back(rate);
    }
  }
  return rates;
}

void FabricPipes::find(int source, int destination, int stripe, Way& way) const {
  way = {std::move(way.pipes)};
  way.pipes.clear();
  if (local(source, destination)) {
    way.pipes.push_back(port(source, kCopyOut));
    way.pipes.push_back(port(destination, kCopyIn));
    return;
  }
  routing_->route(hosts_[source], hosts_[destination], route_, stripe);
  way.pipes.push_back(port(source, kOut));
  for (const hw::ArcId arc : route_) {
    way.pipes.push_back(PipeId(static_cast<std::int64_t>(arc.index())));
    way.latency += graph_->latency(arc);
  }
  way.pipes.push_back(port(destination, kIn));
  const hw::Link& last = graph_->link(route_.back());
  way.packet = last.maximum_transfer_unit;
  way.packet_rate = last.bandwidth;
}

namespace {

/// Where each member's entries begin in a list sorted by member.
template <class Member>
std::vector<std::uint32_t> first_entries(int members, std::size_t entries, Member member) {
  std::vector<std::uint32_t> first(members + 1);
  for (std::size_t i = 0; i < entries; ++i) ++first[member(i) + 1];
  for (int m = 0; m < members; ++m) first[m + 1] += first[m];
  return first;
}

}  // namespace

RoutedSchedule::RoutedSchedule(const models::Schedule& schedule,
                               const FabricPipes& pipes,
                               const std::vector<int>& ranks)
    : fabric_(pipes), ranks_(ranks), members_(schedule.ranks) {
  for (const models::Schedule::Phase& phase : schedule.phases) add_phase(schedule, phase);
}

void RoutedSchedule::add_phase(const models::Schedule& schedule,
                               const models::Schedule::Phase& phase) {
  Phase out{.repeats = phase.repeats,
            .peer_shift = phase.peer_shift,
            .messages = {},
            .outgoing = {},
            .incoming = {},
            .received = {}};
  for (const models::Transfer& t : phase.transfers) {
    out.messages.push_back({t.source,
                            t.destination,
                            static_cast<double>(t.chunks) / static_cast<double>(schedule.chunks),
                            t.reduce,
                            0});
  }
  const auto by = [&](auto key) {
    return [key](const Message& a, const Message& b) { return a.*key < b.*key; };
  };
  std::stable_sort(out.messages.begin(), out.messages.end(), by(&Message::source));
  if (phase.peer_shift == 0) {
    for (Message& m : out.messages) m.way = add_ways(ranks_[m.source], ranks_[m.destination]);
  }
  out.received.resize(out.messages.size());
  for (std::uint32_t i = 0; i < out.received.size(); ++i) out.received[i] = i;
  std::stable_sort(out.received.begin(), out.received.end(), [&](std::uint32_t a, std::uint32_t b) {
    return out.messages[a].destination < out.messages[b].destination;
  });
  out.outgoing = first_entries(
      members_, out.messages.size(), [&](std::size_t i) { return out.messages[i].source; });
  out.incoming = first_entries(members_, out.messages.size(), [&](std::size_t i) {
    return out.messages[out.received[i]].destination;
  });
  phases_.push_back(std::move(out));
}

std::uint32_t RoutedSchedule::add_ways(int source, int destination) {
  const auto first = static_cast<std::uint32_t>(ways_.size());
  for (int stripe = 0; stripe < fabric_.stripes(source, destination); ++stripe) {
    fabric_.find(source, destination, stripe, found_);
    ways_.push_back({static_cast<std::uint32_t>(pipes_.size()),
                     static_cast<std::uint32_t>(found_.pipes.size()),
                     found_.latency,
                     found_.packet,
                     found_.packet_rate});
    pipes_.insert(pipes_.end(), found_.pipes.begin(), found_.pipes.end());
  }
  return first;
}

}  // namespace omniphi::sim
