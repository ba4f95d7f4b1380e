#pragma once

#include <string_view>

#include "hw/base/infeasible.h"
#include "models/estimate/timed_step.h"
#include "models/mapping/design.h"
#include "models/report/report.h"

namespace omniphi::models {

/// The analytical executor: lowers the design, times each task by closed forms, follows the lanes
/// once and answers. Takes well under a millisecond for a network of a few hundred layers on
/// hundreds of nodes.
///
/// Ranges: each task's time is stretched to both ends of its class's residual range, all tasks of a
/// class together (their errors are taken as fully correlated, which is never too narrow), and the
/// step is followed again at each end.
///
/// Infeasible: the fabric cannot join the nodes, or the footprint exceeds the node's memory.
/// Throws BoundViolation where the result breaks a physical bound.
Outcome<Report> estimate(const Design& design);

/// What any executor that takes the closed forms' times of compute tasks answers: the same, with
/// the lanes followed its way. `executor`: its name in the report.
Outcome<Report> report_of(const Design& design,
                          std::string_view executor,
                          const FollowLanes& follow);

}  // namespace omniphi::models
