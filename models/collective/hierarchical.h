#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// All-reduce in three parts for L ranks on each of H hosts: a ring reduce-scatter within each
/// host, L halving-doublings at once between the hosts, each among the ranks that hold the same
/// part, and a ring all-gather within each host. 2 (L - 1) local steps of 1 / L of the payload and
/// 2 log2 H between hosts; a host's adapter moves 2 (H - 1) / H of the payload, whatever L.
Schedule hierarchical_all_reduce(const GroupShape& group);

}  // namespace omniphi::models
