#pragma once

#include <cstdint>
#include <vector>

#include "hw/base/id.h"
#include "hw/base/quantity.h"

namespace omniphi::sim {

using FlowId = Id<struct FlowTag>;
using PipeId = Id<struct PipeTag>;  // whatever flows share: an arc of the fabric, a rank's port

/// Pipes that a flow passes at once, in memory that outlives the flow.
struct PipeSpan {
  const PipeId* first = nullptr;
  std::uint32_t count = 0;

  [[nodiscard]] const PipeId* begin() const { return first; }

  [[nodiscard]] const PipeId* end() const { return first + count; }
};

/// Flows that share pipes max-min fairly [Bertsekas1992, sec. 6.5]: no flow's rate can grow without
/// that of a flow shrinking that is not faster. Bytes of a flow pass all its pipes at once, as
/// those of a message longer than the fabric's buffers do.
///
/// A flow's rate never exceeds its *bound*, the rate of its narrowest pipe. A pipe whose flows'
/// bounds add up to no more than its rate cannot hold anybody back and is left out; only flows that
/// are joined by other, *contended* pipes influence one another. So a change is worked out among
/// the flows that it reaches over contended pipes, exactly, by progressive filling. Flows that
/// start or end at one instant are one change.
class FlowNetwork {
 public:
  /// Rates of all pipes, positive; infinite ones hold nobody back.
  explicit FlowNetwork(std::vector<BytesPerSecond> rates);

  /// A flow of so many bytes, which is not moving before the next `settle`.
  FlowId add(PipeSpan pipes, BytesPerSecond limit, Bytes bytes, std::uint32_t owner);

  /// Takes a flow off its pipes; its id may be given out again.
  void remove(FlowId flow);

  /// Works out the changes since the last time, at `now`, and calls changed(FlowId, Seconds finish)
  /// for each flow that has a new time to finish at.
  template <class Changed>
  void settle(Seconds now, Changed changed) {
    gather();
    fill();
    for (const FlowId id : reached_) {
      Flow& flow = flows_[id.index()];
      flow.reached = false;
      if (flow.next_rate == flow.rate) continue;
      flow.left -= flow.rate * (now - flow.since);
      flow.since = now;
      flow.rate = flow.next_rate;
      changed(id, now + std::max(flow.left, Bytes(0)) / flow.rate);
    }
    reached_.clear();
  }

  [[nodiscard]] bool unsettled() const { return !reached_.empty() || !disturbed_.empty(); }

  [[nodiscard]] BytesPerSecond rate(FlowId flow) const { return flows_[flow.index()].rate; }

  [[nodiscard]] std::uint32_t owner(FlowId flow) const { return flows_[flow.index()].owner; }

  /// Sum of the rates of a pipe's flows.
  [[nodiscard]] BytesPerSecond load(PipeId pipe) const;

  [[nodiscard]] BytesPerSecond capacity(PipeId pipe) const { return pipes_[pipe.index()].rate; }

  [[nodiscard]] std::size_t flows() const { return flows_.size() - free_.size(); }

 private:
  struct Flow {
    Bytes left{};
    BytesPerSecond rate{};
    BytesPerSecond bound{};
    Seconds since{};  // when `left` was true
    BytesPerSecond next_rate{};
    PipeSpan pipes;
    std::uint32_t owner = 0;
    bool reached = false;
  };

  struct Pipe {
    BytesPerSecond rate{};
    BytesPerSecond bounds{};  // of its flows, added up
    std::vector<FlowId> flows;
    std::uint32_t unfilled = 0;  // while filling: flows without a rate,
    BytesPerSecond left{};       // and what the others leave
    bool reached = false;

    /// Sums of bounds are rounded; a pipe that is just full holds nobody back.
    [[nodiscard]] bool contended() const { return bounds > rate * (1 + 1e-9); }

    [[nodiscard]] BytesPerSecond share() const { return left / unfilled; }
  };

  struct Share {
    BytesPerSecond rate{};
    PipeId pipe;
  };

  void reach(FlowId flow);
  void disturb(PipeId pipe);
  void gather();
  void fill();
  bool stop_at_bounds(std::vector<FlowId>::iterator& next, BytesPerSecond share);
  void fill_pipe(PipeId pipe);
  void give(FlowId flow, BytesPerSecond rate);

  std::vector<Flow> flows_;
  std::vector<FlowId> free_;
  std::vector<Pipe> pipes_;
  std::vector<FlowId> reached_;    // new, or sharing a contended pipe with what has changed
  std::vector<PipeId> disturbed_;  // contended, with flows that came or went
  std::vector<PipeId> contended_;  // reached
  std::vector<Share> shares_;      // a heap, while filling
  std::vector<FlowId> by_bound_;
};

}  // namespace omniphi::sim
