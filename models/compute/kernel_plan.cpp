#include "models/compute/kernel_plan.h"

#include <algorithm>
#include <optional>

#include "hw/base/overloaded.h"
#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

/// Lines of the worker's values in so many elements.
double lines_of(double elements, const Worker& worker) {
  return elements * (hw::size_of(worker.format) / hw::kCacheLine);
}

bool held_in_l3(const KernelPlan& plan, const Worker& worker) {
  const std::optional<hw::Cache>& l3 = worker.cpu->l3;
  return l3 && hw::size_of(worker.format) * plan.panel_set <= l3->size;
}

Bytes l2_of_all_threads(const Worker& worker) {
  const hw::Cache& l2 = worker.cpu->l2;
  return l2.size * (static_cast<double>(worker.threads) / l2.cores);
}

/// Wait for one line of weights from beyond the L2: the latency of what holds them, shared by the
/// lines under way, and no less than the line's share of that memory's bandwidth.
Seconds panel_line_time(const KernelPlan& plan, const Worker& worker) {
  const hw::ManyCoreCpu& cpu = *worker.cpu;
  const double in_flight = worker.stack->calibration->lines_in_flight.value;
  if (held_in_l3(plan, worker)) return cpu.l3->latency / cpu.clock.vector / in_flight;
  return std::max(worker.memory.latency / in_flight,
                  hw::kCacheLine * static_cast<double>(worker.threads) / worker.memory.bandwidth);
}

}  // namespace

KernelPlan::Time KernelPlan::time(const Worker& worker) const {
  const hw::ManyCoreCpu& cpu = *worker.cpu;
  const Calibration& calibration = *worker.stack->calibration;
  const double stalls =
      lines_of(l2_elements, worker) * cpu.l2.latency * calibration.l2_exposure.value;
  const BytesPerSecond bandwidth = worker.memory.bandwidth * calibration.stream_efficiency.value;
  const Bytes element = hw::size_of(worker.format);
  return {
      cycles / calibration.compute_efficiency.value / cpu.clock.vector + stalls / cpu.clock.vector,
      panel_elements > 0 ? lines_of(panel_elements, worker) * panel_line_time(*this, worker)
                         : Seconds(0),
      element * streamed / bandwidth,
      bytes(worker) / bandwidth};
}

Bytes KernelPlan::bytes(const Worker& worker) const {
  const double panels =
      held_in_l3(*this, worker) ? 0 : panel_elements * static_cast<double>(worker.threads);
  return hw::size_of(worker.format) * (streamed + overlapped + panels);
}

std::int64_t lanes(const Worker& worker) {
  return static_cast<std::int64_t>(worker.cpu->vector.bits /
                                   (8 * hw::sum_size_of(worker.format).value()));
}

double miss_share(Bytes working_set, Bytes capacity) {
  return std::clamp(working_set / capacity - 1, 0.0, 1.0);
}

double copies_moved(std::int64_t teams) {
  return static_cast<double>(teams > 1 ? teams + 1 : 1);
}

std::int64_t taps_inside(std::int64_t inputs,
                         std::int64_t outputs,
                         std::int64_t kernel,
                         std::int64_t stride) {
  constexpr std::int64_t kLargestKernel = 4096;  // beyond it all taps are counted, in no time
  if (kernel > kLargestKernel) return outputs * kernel;
  const std::int64_t pad =
      std::max<std::int64_t>((outputs - 1) * stride + kernel - inputs + 1, 0) / 2;
  std::int64_t inside = 0;
  for (std::int64_t tap = 0; tap < kernel; ++tap) {
    const std::int64_t first = tap >= pad ? 0 : ceil_div(pad - tap, stride);
    const std::int64_t room = inputs - 1 + pad - tap;
    const std::int64_t last = room < 0 ? -1 : std::min(outputs - 1, room / stride);
    inside += std::max<std::int64_t>(last - first + 1, 0);
  }
  return inside;
}

KernelPlan stream_plan(const StreamPrimitive& stream, const Worker& worker) {
  const double operations_per_cycle =
      worker.cpu->core_flop_per_cycle(worker.format) / 2 * worker.threads;
  const Traffic t = traffic(stream);
  const std::int64_t allocated =
      worker.stack->kernels->streaming_stores ? 0 : t.written - t.updated;
  KernelPlan plan;
  plan.operations = static_cast<double>(stream.operations);
  plan.cycles = plan.operations / operations_per_cycle;
  const auto moved = static_cast<double>(t.read + t.written + allocated);
  const double missed =
      stream.just_written || worker.warm
          ? miss_share(hw::size_of(worker.format) * static_cast<double>(t.read + t.written),
                       l2_of_all_threads(worker))
          : 1;
  plan.overlapped = moved * missed;
  plan.l2_elements = moved * (1 - missed) / worker.threads;
  return plan;
}

KernelPlan kernel_plan(const Primitive& primitive, const Worker& worker) {
  return std::visit(Overloaded{[&](const ConvolutionPrimitive& c) {
                                 return c.pass == ConvolutionPass::BackwardWeights
                                            ? weight_gradient_plan(c, worker)
                                            : image_plan(c, worker);
                               },
                               [&](const MatrixProductPrimitive& product) {
                                 return matrix_product_plan(product, worker);
                               },
                               [&](const StreamPrimitive& s) { return stream_plan(s, worker); }},
                    primitive);
}

}  // namespace omniphi::models
