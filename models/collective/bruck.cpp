#include "models/collective/bruck.h"

#include <algorithm>

namespace omniphi::models {

Schedule bruck_all_gather(int ranks) {
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = ranks, .phases = {}};
  for (int distance = 1; distance < ranks; distance *= 2) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    for (int rank = 0; rank < ranks; ++rank) {
      phase.transfers.push_back({.source = rank,
                                 .destination = (rank - distance + ranks) % ranks,
                                 .first_chunk = rank,
                                 .chunks = std::min(distance, ranks - distance),
                                 .reduce = false});
    }
  }
  return schedule;
}

namespace {

/// How many of 0 .. n - 1 have this bit set.
int with_bit(int n, int bit) {
  return n / (2 * bit) * bit + std::max(n % (2 * bit) - bit, 0);
}

}  // namespace

Schedule bruck_all_to_all(int ranks) {
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = ranks, .phases = {}};
  for (int distance = 1; distance < ranks; distance *= 2) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    for (int rank = 0; rank < ranks; ++rank) {
      phase.transfers.push_back({.source = rank,
                                 .destination = (rank + distance) % ranks,
                                 .first_chunk = distance,
                                 .chunks = with_bit(ranks, distance),
                                 .reduce = false,
                                 .run = distance,
                                 .stride = 2 * distance});
    }
  }
  return schedule;
}

}  // namespace omniphi::models
