#include "models/network/collective_model.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace omniphi::models {

namespace {

using Transfers = std::vector<Transfer>;

/// Whether two steps load a fabric alike: chunks may differ, and what becomes of them.
bool same_pattern(const Transfers& a, const Transfers& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const Transfer& x, const Transfer& y) {
        return x.source == y.source && x.destination == y.destination && x.chunks == y.chunks;
      });
}

/// The steps that load the fabric differently, each with the number of times it happens.
class DistinctSteps {
 public:
  struct Step {
    const Transfers* transfers;
    double repeats;
  };

  /// The index of the step that is like this one.
  std::size_t add(const Transfers& transfers, double repeats) {
    const auto like = [&](const Step& step) { return same_pattern(*step.transfers, transfers); };
    auto found = std::find_if(steps_.begin(), steps_.end(), like);
    if (found == steps_.end()) found = steps_.insert(found, Step{&transfers, 0});
    found->repeats += repeats;
    return found - steps_.begin();
  }

  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

/// Most that one rank adds up in a step, as a share of the payload. `added` is a buffer.
double most_reduced(const Schedule& schedule,
                    const Transfers& transfers,
                    std::vector<double>& added) {
  added.assign(schedule.ranks, 0.0);
  for (const Transfer& transfer : transfers) {
    if (transfer.reduce) added[transfer.destination] += static_cast<double>(transfer.chunks);
  }
  return *std::max_element(added.begin(), added.end()) / static_cast<double>(schedule.chunks);
}

/// Time by what it is spent on.
class Parts {
 public:
  void add(CollectiveLimit part, Seconds time) { of(part) += time; }

  [[nodiscard]] Seconds operator[](CollectiveLimit part) const { return times_[index(part)]; }

  [[nodiscard]] CollectiveLimit largest() const {
    const auto most = std::max_element(times_.begin(), times_.end());
    return static_cast<CollectiveLimit>(most - times_.begin());
  }

 private:
  static std::size_t index(CollectiveLimit part) { return static_cast<std::size_t>(part); }

  Seconds& of(CollectiveLimit part) { return times_[index(part)]; }

  std::array<Seconds, choices(CollectiveLimit{}).size()> times_{};
};

Seconds step_latency(const TransferPattern& pattern, Bytes payload, const Endpoint& endpoint) {
  const Bytes packet = std::min(payload * pattern.stripe, pattern.packet);
  return endpoint.message_overhead * pattern.messages +
         endpoint.handshake(payload * pattern.message) + pattern.route_latency +
         packet / pattern.packet_rate;
}

/// The bytes of a step pass arcs, end points and memory at once, so that the slowest counts.
void add_transfer(const TransferPattern& pattern,
                  Bytes payload,
                  const Endpoint& endpoint,
                  double repeats,
                  Parts& parts) {
  const Seconds link = payload * pattern.wire;
  const Seconds injection = payload * pattern.injected / endpoint.rate(payload * pattern.message);
  const Seconds copy = payload * pattern.copied / endpoint.local_copy_rate;
  if (link >= injection && link >= copy) {
    parts.add(CollectiveLimit::Link, link * repeats);
  } else if (injection >= copy) {
    parts.add(CollectiveLimit::Injection, injection * repeats);
  } else {
    parts.add(CollectiveLimit::LocalCopy, copy * repeats);
  }
}

}  // namespace

CollectiveModel::CollectiveModel(const Schedule& schedule,
                                 const hw::FabricGraph& graph,
                                 const hw::Routing& routing,
                                 Placement placement)
    : steps_(schedule.steps()) {
  if (placement.hosts(schedule.ranks) > graph.hosts()) {
    throw std::invalid_argument(fmt::format("{} ranks need {} hosts, the fabric has {}",
                                            schedule.ranks,
                                            placement.hosts(schedule.ranks),
                                            graph.hosts()));
  }
  DistinctSteps distinct;
  std::vector<double> buffer;
  PatternRouter router(schedule, graph, routing, placement);
  for (const Schedule::Phase& phase : schedule.phases) {
    messages_ += phase.repeats * static_cast<std::int64_t>(phase.transfers.size());
    const double reduced = most_reduced(schedule, phase.transfers, buffer);
    if (phase.peer_shift != 0) {
      add_shifting(schedule, phase, reduced, router);
    } else {
      const auto repeats = static_cast<double>(phase.repeats);
      phases_.push_back({distinct.add(phase.transfers, repeats), repeats, reduced});
    }
  }
  // The patterns of steps that shift stand before those of the others.
  for (Phase& phase : phases_) {
    if (!phase.shifting) phase.pattern += patterns_.size();
  }
  for (const DistinctSteps::Step& step : distinct.steps()) {
    patterns_.push_back(router.pattern(*step.transfers, step.repeats));
  }
  sent_ = router.most_sent();
  busiest_ = router.busiest_arc();
}

void CollectiveModel::add_shifting(const Schedule& schedule,
                                   const Schedule::Phase& phase,
                                   double reduced,
                                   PatternRouter& router) {
  Transfers shifted = phase.transfers;
  for (std::int64_t repeat = 0; repeat < phase.repeats; ++repeat) {
    for (std::size_t t = 0; t < shifted.size(); ++t) {
      shifted[t].destination = schedule.destination(phase, phase.transfers[t], repeat);
    }
    phases_.push_back({patterns_.size(), 1, reduced, true});
    patterns_.push_back(router.pattern(shifted, 1));
  }
}

CollectiveTime CollectiveModel::time(Bytes payload, const Endpoint& endpoint) const {
  Parts parts;
  for (const Phase& phase : phases_) {
    const TransferPattern& pattern = patterns_[phase.pattern];
    parts.add(CollectiveLimit::Latency, step_latency(pattern, payload, endpoint) * phase.repeats);
    add_transfer(pattern, payload, endpoint, phase.repeats, parts);
    parts.add(CollectiveLimit::Reduction,
              payload * phase.reduced / endpoint.reduction_rate * phase.repeats);
  }
  CollectiveTime out{.latency = parts[CollectiveLimit::Latency],
                     .transfer = parts[CollectiveLimit::Link] + parts[CollectiveLimit::Injection] +
                                 parts[CollectiveLimit::LocalCopy],
                     .reduction = parts[CollectiveLimit::Reduction],
                     .limited_by = parts.largest(),
                     .steps = steps_,
                     .messages = messages_,
                     .sent_per_rank = payload * sent_,
                     .busiest_arc = busiest_.arc,
                     .busiest_arc_bytes = payload * busiest_.load};
  out.total = out.latency + out.transfer + out.reduction;
  return out;
}

}  // namespace omniphi::models
