#include "models/compute/blocked_kernel.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace omniphi::models {

namespace {

std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

std::int64_t lanes(const Worker& worker) {
  return static_cast<std::int64_t>(worker.cpu->vector.bits /
                                   (8 * hw::size_of(worker.format).value()));
}

/// Channels as the loops see them: whole blocks, or just what is there if less than one.
std::int64_t blocked(std::int64_t channels, std::int64_t block) {
  return channels < block ? channels : ceil_div(channels, block) * block;
}

/// Pieces of equal work dealt whole to `threads`.
double slowest_thread(std::int64_t pieces, int threads, double cycles_per_piece) {
  return static_cast<double>(ceil_div(pieces, threads)) * cycles_per_piece;
}

/// Lane blocks of one piece: as many as registers allow beside a row, so that rows shorter than the
/// register block still keep enough sums in flight.
std::int64_t blocks_per_piece(std::int64_t lane_blocks, std::int64_t columns, int accumulators) {
  return std::clamp<std::int64_t>(
      accumulators / std::max<std::int64_t>(columns, 1), 1, lane_blocks);
}

/// An image of `height` by `width` vectors: rows are pieces unless the kernel may run through all
/// of it.
struct Rows {
  std::int64_t count;
  std::int64_t width;
};

Rows rows_of(std::int64_t height, std::int64_t width, bool contiguous, int accumulators) {
  if (!contiguous) return {height, width};
  return {ceil_div(height * width, accumulators),
          std::min<std::int64_t>(height * width, accumulators)};
}

/// Forward and backward-data: `images` pictures, each `rows` for every block of lanes.
double image_cycles(
    std::int64_t images, std::int64_t lane_blocks, Rows rows, double depth, const Worker& worker) {
  const RegisterKernel kernel(worker.cpu->vector, worker.stack->kernels);
  double best = std::numeric_limits<double>::infinity();
  // Fewer blocks in a piece give more pieces to deal, more blocks longer sums in flight: the
  // library tries both.
  const std::int64_t most = blocks_per_piece(lane_blocks, rows.width, kernel.accumulators);
  for (std::int64_t blocks = most;; blocks = (blocks + 1) / 2) {
    const std::int64_t pieces = images * ceil_div(lane_blocks, blocks) * rows.count;
    best = std::min(
        best, slowest_thread(pieces, worker.threads, kernel.cycles(blocks, rows.width, depth)));
    if (blocks == 1) return best;
  }
}

BlockedCycles weight_gradient_cycles(const ConvolutionPrimitive& c, const Worker& worker) {
  const RegisterKernel kernel(worker.cpu->vector, worker.stack->kernels);
  const std::int64_t block = worker.stack->kernels.channel_block;
  const std::int64_t input = c.input_channels / c.groups;
  const std::int64_t output_blocks = ceil_div(c.output_channels / c.groups, lanes(worker));
  const std::int64_t input_blocks = ceil_div(input, block);
  const std::int64_t columns = std::min(blocked(input, block), block) * c.kernel_width;
  const std::int64_t pieces = c.groups * output_blocks * input_blocks * c.kernel_height;
  const double pixels = static_cast<double>(c.output_height * c.output_width);

  // Threads that would find no piece of the weights take a share of the images instead.
  const std::int64_t image_teams = std::clamp<std::int64_t>(worker.threads / pieces, 1, c.batch);
  const double depth = static_cast<double>(ceil_div(c.batch, image_teams)) * pixels;
  const std::int64_t weights = c.output_channels * input * c.kernel_height * c.kernel_width;
  return {slowest_thread(pieces * image_teams, worker.threads, kernel.cycles(1, columns, depth)),
          image_teams > 1 ? (image_teams + 1) * weights : 0};
}

}  // namespace

RegisterKernel::RegisterKernel(const hw::VectorUnits& vector, const KernelLibrary& kernels)
    : fma_interval(vector.fma_interval),
      issue_width(vector.issue_width),
      fma_latency(vector.fma_latency),
      accumulators(std::min(kernels.accumulators, vector.registers - 2)) {}

