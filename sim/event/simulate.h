#pragma once

#include "hw/base/infeasible.h"
#include "models/mapping/design.h"
#include "models/report/report.h"

namespace omniphi::sim {

/// The event executor: tasks of computing take what the closed forms say, and the step's
/// communication is followed message by message between ranks that each go their own way
/// (step_simulation.h).
///
/// Ranges: as of the analytical executor; the step is simulated again at each end.
///
/// Infeasible, and throws, as models::estimate does.
Outcome<models::Report> simulate(const models::Design& design);

}  // namespace omniphi::sim
