#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// The wiring without what is broken: cables that are down, alone or with their switch, are left
/// out, and narrow ones carry lanes / 4 of their rate (as an Omni-Path link runs on with the lanes
/// that still work). Switches and hosts keep their numbers.
/// Infeasible if the faults name what is not there.
Outcome<Wiring> degraded(const Wiring& wiring, const Faults& faults, std::int64_t seed);

}  // namespace omniphi::hw
