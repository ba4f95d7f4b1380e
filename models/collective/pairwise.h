#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Pairwise exchange [Thakur2005]: in step s = 1 .. P - 1 rank r sends rank r + s the chunk that is
/// for it. P - 1 steps; each rank sends (P - 1) / P of the payload, each byte once.
Schedule pairwise_all_to_all(int ranks);

/// The same with chunks that are added up where they arrive.
Schedule pairwise_reduce_scatter(int ranks);

/// In step s rank r sends rank r + s its own chunk.
Schedule pairwise_all_gather(int ranks);

/// The one after the other: everybody talks to everybody, with no rank between.
Schedule pairwise_all_reduce(int ranks);

}  // namespace omniphi::models
