#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// Broadcast as a pipeline of point-to-point messages: rank r passes piece q of m to rank r + 1 in
/// step r + q. P - 2 + m steps of 1 / m of the payload; m = 2 P, at which the pipe's filling costs
/// half of the payload's time, but no more than 64, to keep messages long and the schedule short.
Schedule chain_broadcast(int ranks);

}  // namespace omniphi::models
