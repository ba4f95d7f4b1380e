#pragma once

#include <algorithm>

#include "hw/node/node.h"
#include "models/compute/primitive.h"
#include "models/software/stack.h"

namespace omniphi::models {

/// A rank at work on a graphics processor, which it has to itself.
struct GpuWorker {
  const hw::Gpu* gpu = nullptr;
  const GpuKernelLibrary* kernels = nullptr;
  const Calibration* calibration = nullptr;  // of these kernels
  Seconds dispatch{};                        // of the framework, for each call
  hw::NumberFormat format = hw::NumberFormat::Fp32;

  [[nodiscard]] const GpuKernelCosts& costs() const { return *calibration->gpu; }

  /// Rate of the memory that kernels reach.
  [[nodiscard]] BytesPerSecond bandwidth() const {
    return gpu->memory.stream_bandwidth.value * calibration->stream_efficiency.value;
  }
};

/// How one call runs on a graphics processor, from its first kernel's start on:
///     T = max(busy, moved) + serial
struct GpuPlan {
  Seconds busy{};    // of the busiest multiprocessor: multiply-adds and stalls
  Seconds moved{};   // the main kernel's bytes at the memory's rate
  Seconds serial{};  // kernels before and after it
  Seconds start{};   // of all kernels
  Bytes bytes{};
  double macs = 0;        // that are executed
  double operations = 0;  // other arithmetic, in flop

  [[nodiscard]] Seconds total() const { return std::max(busy, moved) + serial; }
};

/// A convolution or its gradients, of all the ways that the library has the one that takes the
/// least time.
///
/// Implicit product: pixels of all images as columns, channels as rows, the sum over channels and
/// taps, whose operands are gathered [Chetlur2014]. Blocks compute 128 pixels of 128, 64 or 32
/// channels. A gradient by the data through a stride is as many products as the stride has phases
/// that taps fall in. A gradient by the weights sums over pixels, cut into slices.
///
/// Scattered product: a gradient by the data whose sums over taps are made in memory.
///
/// Winograd, for 3 x 3 filters without a stride [Lavin2016]: tiles of 2 x 2 results take 16
/// multiply-adds a channel in place of 36, transformed on the way in one kernel; where the library
/// can, tiles of 4 x 4 take 36 in place of 144, as 36 matrix products between transforms that
/// write to memory.
///
/// Depthwise: nothing is shared between threads, each operand is loaded for each multiply-add.
GpuPlan gpu_convolution_plan(const ConvolutionPrimitive& convolution, const GpuWorker& worker);

/// Any primitive; streams move every element once.
GpuPlan gpu_plan(const Primitive& primitive, const GpuWorker& worker);

}  // namespace omniphi::models
