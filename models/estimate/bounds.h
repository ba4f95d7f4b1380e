#pragma once

#include <stdexcept>

#include "hw/fabric/graph.h"
#include "models/compute/compute_time.h"
#include "models/network/collective_time.h"
#include "models/report/report.h"

namespace omniphi::models {

/// A result that physics does not allow: a mistake in a model, with the numbers that show it.
class BoundViolation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Arithmetic within the units' rate and traffic within the memories' rate.
void check_bounds(const PrimitiveTime& time, const Worker& worker);
void check_bounds(const PrimitiveTime& time, const GpuWorker& worker);

/// No arc of the fabric carries more than its rate.
void check_bounds(const CollectiveTime& time, const hw::FabricGraph& fabric);

/// Figures finite and in order; time, energy, price and memory equal to the sum of their parts; the
/// footprint within the memory; the step no shorter than the arithmetic at peak rate.
void check_bounds(const Report& report, FlopsPerSecond peak);

}  // namespace omniphi::models
