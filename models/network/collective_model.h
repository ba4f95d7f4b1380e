#pragma once

#include <cstddef>
#include <vector>

#include "hw/fabric/routing.h"
#include "models/collective/schedule.h"
#include "models/network/collective_time.h"
#include "models/network/endpoint.h"
#include "models/network/placement.h"
#include "models/network/transfer_pattern.h"

namespace omniphi::models {

/// Time of a collective on a fabric: the sum over its steps, which follow one another, of
///
///     t = k o + h + L + max(x / r, max over arcs of n_a / (b_a e_a), y / c) + z / q
///
/// in the manner of LogGP [Alexandrov1995], with the gap per byte taken from the busiest arc:
///   k    most messages that one rank sends or receives       o     overhead of a message
///   h    rendezvous handshake, for messages above the threshold
///   L    longest route: its cables and switches, cut-through, and one packet, which the receiving
///        adapter takes whole before it hands it on
///   x, r most bytes that a rank feeds into or takes from the fabric, and its rate
///   n_a  bytes that all routes of the step lead over arc a, at its bandwidth b_a and packet
///        efficiency e_a
///   y, c most bytes that a rank sends to ranks of its host, and the local copy rate
///   z, q most bytes that a rank adds up, and its reduction rate
/// Assumes that ranks start a step together, that messages on one arc share it evenly and that a
/// step neither overlaps the next nor its own reduction; so it is pessimistic for implementations
/// that pipeline, and it leaves out head-of-line blocking. Small messages are charged full packets'
/// efficiency.
///
/// Everything that does not depend on payload and end point is computed once, when the model is
/// built: each distinct pattern of transfers is routed once.
class CollectiveModel {
 public:
  /// Throws std::invalid_argument if the fabric has too few hosts for the schedule's ranks.
  CollectiveModel(const Schedule& schedule,
                  const hw::FabricGraph& graph,
                  const hw::Routing& routing,
                  Placement placement);

  /// `payload`: bytes held by each rank, not negative. Takes time in proportion to the phases.
  [[nodiscard]] CollectiveTime time(Bytes payload, const Endpoint& endpoint) const;

 private:
  struct Phase {
    std::size_t pattern = 0;
    double repeats = 1;
    double reduced = 0;     // most that one rank adds up, for each byte of payload
    bool shifting = false;  // one of the steps of a phase whose destinations shift
  };

  void add_shifting(const Schedule& schedule,
                    const Schedule::Phase& phase,
                    double reduced,
                    PatternRouter& router);

  std::vector<TransferPattern> patterns_;
  std::vector<Phase> phases_;
  std::int64_t steps_ = 0;
  std::int64_t messages_ = 0;
  double sent_ = 0;  // by the rank that sends most, for each byte of payload
  PatternRouter::BusiestArc busiest_;
};

}  // namespace omniphi::models
