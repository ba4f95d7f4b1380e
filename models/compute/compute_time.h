#pragma once

#include <array>
#include <string_view>

#include "hw/node/node.h"
#include "models/compute/gpu_plan.h"
#include "models/compute/memory_service.h"
#include "models/compute/primitive.h"
#include "models/software/stack.h"

namespace omniphi::models {

/// What bounds a piece of work.
enum class Limit { Compute, MemoryBandwidth, StartUp, Power };

/// "compute", "memory bandwidth", ...
std::string_view limit_name(Limit limit);

/// A rank's share of a node, at work.
struct Worker {
  const hw::ManyCoreCpu* cpu = nullptr;
  const SoftwareStack* stack = nullptr;
  MemoryService memory;
  int threads = 1;        // one a core
  double node_share = 1;  // of the node's power limit, 1 / ranks on the node
  hw::NumberFormat format = hw::NumberFormat::Fp32;
  bool warm = false;  // the call before was the same, on the same buffers: benchmark loops
};

struct PrimitiveTime {
  Seconds total{};
  Seconds compute{};  // had memory and start-up been free
  Seconds memory{};   // had compute and start-up been free
  Seconds start{};    // dispatch and parallel regions
  Flops flops{};      // executed: none for taps in the padding
  Bytes bytes{};      // moved to and from memory
  Joules energy{};    // above what the node draws at rest
  Limit limit = Limit::Compute;

  /// Of so many equal primitives, one after another.
  friend PrimitiveTime operator*(PrimitiveTime time, double calls);
};

/// Time of one primitive on one rank:  T = start + plan, lengthened where the package would draw
/// more than its limit.
///
/// plan     how a library would run it, and how long that takes: kernel_plan.h
/// start    the framework's dispatch and the start of each parallel region
/// power    package_idle + energy / T <= limit, the rule by which the processor sets its own clock
///
/// Operands are in memory when the call starts (another layer has used the caches in between),
/// unless the worker is warm.
PrimitiveTime primitive_time(const Primitive& primitive, const Worker& worker);

/// The same on a graphics processor:  T = max(dispatch, start + plan),  gpu_plan.h: the host calls
/// ahead, so that its own time shows only where it is the longer. Operands are in the device's
/// memory. The clock is the one that the device keeps within its power limit.
PrimitiveTime primitive_time(const Primitive& primitive, const GpuWorker& worker);

/// The class of operation whose residuals a primitive's prediction has.
OperationClass operation_class(const Primitive& primitive);

}  // namespace omniphi::models
