#include "models/collective/halving_doubling.h"

#include <utility>

#include "models/collective/folding.h"

namespace omniphi::models {

namespace {

/// First of the `distance` chunks that participant i is left with once it has halved down to that
/// distance; its partner keeps the neighbouring ones.
int kept_from(int i, int distance) {
  return i - i % distance;
}

/// Each participant gives its partner the half that the partner keeps.
Schedule::Phase halving(const Folding& folding, int distance) {
  Schedule::Phase phase;
  phase.transfers.reserve(folding.participants());
  for (int i = 0; i < folding.participants(); ++i) {
    const int partner = i ^ distance;
    phase.transfers.push_back({.source = folding.rank(i),
                               .destination = folding.rank(partner),
                               .first_chunk = kept_from(partner, distance),
                               .chunks = distance,
                               .reduce = true});
  }
  return phase;
}

/// Each participant gives its partner the half that it kept, by now complete.
Schedule::Phase doubling(const Folding& folding, int distance) {
  Schedule::Phase phase;
  phase.transfers.reserve(folding.participants());
  for (int i = 0; i < folding.participants(); ++i) {
    phase.transfers.push_back({.source = folding.rank(i),
                               .destination = folding.rank(i ^ distance),
                               .first_chunk = kept_from(i, distance),
                               .chunks = distance,
                               .reduce = false});
  }
  return phase;
}

}  // namespace

Schedule halving_doubling_all_reduce(int ranks) {
  const Folding folding(ranks);
  const int participants = folding.participants();
  Schedule schedule{
      .name = "halving-doubling", .ranks = ranks, .chunks = participants, .phases = {}};
  folding.add_fold(schedule);
  for (int distance = participants / 2; distance > 0; distance /= 2) {
    schedule.phases.push_back(halving(folding, distance));
  }
  for (int distance = 1; distance < participants; distance *= 2) {
    schedule.phases.push_back(doubling(folding, distance));
  }
  folding.add_unfold(schedule);
  return schedule;
}

}  // namespace omniphi::models
