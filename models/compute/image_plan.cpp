#include <algorithm>
#include <numeric>

#include "models/compute/convolution_shape.h"
#include "models/compute/fastest_plan.h"
#include "models/compute/register_kernel.h"
#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

/// What both kinds of filters have in common: tensors that stream past the kernel.
KernelPlan streaming_past(const ConvolutionPrimitive& c,
                          const ConvolutionShape& shape,
                          const Worker& worker) {
  const Traffic t = traffic(c);
  KernelPlan plan;
  plan.macs = shape.macs;
  plan.overlapped =
      static_cast<double>(t.read) +
      static_cast<double>(t.written) * (worker.stack->kernels->streaming_stores ? 1 : 2);
  plan.panel_set = weights(c);
  return plan;
}

/// Weights that a thread reads from beyond its L2: those that it meets, once if they are cold, and
/// again in each of `meetings` as far as the L2 has lost them. Threads of one L2 that meet the same
/// weights fetch them once.
double fetched(double weights, double meetings, double missed, double sharers, bool warm) {
  const double passes = warm ? missed * meetings : 1 + missed * (meetings - 1);
  return weights * passes / sharers;
}

/// Part of the L2 that blocks of `block` bytes, `stride` bytes apart, can lie in.
double reachable_sets(double block, std::int64_t stride, const hw::Cache& cache) {
  const auto way = static_cast<std::int64_t>(cache.size.value() / cache.ways);
  const double places = static_cast<double>(way) / static_cast<double>(std::gcd(stride, way));
  return std::min(1.0, block * places / static_cast<double>(way));
}

KernelPlan pointwise_plan(const ConvolutionPrimitive& c, const Worker& worker) {
  const ConvolutionShape shape(c, worker);
  const RegisterKernel kernel(*worker.cpu, worker.format, *worker.stack->kernels);
  const hw::Cache& l2 = worker.cpu->l2;
  const Bytes element = hw::size_of(worker.format);
  const auto lane_count = static_cast<double>(lanes(worker));
  const auto summed = static_cast<double>(shape.summed);

  const std::int64_t pixels = c.output_height * c.output_width;
  const std::int64_t width = ceil_div(pixels, ceil_div(pixels, kernel.accumulators));
  const std::int64_t passes = shape.images * ceil_div(pixels, width);
  const std::int64_t teams =
      std::clamp<std::int64_t>(worker.threads / passes, 1, shape.result_blocks);
  const std::int64_t blocks = ceil_div(shape.result_blocks, teams);
  const std::int64_t rounds = ceil_div(passes, std::max<std::int64_t>(worker.threads / teams, 1));
  const auto met_blocks = static_cast<double>(blocks);
  const double met_weights = met_blocks * summed * lane_count;

  KernelPlan plan = streaming_past(c, shape, worker);
  plan.cycles = static_cast<double>(rounds) * met_blocks * summed *
                kernel.step(1, static_cast<double>(width));

  const double sharers = teams == 1 ? l2.cores : 1;
  const double tile = static_cast<double>(width) * (summed + met_blocks * lane_count);
  const Bytes working_set = element * (met_weights * l2.cores / sharers + tile * l2.cores);
  double reachable = 1;
  if (c.pass == ConvolutionPass::BackwardData) {
    // The weights are stored for the forward pass: what is added up lies a row of blocks apart.
    const double block = lane_count * lane_count * element.value();
    reachable = reachable_sets(
        met_blocks * block, shape.result_blocks * static_cast<std::int64_t>(block), l2);
  }
  plan.panel_elements = fetched(met_weights,
                                static_cast<double>(rounds),
                                miss_share(working_set, l2.size * reachable),
                                sharers,
                                worker.warm);
  if (c.stride_height * c.stride_width > 1) {
    if (c.pass == ConvolutionPass::Forward) {
      plan.panel_elements += static_cast<double>(rounds * width) * summed;
    } else {
      plan.streamed += 2.0 * static_cast<double>(traffic(c).written);
    }
  }
  return plan;
}

/// The plan with `blocks` blocks of channels in registers.
KernelPlan window_plan(const ConvolutionPrimitive& c,
                       const ConvolutionShape& shape,
                       const RegisterKernel& kernel,
                       std::int64_t blocks,
                       const Worker& worker) {
  const hw::Cache& l2 = worker.cpu->l2;
  const Bytes element = hw::size_of(worker.format);
  const double vectors = static_cast<double>(blocks * lanes(worker));
  const auto summed = static_cast<double>(shape.summed);
  const auto filter = static_cast<double>(c.kernel_height * c.kernel_width);

  const std::int64_t pieces =
      shape.images * ceil_div(shape.result_blocks, blocks) * shape.result_height;
  const std::int64_t rows = ceil_div(pieces, worker.threads);
  KernelPlan plan = streaming_past(c, shape, worker);
  plan.cycles = static_cast<double>(rows) * summed * shape.rows * shape.taps *
                kernel.row(blocks, shape.result_width);

  // The working set of one call: the filters of one block of summed channels, and the input under a
  // pass.
  const double block = std::min(summed, static_cast<double>(worker.stack->kernels->channel_block));
  const RegisterKernel::Passes passes = kernel.passes(shape.result_width, blocks);
  const std::int64_t stride = c.pass == ConvolutionPass::Forward ? c.stride_width : 1;
  const auto segment = static_cast<double>((passes.width - 1) * stride + c.kernel_width);
  const double call_filters = filter * block * vectors;
  const double call_rows = static_cast<double>(c.kernel_height) * segment * block;
  const bool overflows = element * (call_filters + call_rows) > worker.cpu->l1.size;
  if (overflows) {
    const double calls = static_cast<double>(rows) * summed / block * shape.rows /
                         static_cast<double>(c.kernel_height);
    plan.l2_elements = calls * static_cast<double>(passes.count()) * (call_filters + call_rows);
  }

  // Filters of all summed channels, once for each group of channels that the thread's rows belong
  // to.
  const double met =
      static_cast<double>(ceil_div(rows, shape.result_height)) * vectors * summed * filter;
  const double once = worker.warm ? miss_share(element * (met * l2.cores), l2.size) : 1;
  plan.panel_elements = once * met / l2.cores;
  if (overflows) {
    const double row_set = vectors * summed * filter +
                           static_cast<double>(c.kernel_height * shape.operand_width) * summed;
    const double missed = miss_share(element * (row_set * l2.cores), l2.size);
    plan.panel_elements =
        std::max(worker.warm ? 0 : plan.panel_elements, missed * plan.l2_elements);
  }
  return plan;
}

}  // namespace

KernelPlan image_plan(const ConvolutionPrimitive& c, const Worker& worker) {
  if (c.kernel_height == 1 && c.kernel_width == 1 && !is_depthwise(c)) {
    return pointwise_plan(c, worker);
  }
  const ConvolutionShape shape(c, worker);
  const RegisterKernel kernel(*worker.cpu, worker.format, *worker.stack->kernels);
  FastestPlan fastest(worker);
  const std::int64_t most = std::min<std::int64_t>(shape.result_blocks, kernel.lane_blocks);
  for (std::int64_t blocks = 1; blocks <= most; ++blocks) {
    fastest.consider(window_plan(c, shape, kernel, blocks, worker));
  }
  return fastest.plan();
}

}  // namespace omniphi::models
