#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Recursive halving and doubling all-reduce, Rabenseifner's algorithm [Rabenseifner2004]: a
/// reduce-scatter in which partners swap halves of what they still share, the far ones first, then
/// an all-gather that retraces it. 2 log2 P steps; each rank sends 2 (P - 1) / P of the payload,
/// the least possible. Other numbers of ranks than powers of two are folded, for two steps of the
/// whole payload more.
Schedule halving_doubling_all_reduce(int ranks);

}  // namespace omniphi::models
