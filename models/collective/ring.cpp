#include "models/collective/ring.h"

namespace omniphi::models {

namespace {

/// P - 1 steps in each of which rank i sends chunk i + offset to rank i + 1, then the one before,
/// ...
Schedule::Phase once_round(int ranks, int offset, bool reduce) {
  // One chunk back is P - 1 chunks on, and stays positive.
  Schedule::Phase phase{.repeats = ranks - 1, .chunk_shift = ranks - 1, .transfers = {}};
  phase.transfers.reserve(ranks);
  for (int rank = 0; rank < ranks; ++rank) {
    phase.transfers.push_back({.source = rank,
                               .destination = (rank + 1) % ranks,
                               .first_chunk = (rank + offset) % ranks,
                               .chunks = 1,
                               .reduce = reduce});
  }
  return phase;
}

}  // namespace

Schedule ring_all_reduce(int ranks) {
  // After the first round rank i holds the whole sum of chunk i + 1.
  return {.name = {},
          .ranks = ranks,
          .chunks = ranks,
          .phases = {once_round(ranks, 0, true), once_round(ranks, 1, false)}};
}

Schedule ring_reduce_scatter(int ranks) {
  return {
      .name = {}, .ranks = ranks, .chunks = ranks, .phases = {once_round(ranks, ranks - 1, true)}};
}

Schedule ring_all_gather(int ranks) {
  return {.name = {}, .ranks = ranks, .chunks = ranks, .phases = {once_round(ranks, 0, false)}};
}

}  // namespace omniphi::models
