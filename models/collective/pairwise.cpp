#include "models/collective/pairwise.h"

#include <utility>

namespace omniphi::models {

namespace {

/// Step s = 1 .. P - 1: rank r to rank r + s, chunk first_chunk(r) + (s - 1) chunk_shift.
template <class FirstChunk>
Schedule pairwise(int ranks, FirstChunk first_chunk, int chunk_shift, bool reduce) {
  Schedule::Phase phase{
      .repeats = ranks - 1, .chunk_shift = chunk_shift, .peer_shift = 1, .transfers = {}};
  phase.transfers.reserve(ranks);
  for (int rank = 0; rank < ranks; ++rank) {
    phase.transfers.push_back({.source = rank,
                               .destination = (rank + 1) % ranks,
                               .first_chunk = first_chunk(rank),
                               .chunks = 1,
                               .reduce = reduce});
  }
  return {.name = {}, .ranks = ranks, .chunks = ranks, .phases = {std::move(phase)}};
}

}  // namespace

Schedule pairwise_all_to_all(int ranks) {
  return pairwise(
      ranks, [](int) { return 1; }, 1, false);
}

Schedule pairwise_reduce_scatter(int ranks) {
  return pairwise(
      ranks, [ranks](int rank) { return (rank + 1) % ranks; }, 1, true);
}

Schedule pairwise_all_gather(int ranks) {
  return pairwise(
      ranks, [](int rank) { return rank; }, 0, false);
}

Schedule pairwise_all_reduce(int ranks) {
  Schedule schedule = pairwise_reduce_scatter(ranks);
  Schedule gather = pairwise_all_gather(ranks);
  schedule.phases.push_back(std::move(gather.phases.front()));
  return schedule;
}

}  // namespace omniphi::models