double RegisterKernel::step_cycles(std::int64_t blocks, std::int64_t width) const {
  const auto sums = static_cast<double>(blocks * width);
  return std::max(
      {sums * fma_interval, (sums + static_cast<double>(blocks)) / issue_width, fma_latency});
}

double RegisterKernel::cycles(std::int64_t lane_blocks, std::int64_t columns, double depth) const {
  double best = std::numeric_limits<double>::infinity();
  const std::int64_t most_blocks = std::min<std::int64_t>(lane_blocks, accumulators);
  for (std::int64_t blocks = 1; blocks <= most_blocks; ++blocks) {
    const std::int64_t width = std::min<std::int64_t>(columns, accumulators / blocks);
    const std::int64_t tail_width = columns % width;
    const auto row = [&](std::int64_t b) {
      if (b == 0) return 0.0;
      const double tail = tail_width > 0 ? step_cycles(b, tail_width) : 0.0;
      return static_cast<double>(columns / width) * step_cycles(b, width) + tail;
    };
    best = std::min(
        best, static_cast<double>(lane_blocks / blocks) * row(blocks) + row(lane_blocks % blocks));
  }
  return best * depth;
}

BlockedCycles blocked_cycles(const ConvolutionPrimitive& c, const Worker& worker) {
  if (c.pass == ConvolutionPass::BackwardWeights) return weight_gradient_cycles(c, worker);
  const int accumulators = RegisterKernel(worker.cpu->vector, worker.stack->kernels).accumulators;
  const std::int64_t block = worker.stack->kernels.channel_block;
  const std::int64_t input = c.input_channels / c.groups;
  const std::int64_t output = c.output_channels / c.groups;
  const auto taps = static_cast<double>(c.kernel_height * c.kernel_width);
  const bool contiguous =
      c.kernel_height == 1 && c.kernel_width == 1 && c.stride_height == 1 && c.stride_width == 1;
  const std::int64_t images = c.batch * c.groups;
  if (c.pass == ConvolutionPass::Forward) {
    const Rows rows = rows_of(c.output_height, c.output_width, contiguous, accumulators);
    const double depth = static_cast<double>(blocked(input, block)) * taps;
    return {image_cycles(images, ceil_div(output, lanes(worker)), rows, depth, worker), 0};
  }
  const Rows rows = rows_of(c.input_height, c.input_width, contiguous, accumulators);
  // Every product of the forward pass occurs again: per input pixel P Q R S / (H W) of them.
  const double taps_per_pixel = taps * static_cast<double>(c.output_height * c.output_width) /
                                static_cast<double>(c.input_height * c.input_width);
  const double depth = static_cast<double>(blocked(output, block)) * taps_per_pixel;
  return {image_cycles(images, ceil_div(input, lanes(worker)), rows, depth, worker), 0};
}

BlockedCycles blocked_cycles(const MatrixProductPrimitive& g, const Worker& worker) {
  const RegisterKernel kernel(worker.cpu->vector, worker.stack->kernels);
  const std::int64_t lane_blocks = ceil_div(g.m, lanes(worker));
  const std::int64_t teams = std::min<std::int64_t>(g.products, worker.threads);
  const std::int64_t threads = worker.threads / teams;
  BlockedCycles best{std::numeric_limits<double>::infinity(), 0};
  for (std::int64_t depth_teams = 1; depth_teams <= threads; depth_teams *= 2) {
    const std::int64_t grid = threads / depth_teams;
    if (depth_teams > 1 && (g.k / depth_teams < kernel.accumulators ||
                            lane_blocks * g.n >= grid * kernel.accumulators))
      break;
    for (std::int64_t row_teams = 1; row_teams <= std::min(grid, lane_blocks); ++row_teams) {
      const std::int64_t column_teams = grid / row_teams;
      const double cycles = kernel.cycles(ceil_div(lane_blocks, row_teams),
                                          ceil_div(g.n, column_teams),
                                          static_cast<double>(ceil_div(g.k, depth_teams)));
      if (cycles < best.cycles)
        best = {cycles, depth_teams > 1 ? (depth_teams + 1) * g.products * g.m * g.n : 0};
    }
  }
  best.cycles *= static_cast<double>(ceil_div(g.products, teams));
  return best;
}

}  // namespace omniphi::models
