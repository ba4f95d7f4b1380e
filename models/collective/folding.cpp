#include "models/collective/folding.h"

#include <bit>
#include <utility>

namespace omniphi::models {

Folding::Folding(int ranks)
    : participants_(static_cast<int>(std::bit_floor(static_cast<unsigned>(ranks)))),
      extra_(ranks - participants_) {}

void Folding::add_step(Schedule& schedule, Payload payload, bool up, bool reduce) const {
  if (extra_ == 0) return;
  Schedule::Phase phase;
  for (int i = 0; i < extra_; ++i) {
    const int extra = 2 * i;
    const int stays = extra + 1;
    const bool whole = payload == Payload::Whole;
    phase.transfers.push_back({.source = up ? extra : stays,
                               .destination = up ? stays : extra,
                               .first_chunk = whole ? 0 : extra,
                               .chunks = whole ? schedule.chunks : 1,
                               .reduce = reduce});
  }
  schedule.phases.push_back(std::move(phase));
}

void Folding::add_fold(Schedule& schedule) const {
  add_step(schedule, Payload::Whole, true, true);
}

void Folding::add_unfold(Schedule& schedule) const {
  add_step(schedule, Payload::Whole, false, false);
}

void Folding::add_fold_of_own_chunk(Schedule& schedule) const {
  add_step(schedule, Payload::OwnChunk, true, false);
}

void Folding::add_unfold_of_own_chunk(Schedule& schedule) const {
  add_step(schedule, Payload::OwnChunk, false, false);
}

}  // namespace omniphi::models
