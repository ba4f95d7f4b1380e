#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Binomial tree broadcast from rank 0 [Thakur2005]: in each step whoever has the payload sends it
/// on, the farthest first. ceil(log2 P) steps of the whole payload.
Schedule binomial_tree_broadcast(int ranks);

/// Sums up the same tree to rank 0, then down again: 2 ceil(log2 P) steps of the whole payload.
Schedule binomial_tree_all_reduce(int ranks);

/// Van de Geijn's broadcast of long messages [Thakur2005]: P chunks are scattered down a binomial
/// tree and gathered round a ring. ceil(log2 P) + P - 1 steps; rank 0 sends 2 (P - 1) / P of the
/// payload.
Schedule scatter_all_gather_broadcast(int ranks);

}  // namespace omniphi::models
