#include "models/collective/tree.h"

#include <algorithm>
#include <bit>

#include "models/collective/ring.h"

namespace omniphi::models {

namespace {

/// In the tree of rank 0, the ranks that are multiples of 2 `distance` have the child at
/// `distance`.
template <class Visit>
void for_edges(int ranks, int distance, Visit visit) {
  for (int parent = 0; parent + distance < ranks; parent += 2 * distance) {
    visit(parent, parent + distance);
  }
}

int farthest(int ranks) {
  return static_cast<int>(std::bit_ceil(static_cast<unsigned>(ranks)) / 2);
}

void add_broadcast(Schedule& schedule) {
  for (int distance = farthest(schedule.ranks); distance > 0; distance /= 2) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    for_edges(schedule.ranks, distance, [&](int parent, int child) {
      phase.transfers.push_back({.source = parent,
                                 .destination = child,
                                 .first_chunk = 0,
                                 .chunks = schedule.chunks,
                                 .reduce = false});
    });
  }
}

void add_reduction(Schedule& schedule) {
  for (int distance = 1; distance < schedule.ranks; distance *= 2) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    for_edges(schedule.ranks, distance, [&](int parent, int child) {
      phase.transfers.push_back({.source = child,
                                 .destination = parent,
                                 .first_chunk = 0,
                                 .chunks = schedule.chunks,
                                 .reduce = true});
    });
  }
}

/// Each child gets the chunks of its whole subtree.
void add_scatter(Schedule& schedule) {
  for (int distance = farthest(schedule.ranks); distance > 0; distance /= 2) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    for_edges(schedule.ranks, distance, [&](int parent, int child) {
      phase.transfers.push_back({.source = parent,
                                 .destination = child,
                                 .first_chunk = child,
                                 .chunks = std::min(distance, schedule.ranks - child),
                                 .reduce = false});
    });
  }
}

}  // namespace

Schedule binomial_tree_broadcast(int ranks) {
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = 1, .phases = {}};
  add_broadcast(schedule);
  return schedule;
}

Schedule binomial_tree_all_reduce(int ranks) {
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = 1, .phases = {}};
  add_reduction(schedule);
  add_broadcast(schedule);
  return schedule;
}

Schedule scatter_all_gather_broadcast(int ranks) {
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = ranks, .phases = {}};
  add_scatter(schedule);
  Schedule ring = ring_all_gather(ranks);
  schedule.phases.push_back(std::move(ring.phases.front()));
  return schedule;
}

}  // namespace omniphi::models
