#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Ring all-reduce [Patarasuk2009]: the payload is cut in P chunks; in P - 1 steps each chunk goes
/// once round the ring and is summed on its way, in P - 1 more the sums go round.
/// 2 (P - 1) steps; each rank sends 2 (P - 1) / P of the payload, the least possible.
Schedule ring_all_reduce(int ranks);

/// Its first half alone.
Schedule ring_reduce_scatter(int ranks);

/// Its second half alone.
Schedule ring_all_gather(int ranks);

}  // namespace omniphi::models
