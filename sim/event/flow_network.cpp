#include "sim/event/flow_network.h"

#include <algorithm>
#include <utility>

namespace omniphi::sim {

FlowNetwork::FlowNetwork(std::vector<BytesPerSecond> rates) : pipes_(rates.size()) {
  for (std::size_t p = 0; p < rates.size(); ++p) pipes_[p].rate = rates[p];
}

FlowId FlowNetwork::add(PipeSpan pipes, BytesPerSecond limit, Bytes bytes, std::uint32_t owner) {
  FlowId id(static_cast<std::int64_t>(flows_.size()));
  if (free_.empty()) {
    flows_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Flow& flow = flows_[id.index()];
  flow = Flow{};
  flow.left = bytes;
  flow.pipes = pipes;
  flow.owner = owner;
  flow.bound = limit;
  for (const PipeId p : pipes) flow.bound = std::min(flow.bound, pipes_[p.index()].rate);
  for (const PipeId p : pipes) {
    Pipe& pipe = pipes_[p.index()];
    pipe.bounds += flow.bound;
    pipe.flows.push_back(id);
    if (pipe.contended()) disturb(p);
  }
  reach(id);
  return id;
}

void FlowNetwork::remove(FlowId id) {
  Flow& flow = flows_[id.index()];
  for (const PipeId p : flow.pipes) {
    Pipe& pipe = pipes_[p.index()];
    if (pipe.contended()) disturb(p);
    const auto at = std::find(pipe.flows.begin(), pipe.flows.end(), id);
    *at = pipe.flows.back();
    pipe.flows.pop_back();
    // An idle pipe starts afresh, so that rounding does not add up.
    pipe.bounds = pipe.flows.empty() ? BytesPerSecond(0) : pipe.bounds - flow.bound;
  }
  if (flow.reached) std::erase(reached_, id);
  free_.push_back(id);
}

BytesPerSecond FlowNetwork::load(PipeId pipe) const {
  BytesPerSecond sum{};
  for (const FlowId flow : pipes_[pipe.index()].flows) sum += rate(flow);
  return sum;
}

void FlowNetwork::reach(FlowId id) {
  Flow& flow = flows_[id.index()];
  if (flow.reached) return;
  flow.reached = true;
  flow.next_rate = BytesPerSecond(0);
  reached_.push_back(id);
}

void FlowNetwork::disturb(PipeId id) {
  Pipe& pipe = pipes_[id.index()];
  if (pipe.reached) return;
  pipe.reached = true;
  disturbed_.push_back(id);
}

/// From new flows and disturbed pipes on, everything that contended pipes join.
void FlowNetwork::gather() {
  contended_.swap(disturbed_);
  std::size_t pipe = 0;
  for (std::size_t flow = 0; flow < reached_.size() || pipe < contended_.size();) {
    if (pipe < contended_.size()) {
      for (const FlowId f : pipes_[contended_[pipe].index()].flows) reach(f);
      ++pipe;
      continue;
    }
    for (const PipeId p : flows_[reached_[flow].index()].pipes) {
      Pipe& passed = pipes_[p.index()];
      if (passed.reached || !passed.contended()) continue;
      passed.reached = true;
      contended_.push_back(p);
    }
    ++flow;
  }
}

/// Progressive filling: all rates grow together; a flow stops at its bound, or when one of its
/// pipes is full. The share of a pipe can only grow as flows stop elsewhere.
void FlowNetwork::fill() {
  if (contended_.empty()) {
    for (const FlowId f : reached_) flows_[f.index()].next_rate = flows_[f.index()].bound;
    return;
  }
  const auto wider = [](const Share& a, const Share& b) { return a.rate > b.rate; };
  shares_.clear();
  for (const PipeId p : contended_) {
    Pipe& pipe = pipes_[p.index()];
    pipe.reached = false;
    pipe.left = pipe.rate;
    pipe.unfilled = static_cast<std::uint32_t>(pipe.flows.size());
    if (pipe.unfilled > 0) shares_.push_back({pipe.share(), p});
  }
  std::make_heap(shares_.begin(), shares_.end(), wider);
  by_bound_ = reached_;
  std::sort(by_bound_.begin(), by_bound_.end(), [this](FlowId a, FlowId b) {
    return flows_[a.index()].bound < flows_[b.index()].bound;
  });
  auto next = by_bound_.begin();
  while (!shares_.empty()) {
    std::pop_heap(shares_.begin(), shares_.end(), wider);
    Share narrowest = shares_.back();
    shares_.pop_back();
    const Pipe& pipe = pipes_[narrowest.pipe.index()];
    if (pipe.unfilled == 0) continue;
    const bool current = pipe.share() <= narrowest.rate;
    if (current && !stop_at_bounds(next, pipe.share())) {
      fill_pipe(narrowest.pipe);
      continue;
    }
    if (pipe.unfilled == 0) continue;
    narrowest.rate = pipe.share();
    shares_.push_back(narrowest);
    std::push_heap(shares_.begin(), shares_.end(), wider);
  }
  for (; next != by_bound_.end(); ++next) {
    Flow& flow = flows_[next->index()];
    if (flow.next_rate == BytesPerSecond(0)) flow.next_rate = flow.bound;
  }
  contended_.clear();
}

/// Stops the flows, from `next` on in the order of their bounds, that may not have more than this.
bool FlowNetwork::stop_at_bounds(std::vector<FlowId>::iterator& next, BytesPerSecond share) {
  bool stopped = false;
  for (; next != by_bound_.end() && flows_[next->index()].bound <= share; ++next) {
    const Flow& flow = flows_[next->index()];
    if (flow.next_rate != BytesPerSecond(0)) continue;
    give(*next, flow.bound);
    stopped = true;
  }
  return stopped;
}

void FlowNetwork::fill_pipe(PipeId id) {
  const BytesPerSecond share = pipes_[id.index()].share();
  for (const FlowId f : pipes_[id.index()].flows) {
    if (flows_[f.index()].next_rate == BytesPerSecond(0)) give(f, share);
  }
}

void FlowNetwork::give(FlowId id, BytesPerSecond rate) {
  Flow& flow = flows_[id.index()];
  flow.next_rate = rate;
  for (const PipeId p : flow.pipes) {
    Pipe& pipe = pipes_[p.index()];
    pipe.left = std::max(pipe.left - rate, BytesPerSecond(0));
    --pipe.unfilled;
  }
}

}  // namespace omniphi::sim
