#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Bruck's all-gather [Bruck1997]: in step k = 0, 1, ... rank r sends the 2^k chunks that it has by
/// then to rank r - 2^k. ceil(log2 P) steps for any P; each byte is sent once.
Schedule bruck_all_gather(int ranks);

/// Bruck's all-to-all [Bruck1997]: a chunk that must go j ranks on hops by 2^k in step k for each
/// bit k of j. ceil(log2 P) steps, but each rank sends about half of the payload in each: best
/// where latency rules.
Schedule bruck_all_to_all(int ranks);

}  // namespace omniphi::models
