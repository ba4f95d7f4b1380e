#include <algorithm>
#include <stdexcept>

#include "hw/base/overloaded.h"
#include "models/compute/compute_time.h"
#include "models/compute/kernel_plan.h"

namespace omniphi::models {

namespace {

Limit limit_of(const PrimitiveTime& time) {
  if (time.start >= std::max(time.compute, time.memory)) return Limit::StartUp;
  return time.compute >= time.memory ? Limit::Compute : Limit::MemoryBandwidth;
}

OperationClass operation_class(ConvolutionPass pass) {
  switch (pass) {
    case ConvolutionPass::Forward:
      return OperationClass::ConvolutionForward;
    case ConvolutionPass::BackwardData:
      return OperationClass::ConvolutionBackwardData;
    case ConvolutionPass::BackwardWeights:
      return OperationClass::ConvolutionBackwardWeights;
  }
  throw std::logic_error("a convolution has three passes");
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
      Overloaded{[](const ConvolutionPrimitive& c) { return operation_class(c.pass); },
                 [](const MatrixProductPrimitive&) { return OperationClass::MatrixProduct; },
                 [](const StreamPrimitive&) { return OperationClass::ElementWise; }},
      primitive);
}

PrimitiveTime primitive_time(const Primitive& primitive, const Worker& worker) {
  const Calibration& calibration = *worker.stack->calibration;
  const KernelPlan plan = kernel_plan(primitive, worker);
  const KernelPlan::Time parts = plan.time(worker);
  PrimitiveTime time;
  time.flops = Flops(2 * plan.macs + plan.operations);
  time.bytes = plan.bytes(worker);
  time.compute = parts.compute;
  time.memory = std::max(parts.panels + parts.streamed, parts.moved);
  time.start = worker.stack->framework.dispatch + calibration.region_start.value * plan.regions;
  time.total = time.start + parts.total();
  time.limit = limit_of(time);
  // The energy of an operation goes with the width of its operands.
  const double width = hw::size_of(worker.format) / hw::size_of(hw::NumberFormat::Fp32);
  const Joules arithmetic =
      worker.cpu->power.flop.value * calibration.flop_energy_factor.value * width * time.flops;
  time.energy = arithmetic + worker.memory.energy * time.bytes;
  const Joules package = arithmetic + worker.memory.package_energy * time.bytes;
  const Seconds throttled = package / dynamic_limit(worker);
  if (throttled > time.total) {
    time.total = throttled;
    time.limit = Limit::Power;
  }
  return time;
}

PrimitiveTime primitive_time(const Primitive& primitive, const GpuWorker& worker) {
  const GpuPlan plan = gpu_plan(primitive, worker);
  PrimitiveTime time;
  time.flops = Flops(2 * plan.macs + plan.operations);
  time.bytes = plan.bytes;
  time.compute = plan.busy;
  time.memory = plan.moved + plan.serial;
  time.start = std::max(plan.start, worker.dispatch - plan.total());
  time.total = time.start + plan.total();
  time.limit = limit_of(time);
  const hw::Gpu& gpu = *worker.gpu;
  time.energy = gpu.power.flop.value * worker.calibration->flop_energy_factor.value * time.flops +
                gpu.memory.energy.value * time.bytes;
  return time;
}

}  // namespace omniphi::models
