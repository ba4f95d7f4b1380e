#include "sim/event/communication_simulator.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace omniphi::sim {

namespace {

constexpr Seconds kNever{std::numeric_limits<double>::infinity()};

}  // namespace

CommunicationSimulator::CommunicationSimulator(FabricPipes pipes,
                                               std::vector<models::Endpoint> endpoints,
                                               Done done)
    : pipes_(std::move(pipes)),
      endpoints_(std::move(endpoints)),
      network_(pipes_.rates(endpoints_)),
      done_(std::move(done)) {
  if (static_cast<int>(endpoints_.size()) != pipes_.ranks()) {
    throw std::invalid_argument("each rank needs an end point");
  }
  carried_.resize(pipes_.rates(endpoints_).size());
}

CommunicatorId CommunicationSimulator::add_communicator(std::vector<int> ranks) {
  Communicator& added = communicators_.emplace_back();
  added.members.resize(ranks.size());
  added.ranks = std::move(ranks);
  return CommunicatorId(static_cast<std::int64_t>(communicators_.size()) - 1);
}

CollectiveId CommunicationSimulator::add_collective(CommunicatorId communicator,
                                                    const RoutedSchedule& routed,
                                                    Bytes payload) {
  collectives_.push_back({communicator, &routed, payload});
  return CollectiveId(static_cast<std::int64_t>(collectives_.size()) - 1);
}

void CommunicationSimulator::enter(CollectiveId id, int member, Seconds at) {
  const auto collective = static_cast<std::uint32_t>(id.index());
  const Collective& entered = collectives_[collective];
  Member& m = communicators_[entered.communicator.index()].members[member];
  if (m.collective != kNowhere) throw std::logic_error("a member is in one collective at a time");
  m = Member{};
  m.collective = collective;
  m.ready = at;
  m.reducing = at;
  ++inside_;
  begin_step(collective, member);
}

/// Messages that the member sends and receives in the step where it is.
int CommunicationSimulator::degree(const Collective& collective,
                                   const Member& at,
                                   int member) const {
  const RoutedSchedule::Phase& phase = collective.routed->phases()[at.phase];
  const int source_place = source_of(phase, at.repeat, member);
  return static_cast<int>(phase.outgoing[member + 1] - phase.outgoing[member] +
                          phase.incoming[source_place + 1] - phase.incoming[source_place]);
}

/// Who stands, in the lists of the first repeat, for what this member receives.
int CommunicationSimulator::source_of(const RoutedSchedule::Phase& phase,
                                      std::int64_t repeat,
                                      int member) const {
  if (phase.peer_shift == 0) return member;
  const auto members = static_cast<std::int64_t>(phase.outgoing.size()) - 1;
  const std::int64_t shift = repeat * phase.peer_shift % members;
  return static_cast<int>((member - shift + members) % members);
}

/// Starts what the member and its partners are ready for; steps in which it has nothing to do are
/// passed at once.
void CommunicationSimulator::begin_step(std::uint32_t id, int member) {
  const Collective& collective = collectives_[id];
  Communicator& communicator = communicators_[collective.communicator.index()];
  Member& m = communicator.members[member];
  const std::vector<RoutedSchedule::Phase>& phases = collective.routed->phases();
  while (m.phase < phases.size() && degree(collective, m, member) == 0) {
    // No repeat of the phase has anything for it, unless others' destinations come round to it.
    m.repeat = phases[m.phase].peer_shift == 0 ? phases[m.phase].repeats : m.repeat + 1;
    if (m.repeat < phases[m.phase].repeats) continue;
    m.repeat = 0;
    ++m.phase;
  }
  if (m.phase == phases.size()) {
    const Seconds at = m.ready;
    m.collective = kNowhere;
    --inside_;
    done_(collective.communicator, member, CollectiveId(id), at);
    return;
  }
  const RoutedSchedule::Phase& phase = phases[m.phase];
  m.pending = degree(collective, m, member);
  const auto shift = m.repeat * phase.peer_shift;
  const int members = collective.routed->members();
  for (std::uint32_t i = phase.outgoing[member]; i < phase.outgoing[member + 1]; ++i) {
    const int to = static_cast<int>((phase.messages[i].destination + shift) % members);
    if (m.with(communicator.members[to])) launch(id, m, i);
  }
  const int place = source_of(phase, m.repeat, member);
  for (std::uint32_t i = phase.incoming[place]; i < phase.incoming[place + 1]; ++i) {
    const std::uint32_t message = phase.received[i];
    if (m.with(communicator.members[phase.messages[message].source])) launch(id, m, message);
  }
}

void CommunicationSimulator::advance(std::uint32_t id, int member) {
  const Collective& collective = collectives_[id];
  Member& m = communicators_[collective.communicator.index()].members[member];
  if (--m.pending > 0) return;
  if (++m.repeat == collective.routed->phases()[m.phase].repeats) {
    m.repeat = 0;
    ++m.phase;
  }
  begin_step(id, member);
}

std::uint32_t CommunicationSimulator::new_flight() {
  if (free_flights_.empty()) {
    flights_.emplace_back();
    return static_cast<std::uint32_t>(flights_.size()) - 1;
  }
  const std::uint32_t flight = free_flights_.back();
  free_flights_.pop_back();
  return flight;
}

