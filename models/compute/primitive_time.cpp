#include <algorithm>

#include "hw/base/overloaded.h"
#include "models/compute/blocked_kernel.h"
#include "models/compute/compute_time.h"

namespace omniphi::models {

namespace {

/// Element-wise arithmetic: one vector operation a cycle and unit, no fused pairs.
BlockedCycles blocked_cycles(const StreamPrimitive& stream, const Worker& worker) {
  const double operations_per_cycle =
      worker.cpu->core_flop_per_cycle(worker.format) / 2 * worker.threads;
  return {static_cast<double>(stream.operations) / operations_per_cycle, 0};
}

/// Bytes that cross between caches and memory. A store to a line that no cache holds reads the line
/// first (write-allocate), unless the library writes around the caches.
Bytes memory_bytes(const Primitive& primitive,
                   std::int64_t reduction_elements,
                   const Worker& worker) {
  const Traffic t = traffic(primitive);
  const std::int64_t allocated = worker.stack->kernels.streaming_stores ? 0 : t.written - t.updated;
  return hw::size_of(worker.format) *
         static_cast<double>(t.read + t.written + allocated + reduction_elements);
}

Limit limit_of(const PrimitiveTime& time) {
  if (time.start >= std::max(time.compute, time.memory)) return Limit::StartUp;
  return time.compute >= time.memory ? Limit::Compute : Limit::MemoryBandwidth;
}

/// Power that the rank's share of the package may draw above rest.
Watts dynamic_limit(const Worker& worker) {
  const hw::Power& power = worker.cpu->power;
  return (power.limit - power.package_idle.value) * worker.node_share;
}

}  // namespace

std::string_view limit_name(Limit limit) {
  switch (limit) {
    case Limit::Compute:
      return "compute";
    case Limit::MemoryBandwidth:
      return "memory bandwidth";
    case Limit::StartUp:
      return "start-up";
    case Limit::Power:
      return "power";
  }
  return "?";
}

PrimitiveTime operator*(PrimitiveTime time, double calls) {
  time.total = time.total * calls;
  time.compute = time.compute * calls;
  time.memory = time.memory * calls;
  time.start = time.start * calls;
  time.flops = time.flops * calls;
  time.bytes = time.bytes * calls;
  time.energy = time.energy * calls;
  return time;
}

OperationClass operation_class(const Primitive& primitive) {
  return std::visit(
      Overloaded{[](const ConvolutionPrimitive&) { return OperationClass::Convolution; },
                 [](const MatrixProductPrimitive&) { return OperationClass::MatrixProduct; },
                 [](const StreamPrimitive&) { return OperationClass::ElementWise; }},
      primitive);
}

PrimitiveTime primitive_time(const Primitive& primitive, const Worker& worker) {
  const Calibration& calibration = *worker.stack->calibration;
  const BlockedCycles blocked =
      std::visit([&](const auto& p) { return blocked_cycles(p, worker); }, primitive);
  PrimitiveTime time;
  time.flops = work(primitive);
  time.bytes = memory_bytes(primitive, blocked.reduction_elements, worker);
  time.compute = blocked.cycles / worker.cpu->clock.vector / calibration.compute_efficiency.value;
  time.memory = time.bytes / worker.memory.bandwidth;
  time.start = worker.stack->framework.dispatch + calibration.region_start.value;
  time.total = time.start + std::max(time.compute, time.memory);
  time.limit = limit_of(time);
  const Joules arithmetic = worker.cpu->power.flop.value * time.flops;
  time.energy = arithmetic + worker.memory.energy * time.bytes;
  const Joules package = arithmetic + worker.memory.package_energy * time.bytes;
  const Seconds throttled = package / dynamic_limit(worker);
  if (throttled > time.total) {
    time.total = throttled;
    time.limit = Limit::Power;
  }
  return time;
}

}  // namespace omniphi::models
