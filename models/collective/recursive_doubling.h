#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Recursive doubling all-reduce [Thakur2005]: in step i ranks that differ in bit i swap their
/// whole partial sums. log2 P steps, in each of which every rank sends the whole payload: best
/// where latency rules. Other numbers of ranks than powers of two are folded, for two steps more.
Schedule recursive_doubling_all_reduce(int ranks);

}  // namespace omniphi::models
