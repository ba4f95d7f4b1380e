#include "models/collective/recursive_doubling.h"

#include <utility>

#include "models/collective/folding.h"

namespace omniphi::models {

namespace {

Schedule::Phase swap_with(const Folding& folding, int distance) {
  Schedule::Phase phase;
  phase.transfers.reserve(folding.participants());
  for (int i = 0; i < folding.participants(); ++i) {
    phase.transfers.push_back({.source = folding.rank(i),
                               .destination = folding.rank(i ^ distance),
                               .first_chunk = 0,
                               .chunks = 1,
                               .reduce = true});
  }
  return phase;
}

}  // namespace

Schedule recursive_doubling_all_reduce(int ranks) {
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = 1, .phases = {}};
  const Folding folding(ranks);
  folding.add_fold(schedule);
  for (int distance = 1; distance < folding.participants(); distance *= 2) {
    schedule.phases.push_back(swap_with(folding, distance));
  }
  folding.add_unfold(schedule);
  return schedule;
}

}  // namespace omniphi::models
