#pragma once

#include <optional>
#include <vector>

#include "hw/fabric/routing.h"
#include "models/collective/schedule.h"
#include "models/network/endpoint.h"
#include "models/network/placement.h"

namespace omniphi::models {

using SecondsPerByte = decltype(1.0 / BytesPerSecond{});

/// What the transfers of one step load, for each byte of payload.
struct TransferPattern {
  double message = 0;       // largest message that leaves a host
  double stripe = 0;        // its part on one way: rail and path
  double injected = 0;      // most that one rank sends into the fabric, or receives from it
  double copied = 0;        // most that one rank sends to ranks of its host, or receives from them
  int messages = 0;         // most messages that one rank sends or receives
  SecondsPerByte wire{};    // busiest arc: its share of the payload over its bandwidth for payload
  Seconds route_latency{};  // first bit, along the longest route
  Bytes packet{};           // largest packet on that route's last cable
  BytesPerSecond packet_rate{kUnlimited};  // of that cable
};

/// Routes patterns over a fabric, and keeps the sums over all of them. Its buffers are used again
/// from one pattern to the next.
class PatternRouter {
 public:
  PatternRouter(const Schedule& schedule,
                const hw::FabricGraph& graph,
                const hw::Routing& routing,
                Placement placement);

  /// The pattern of transfers that are repeated `repeats` times in all.
  TransferPattern pattern(const std::vector<Transfer>& transfers, double repeats);

  /// By the rank that has sent most so far, for each byte of payload.
  [[nodiscard]] double most_sent() const;

  struct BusiestArc {
    std::optional<hw::ArcId> arc;
    double load = 0;  // bytes for each byte of payload
  };

  /// The arc that has been busy longest so far.
  [[nodiscard]] BusiestArc busiest_arc() const;

 private:
  struct RankLoad {
    double sent = 0;  // into the fabric
    double received = 0;
    double copied_out = 0;  // within the host
    double copied_in = 0;
    int messages_out = 0;
    int messages_in = 0;
  };

  void add_local(const Transfer& transfer);
  void add_routed(const Transfer& transfer, TransferPattern& out);
  void collect_ranks(TransferPattern& out, double repeats);
  void collect_arcs(TransferPattern& out, double repeats);

  [[nodiscard]] double share(const Transfer& transfer) const {
    return static_cast<double>(transfer.chunks) / chunks_;
  }

  const hw::FabricGraph& graph_;
  const hw::Routing& routing_;
  Placement placement_;
  double chunks_;
  std::vector<SecondsPerByte> cost_;  // by arc: time of one byte of payload
  std::vector<double> load_;          // by arc, of the pattern at hand
  std::vector<double> total_load_;    // by arc, of all patterns
  std::vector<RankLoad> ranks_;       // of the pattern at hand
  std::vector<double> total_sent_;    // by rank
  std::vector<hw::ArcId> route_;
};

}  // namespace omniphi::models
