#include "models/collective/chain.h"

#include <algorithm>

namespace omniphi::models {

Schedule chain_broadcast(int ranks) {
  const int pieces = std::min(2 * ranks, 64);
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = pieces, .phases = {}};
  for (int step = 0; step < ranks - 2 + pieces; ++step) {
    Schedule::Phase& phase = schedule.phases.emplace_back();
    const int last = std::min(step, ranks - 2);
    for (int rank = std::max(step - pieces + 1, 0); rank <= last; ++rank) {
      phase.transfers.push_back({.source = rank,
                                 .destination = rank + 1,
                                 .first_chunk = step - rank,
                                 .chunks = 1,
                                 .reduce = false});
    }
  }
  return schedule;
}

}  // namespace omniphi::models
