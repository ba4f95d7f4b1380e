#pragma once

#include <cstdint>
#include <vector>

#include "hw/fabric/routing.h"
#include "models/collective/schedule.h"
#include "models/network/endpoint.h"
#include "sim/event/flow_network.h"

namespace omniphi::sim {

/// All that messages between ranks pass: the arcs of the fabric, and four pipes of each rank, into
/// the fabric and out of it, and for copies from and to ranks of its host.
class FabricPipes {
 public:
  /// `hosts`: where each rank runs. Graph and routing outlive the pipes.
  FabricPipes(const hw::FabricGraph& graph,
              const hw::Routing& routing,
              std::vector<hw::HostId> hosts);

  /// Rates of all pipes, with each rank's end point.
  [[nodiscard]] std::vector<BytesPerSecond> rates(
      const std::vector<models::Endpoint>& endpoints) const;

  [[nodiscard]] int ranks() const { return static_cast<int>(hosts_.size()); }

  [[nodiscard]] bool local(int source, int destination) const {
    return hosts_[source] == hosts_[destination];
  }

  /// Parts that a message is cut in, each of which takes its own way.
  [[nodiscard]] int stripes(int source, int destination) const {
    return local(source, destination) ? 1 : routing_->ways();
  }

  /// A way through the pipes; what it costs besides bandwidth is in the last cable's packets and
  /// the time of the first bit.
  struct Way {
    std::vector<PipeId> pipes;
    Seconds latency{};
    Bytes packet{};
    BytesPerSecond packet_rate{models::kUnlimited};

    /// Time from a message's last byte leaving to its arrival.
    [[nodiscard]] Seconds delay(Bytes stripe) const {
      return latency + std::min(stripe, packet) / packet_rate;
    }
  };

  /// Replaces `way` by that of one stripe between two ranks.
  void find(int source, int destination, int stripe, Way& way) const;

  [[nodiscard]] const hw::FabricGraph& graph() const { return *graph_; }

 private:
  enum Port { kOut, kIn, kCopyOut, kCopyIn, kPorts };

  [[nodiscard]] PipeId port(int rank, Port port) const {
    return PipeId(static_cast<std::int64_t>(graph_->arcs() + rank * kPorts + port));
  }

  const hw::FabricGraph* graph_;
  const hw::Routing* routing_;
  std::vector<hw::HostId> hosts_;
  mutable std::vector<hw::ArcId> route_;
};

/// A schedule whose transfers are put on their ways once, for however often it is run between the
/// same ranks. Phases whose destinations shift are left to be routed when their steps come.
class RoutedSchedule {
 public:
  /// `ranks`: global number of each member. The schedule and the pipes outlive it.
  RoutedSchedule(const models::Schedule& schedule,
                 const FabricPipes& pipes,
                 const std::vector<int>& ranks);

  struct Message {
    int source = 0;
    int destination = 0;  // in the first repeat
    double share = 0;     // of the payload
    bool reduce = false;
    std::uint32_t way = 0;  // the first of its stripes
  };

  struct Phase {
    std::int64_t repeats = 1;
    int peer_shift = 0;
    std::vector<Message> messages;        // by source
    std::vector<std::uint32_t> outgoing;  // by member: the first of its messages, and the end
    std::vector<std::uint32_t> incoming;  // by member: the first of its entries, and the end, in
    std::vector<std::uint32_t> received;  // messages by destination
  };

  struct Way {
    std::uint32_t first_pipe = 0;
    std::uint32_t pipes = 0;
    Seconds latency{};
    Bytes packet{};
    BytesPerSecond packet_rate{};
  };

  [[nodiscard]] const std::vector<Phase>& phases() const { return phases_; }

  [[nodiscard]] int members() const { return members_; }

  [[nodiscard]] const Way& way(std::uint32_t index) const { return ways_[index]; }

  [[nodiscard]] PipeSpan pipes(const Way& way) const {
    return {pipes_.data() + way.first_pipe, way.pipes};
  }

 private:
  void add_phase(const models::Schedule& schedule, const models::Schedule::Phase& phase);
  std::uint32_t add_ways(int source, int destination);

  const FabricPipes& fabric_;
  const std::vector<int>& ranks_;
  int members_;
  std::vector<Phase> phases_;
  std::vector<Way> ways_;
  std::vector<PipeId> pipes_;
  FabricPipes::Way found_;
};

}  // namespace omniphi::sim
