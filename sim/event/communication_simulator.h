#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <vector>

#include "models/network/endpoint.h"
#include "sim/event/event_queue.h"
#include "sim/event/flow_network.h"
#include "sim/event/routed_schedule.h"

namespace omniphi::sim {

using CommunicatorId = Id<struct CommunicatorTag>;
using CollectiveId = Id<struct CollectiveTag>;

/// Collectives between ranks, followed message by message on a fabric whose pipes they share.
///
/// A member goes from step to step of a schedule by itself: a message of step s starts when both
/// its ends have come to step s, and a member comes to step s + 1 when its messages of step s have
/// left, and arrived and been added up. A message takes
///
///     k_s o / 2 + h + (bytes at the rate that its flow gets) + L + k_r o / 2 + (bytes added up) /
///     q
///
///   k_s, k_r  messages that its sender sends, and its receiver receives, in the step
///   o, h, q   overhead, handshake and reduction rate of the end point (models/network/endpoint.h)
///   L         time of the first bit along its way, and of one packet
/// which for ranks in step is the time of the analytical model. A member takes part in one
/// collective of a communicator at a time; collectives of different communicators pass each other.
///
/// Simulated time is as exact as flows are: rates adapt at once, and no queue builds up in a
/// switch.
class CommunicationSimulator {
 public:
  /// `done(communicator, member, collective, time)`: a member has finished a collective.
  using Done = std::function<void(CommunicatorId, int, CollectiveId, Seconds)>;

  /// `endpoints`: of each rank. Throws std::invalid_argument if there are not as many as ranks.
  CommunicationSimulator(FabricPipes pipes, std::vector<models::Endpoint> endpoints, Done done);

  /// A group of ranks; a member is a rank's place in the list.
  CommunicatorId add_communicator(std::vector<int> ranks);

  /// A collective that a communicator will run, of so many bytes. The schedule must have as many
  /// ranks as the communicator and is routed at once; `routed` may be used for further collectives
  /// of the same communicator.
  CollectiveId add_collective(CommunicatorId communicator,
                              const RoutedSchedule& routed,
                              Bytes payload);

  /// A member begins a collective at this time, not before now; it must have finished the one
  /// before.
  void enter(CollectiveId collective, int member, Seconds at);

  /// Follows everything to its end.
  /// Throws std::logic_error if a collective was not entered by all its members.
  void run();

  [[nodiscard]] Seconds now() const { return now_; }

  [[nodiscard]] const FabricPipes& pipes() const { return pipes_; }

  [[nodiscard]] const std::vector<int>& ranks(CommunicatorId communicator) const {
    return communicators_[communicator.index()].ranks;
  }

  /// Bytes that have passed each pipe.
  [[nodiscard]] const std::vector<Bytes>& carried() const { return carried_; }

  [[nodiscard]] std::int64_t messages() const { return messages_; }

 private:
  static constexpr std::uint32_t kNowhere = std::numeric_limits<std::uint32_t>::max();

  /// Where a member is and what it waits for.
  struct Member {
    std::uint32_t collective = kNowhere;
    std::uint32_t phase = 0;
    std::int64_t repeat = 0;
    int pending = 0;     // messages that have not left, or not arrived
    Seconds ready{};     // when what it has waited for so far was there
    Seconds reducing{};  // until then

    [[nodiscard]] bool with(const Member& other) const {
      return collective == other.collective && phase == other.phase && repeat == other.repeat;
    }
  };

  struct Communicator {
    std::vector<int> ranks;
    std::vector<Member> members;
  };

  struct Collective {
    CommunicatorId communicator;
    const RoutedSchedule* routed = nullptr;
    Bytes payload{};
  };

  /// A message on its way.
  struct Flight {
    std::uint32_t collective = 0;
    std::uint32_t phase = 0;
    std::uint32_t message = 0;
    int destination = 0;  // a member
    int stripes = 0;      // still moving
    Seconds arrival{};    // of the stripe that arrived last
  };

  struct Event {
    std::uint32_t subject = 0;  // a flight that starts, or a flow that ends
    bool starts = false;
  };

  void advance(std::uint32_t collective, int member);
  void begin_step(std::uint32_t collective, int member);
  [[nodiscard]] int degree(const Collective& collective, const Member& at, int member) const;
  void launch(std::uint32_t collective, const Member& at, std::uint32_t message);
  void start(std::uint32_t flight);
  void finish(FlowId flow);
  void arrive(std::uint32_t flight);
  void settle();
  std::uint32_t new_flight();
  [[nodiscard]] int source_of(const RoutedSchedule::Phase& phase,
                              std::int64_t repeat,
                              int member) const;

  FabricPipes pipes_;
  std::vector<models::Endpoint> endpoints_;
  FlowNetwork network_;
  EventQueue<Event> queue_;
  std::vector<Communicator> communicators_;
  std::vector<Collective> collectives_;
  std::vector<Flight> flights_;
  std::vector<std::uint32_t> free_flights_;
  std::deque<FabricPipes::Way> shifted_ways_;  // by flight and stripe, where destinations shift
  std::vector<Seconds> finish_;                // by flow: when it ends as things stand
  std::vector<Bytes> carried_;                 // by pipe
  std::int64_t messages_ = 0;
  std::size_t inside_ = 0;  // members in a collective
  Seconds now_{};
  Done done_;
};

}  // namespace omniphi::sim