/// Both ends of a message have come to its step.
void CommunicationSimulator::launch(std::uint32_t id, const Member& at, std::uint32_t message) {
  const Collective& collective = collectives_[id];
  const Communicator& communicator = communicators_[collective.communicator.index()];
  const RoutedSchedule::Phase& phase = collective.routed->phases()[at.phase];
  const RoutedSchedule::Message& m = phase.messages[message];
  const int destination = static_cast<int>((m.destination + at.repeat * phase.peer_shift) %
                                           collective.routed->members());
  const std::uint32_t flight = new_flight();
  flights_[flight] = {id, at.phase, message, destination, 0, {}};
  const models::Endpoint& sender = endpoints_[communicator.ranks[m.source]];
  const double sent = phase.outgoing[m.source + 1] - phase.outgoing[m.source];
  const Seconds ready =
      std::max(communicator.members[m.source].ready, communicator.members[destination].ready);
  const bool local = pipes_.local(communicator.ranks[m.source], communicator.ranks[destination]);
  const Seconds handshake = local ? Seconds(0) : sender.handshake(collective.payload * m.share);
  queue_.push(std::max(now_, ready + sender.message_overhead * (sent / 2) + handshake),
              {flight, true});
}

void CommunicationSimulator::start(std::uint32_t id) {
  Flight& flight = flights_[id];
  const Collective& collective = collectives_[flight.collective];
  const std::vector<int>& ranks = communicators_[collective.communicator.index()].ranks;
  const RoutedSchedule::Phase& phase = collective.routed->phases()[flight.phase];
  const RoutedSchedule::Message& m = phase.messages[flight.message];
  const int source = ranks[m.source];
  const int destination = ranks[flight.destination];
  const Bytes bytes = collective.payload * m.share;
  const BytesPerSecond limit = pipes_.local(source, destination)
                                   ? BytesPerSecond(models::kUnlimited)
                                   : endpoints_[source].rate(bytes);
  ++messages_;
  flight.stripes = pipes_.stripes(source, destination);
  const int stripes = flight.stripes;
  for (int stripe = 0; stripe < stripes; ++stripe) {
    PipeSpan way;
    if (phase.peer_shift == 0) {
      way = collective.routed->pipes(collective.routed->way(m.way + stripe));
    } else {
      const std::size_t place = std::size_t{id} * stripes + stripe;
      if (shifted_ways_.size() <= place) shifted_ways_.resize(place + 1);
      pipes_.find(source, destination, stripe, shifted_ways_[place]);
      way = {shifted_ways_[place].pipes.data(),
             static_cast<std::uint32_t>(shifted_ways_[place].pipes.size())};
    }
    const FlowId flow = network_.add(way, limit, bytes / stripes, id);
    for (const PipeId pipe : way) carried_[pipe.index()] += bytes / stripes;
    if (finish_.size() <= flow.index()) finish_.resize(flow.index() + 1, kNever);
    finish_[flow.index()] = kNever;
  }
}

void CommunicationSimulator::finish(FlowId flow) {
  const std::uint32_t id = network_.owner(flow);
  network_.remove(flow);
  finish_[flow.index()] = kNever;
  if (--flights_[id].stripes == 0) arrive(id);
}

/// The last byte of a message has left its sender.
void CommunicationSimulator::arrive(std::uint32_t id) {
  const Flight flight = flights_[id];
  const Collective& collective = collectives_[flight.collective];
  Communicator& communicator = communicators_[collective.communicator.index()];
  const RoutedSchedule::Phase& phase = collective.routed->phases()[flight.phase];
  const RoutedSchedule::Message& message = phase.messages[flight.message];
  const int source = communicator.ranks[message.source];
  const int destination = communicator.ranks[flight.destination];
  const Bytes bytes = collective.payload * message.share;
  Seconds delay{};
  const int stripes = pipes_.stripes(source, destination);
  for (int stripe = 0; stripe < stripes; ++stripe) {
    if (phase.peer_shift == 0) {
      const RoutedSchedule::Way& way = collective.routed->way(message.way + stripe);
      delay =
          std::max(delay, way.latency + std::min(bytes / stripes, way.packet) / way.packet_rate);
    } else {
      delay =
          std::max(delay, shifted_ways_[std::size_t{id} * stripes + stripe].delay(bytes / stripes));
    }
  }
  free_flights_.push_back(id);

  Member& sender = communicator.members[message.source];
  sender.ready = std::max(sender.ready, now_);
  Member& receiver = communicator.members[flight.destination];
  const models::Endpoint& endpoint = endpoints_[destination];
  const double received =
      phase.incoming[message.destination + 1] - phase.incoming[message.destination];
  Seconds there = now_ + delay + endpoint.message_overhead * (received / 2);
  if (message.reduce) {
    there = std::max(there, receiver.reducing) + bytes / endpoint.reduction_rate;
    receiver.reducing = there;
  }
  receiver.ready = std::max(receiver.ready, there);
  advance(flight.collective, message.source);
  advance(flight.collective, flight.destination);
}

void CommunicationSimulator::settle() {
  network_.settle(now_, [this](FlowId flow, Seconds finish) {
    finish_[flow.index()] = finish;
    queue_.push(finish, {static_cast<std::uint32_t>(flow.index()), false});
  });
}

void CommunicationSimulator::run() {
  while (!queue_.empty()) {
    now_ = queue_.next_time();
    while (queue_.more_now()) {
      const Event event = queue_.pop();
      if (event.starts) {
        start(event.subject);
      } else if (finish_[event.subject] == now_) {
        finish(FlowId(event.subject));
      }
    }
    if (network_.unsettled()) settle();
  }
  if (inside_ > 0) throw std::logic_error("a collective was not entered by all its members");
}

}  // namespace omniphi::sim
