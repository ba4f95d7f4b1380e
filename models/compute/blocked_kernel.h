#pragma once

#include <cstdint>

#include "models/compute/compute_time.h"

namespace omniphi::models {

/// The inner kernel of every blocked convolution and matrix product: output vectors of L lanes, `b`
/// blocks of lanes by `w` columns, stay in registers while a loop of `depth` steps adds to them.
///
/// One step loads b weight vectors and issues b * w fused multiply-adds whose second operand is
/// broadcast from memory [Georganas2018, sec. II]:
///     cycles per step = max(b w * fma_interval, (b w + b) / issue_width, fma_latency)
/// The last term: each accumulator may be added to once every `fma_latency` cycles, so that few of
/// them leave the units idle. b is chosen for the least cycles, with b w at most `accumulators`.
struct RegisterKernel {
  double fma_interval = 1;
  double issue_width = 2;
  double fma_latency = 1;
  int accumulators = 1;

  RegisterKernel(const hw::VectorUnits& vector, const KernelLibrary& kernels);

  /// Core cycles for `lane_blocks` by `columns` output vectors, each the sum of `depth` products.
  [[nodiscard]] double cycles(std::int64_t lane_blocks, std::int64_t columns, double depth) const;

 private:
  [[nodiscard]] double step_cycles(std::int64_t blocks, std::int64_t width) const;
};

/// Core cycles of the slowest thread, and the elements that splitting the sum over threads moves.
struct BlockedCycles {
  double cycles = 0;
  std::int64_t reduction_elements = 0;
};

/// A convolution with channels in blocks of L lanes. Output rows of each image and channel block
/// are dealt to threads in whole pieces (1 x 1 filters of stride 1 see the image as one long row),
/// so that the slowest thread has ceil(pieces / threads). Forward: lanes are output channels;
/// backward-data: input channels, each pixel meeting R S / stride^2 taps; backward-weights: output
/// channels, with the sum over images and pixels split over threads where there are too few weights
/// to go round, and added up afterwards. Input channels fill whole blocks, except where there are
/// fewer than L (first layers).
BlockedCycles blocked_cycles(const ConvolutionPrimitive& convolution, const Worker& worker);

/// A matrix product whose rows of C are lanes; threads form a grid over rows, columns and, where C
/// is small, the sum: the grid with the fewest cycles. Several products are dealt to teams of
/// threads, whole.
BlockedCycles blocked_cycles(const MatrixProductPrimitive& product, const Worker& worker);

}  // namespace omniphi::models
