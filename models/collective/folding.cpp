#include "models/collective/folding.h"

#include <bit>
#include <utility>

namespace omniphi::models {

Folding::Folding(int ranks)
    : participants_(static_cast<int>(std::bit_floor(static_cast<unsigned>(ranks)))),
      extra_(ranks - participants_) {}

void Folding::add_fold(Schedule& schedule) const {
  if (extra_ == 0) return;
  Schedule::Phase phase;
  for (int i = 0; i < extra_; ++i) {
    phase.transfers.push_back({.source = 2 * i,
                               .destination = 2 * i + 1,
                               .first_chunk = 0,
                               .chunks = schedule.chunks,
                               .reduce = true});
  }
  schedule.phases.push_back(std::move(phase));
}

void Folding::add_unfold(Schedule& schedule) const {
  if (extra_ == 0) return;
  Schedule::Phase phase;
  for (int i = 0; i < extra_; ++i) {
    phase.transfers.push_back({.source = 2 * i + 1,
                               .destination = 2 * i,
                               .first_chunk = 0,
                               .chunks = schedule.chunks,
                               .reduce = false});
  }
  schedule.phases.push_back(std::move(phase));
}

}  // namespace omniphi::models
