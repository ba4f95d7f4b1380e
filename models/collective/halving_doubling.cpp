#include "models/collective/halving_doubling.h"

#include <bit>
#include <functional>
#include <utility>

#include "models/collective/folding.h"

namespace omniphi::models {

namespace {

/// One halving and doubling among the participants 0 .. 2^k - 1.
struct Exchange {
  int participants;
  std::function<int(int participant)> rank;
  std::function<std::int64_t(int participant)> first_chunk;  // of those that it keeps at last

  /// Chunks of the `distance` participants from `first` on.
  [[nodiscard]] std::int64_t chunks(int first, int distance) const {
    return first_chunk(first + distance) - first_chunk(first);
  }

  void add_transfer(Schedule::Phase& phase, int from, int distance, int first, bool reduce) const {
    phase.transfers.push_back({.source = rank(from),
                               .destination = rank(from ^ distance),
                               .first_chunk = first_chunk(first),
                               .chunks = chunks(first, distance),
                               .reduce = reduce});
  }

  /// First of the `distance` participants whose chunks i is left with once it has halved down to
  /// that distance; its partner keeps those of the neighbouring ones.
  static int kept_from(int i, int distance) { return i - i % distance; }

  /// Each participant gives its partner the half that the partner keeps.
  void add_halving(Schedule::Phase& phase, int distance) const {
    for (int i = 0; i < participants; ++i) {
      add_transfer(phase, i, distance, kept_from(i ^ distance, distance), true);
    }
  }

  /// Each participant gives its partner the half that it kept, by now complete.
  void add_doubling(Schedule::Phase& phase, int distance) const {
    for (int i = 0; i < participants; ++i) {
      add_transfer(phase, i, distance, kept_from(i, distance), false);
    }
  }
};

using Exchanges = std::vector<Exchange>;

void add_halvings(Schedule& schedule, const Exchanges& exchanges) {
  for (int distance = exchanges.front().participants / 2; distance > 0; distance /= 2) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    for (const Exchange& exchange : exchanges) exchange.add_halving(phase, distance);
  }
}

void add_doublings(Schedule& schedule, const Exchanges& exchanges) {
  for (int distance = 1; distance < exchanges.front().participants; distance *= 2) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    for (const Exchange& exchange : exchanges) exchange.add_doubling(phase, distance);
  }
}

/// A participant with all bits of its number in reverse.
int reversed(int participant, int participants) {
  int out = 0;
  for (int bit = 1; bit < participants; bit *= 2) {
    out = 2 * out + ((participant & bit) != 0 ? 1 : 0);
  }
  return out;
}

Schedule all_reduce(int ranks, std::int64_t chunks, const Folding& folding, const Exchanges& all) {
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = chunks, .phases = {}};
  folding.add_fold(schedule);
  add_halvings(schedule, all);
  add_doublings(schedule, all);
  folding.add_unfold(schedule);
  return schedule;
}

/// The exchange of one chunk for each rank: who stands for two ranks keeps two chunks.
Exchange by_rank(const Folding& folding) {
  return {folding.participants(),
          [folding](int i) { return folding.rank(i); },
          [folding](int i) { return folding.first_rank(i); }};
}

}  // namespace

Schedule halving_doubling_all_reduce(int ranks) {
  const Folding folding(ranks);
  const int participants = folding.participants();
  return all_reduce(ranks,
                    participants,
                    folding,
                    {{participants,
                      [&](int i) { return folding.rank(i); },
                      [](int i) { return std::int64_t{i}; }}});
}

Schedule dual_halving_doubling_all_reduce(int ranks) {
  const Folding folding(ranks);
  const int participants = folding.participants();
  const Exchange far_first{
      participants, [&](int i) { return folding.rank(i); }, [](int i) { return std::int64_t{i}; }};
  const Exchange near_first{participants,
                            [&](int i) { return folding.rank(reversed(i, participants)); },
                            [&](int i) { return std::int64_t{participants} + i; }};
  return all_reduce(ranks, 2 * std::int64_t{participants}, folding, {far_first, near_first});
}

Schedule recursive_halving_reduce_scatter(int ranks) {
  const Folding folding(ranks);
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = ranks, .phases = {}};
  folding.add_fold(schedule);
  add_halvings(schedule, {by_rank(folding)});
  folding.add_unfold_of_own_chunk(schedule);
  return schedule;
}

Schedule recursive_doubling_all_gather(int ranks) {
  const Folding folding(ranks);
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = ranks, .phases = {}};
  folding.add_fold_of_own_chunk(schedule);
  add_doublings(schedule, {by_rank(folding)});
  folding.add_unfold(schedule);
  return schedule;
}

}  // namespace omniphi::models
