#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Recursive halving and doubling all-reduce, Rabenseifner's algorithm [Rabenseifner2004]: a
/// reduce-scatter in which partners swap halves of what they still share, the far ones first, then
/// an all-gather that retraces it. 2 log2 P steps; each rank sends 2 (P - 1) / P of the payload,
/// the least possible. Other numbers of ranks than powers of two are folded, for two steps of the
/// whole payload more.
Schedule halving_doubling_all_reduce(int ranks);

/// Two of them at once, each for half of the payload, for nodes with two ports: the one begins with
/// the far partners and the other with the near ones, so that the two messages of a step go to
/// different ranks and the wires that the one loads most the other loads least. Partners of the
/// second are chosen by the bits of the rank in reverse.
Schedule dual_halving_doubling_all_reduce(int ranks);

/// Its first half alone [Thakur2005]: log2 P steps, (P - 1) / P of the payload. Folded ranks give
/// all and get one chunk.
Schedule recursive_halving_reduce_scatter(int ranks);

/// Its second half alone [Thakur2005]. Folded ranks give one chunk and get all.
Schedule recursive_doubling_all_gather(int ranks);

}  // namespace omniphi::models
