#pragma once

#include <algorithm>

#include "models/compute/compute_time.h"

namespace omniphi::models {

/// How a library runs one call: what its slowest thread does and what all threads move. Elements
/// are of the worker's number format.
struct KernelPlan {
  double cycles = 0;          // of the slowest thread, issuing instructions
  double l2_elements = 0;     // that a thread reads from its L2 since its kernel overflows the L1
  double panel_elements = 0;  // weights that a thread reads from beyond its L2
  double panel_set = 0;       // weights of the call, read by one thread or another
  double streamed = 0;        // elements that all threads move between computing: packed, added up
  double overlapped = 0;      // elements that all threads move while they compute
  double macs = 0;            // multiply-accumulates that are executed
  double operations = 0;      // other arithmetic, in flop
  int regions = 1;            // parallel regions

  /// What the plan takes, without starting: waits for caches and memory added to the instructions,
  /// since a core that issues in program order hides little, except where a stream keeps ahead.
  ///     T = max(cycles / clock + l2 stalls + panel stalls + streamed / B, all that is moved / B)
  struct Time {
    Seconds compute{};  // cycles and stalls on the L2
    Seconds panels{};
    Seconds streamed{};
    Seconds moved{};  // all bytes at the memory's rate

    [[nodiscard]] Seconds total() const { return std::max(compute + panels + streamed, moved); }
  };

  [[nodiscard]] Time time(const Worker& worker) const;
  /// Bytes that cross between caches and memory.
  [[nodiscard]] Bytes bytes(const Worker& worker) const;
};

/// A convolution or its gradient by the data, in blocks of L channels.
///
/// Filters larger than 1 x 1: rows of the result, for each image and group of `b` channel blocks,
/// are dealt whole to threads. A row takes  C_b sum over filter rows and taps that meet the image
/// of the kernel's steps; taps in the padding are not executed. b (at most `lane_blocks`) is chosen
/// for the least time. Where the b blocks' filters and their rows of input overflow the L1, both
/// are read again from the L2 in each pass, line by line.
///
/// 1 x 1 filters: pixels of all images are cut into passes and dealt to threads; where there are
/// fewer passes than threads, teams share the channels of one. A thread meets all its channels'
/// weights in each pass: what its L2 cannot hold comes from beyond it. With a stride, the pixels
/// used are gathered first (or the gradient scattered after).
///
/// Weights are warm if the call before was the same one and its working set fits the L2
/// (`miss_share`).
KernelPlan image_plan(const ConvolutionPrimitive& convolution, const Worker& worker);

/// The gradient of a convolution by its weights. Threads form teams over images (over rows of
/// images for 1 x 1 filters), blocks of output channels and of input channels: the split with the
/// least time. Teams over images add up their copies of the weights at the end. A pair of channel
/// blocks reads both tensors' blocks once: from beyond the L2 where the thread's images overflow
/// it.
KernelPlan weight_gradient_plan(const ConvolutionPrimitive& convolution, const Worker& worker);

/// C [m, n] += A [m, k] B [k, n], rows of C as lanes: threads form a grid over rows, columns and,
/// where C is small, the sum. Every team of columns packs A for itself; operands are packed before
/// they are multiplied, so that their traffic adds to the arithmetic. Several products are dealt to
/// teams of threads, whole.
KernelPlan matrix_product_plan(const MatrixProductPrimitive& product, const Worker& worker);

/// Elements read and written once; arithmetic on the way, one vector operation a cycle and unit.
/// They come from the L2s and stay there where the call before has just left them there and they
/// fit (`miss_share`).
KernelPlan stream_plan(const StreamPrimitive& stream, const Worker& worker);

KernelPlan kernel_plan(const Primitive& primitive, const Worker& worker);

/// Sums of the worker's format that a vector register holds.
std::int64_t lanes(const Worker& worker);

/// Share of a working set of this size, used again and again, that a cache of `capacity` misses:
/// none while it fits, all from twice the capacity on, linear between. (Strict least-recently-used
/// replacement would lose everything at once; hashed sets and hardware policies soften it.
/// The slope is a choice made on DeepBench's rows, not a measurement.)
double miss_share(Bytes working_set, Bytes capacity);

/// How often the weights, or a result, move where so many teams each sum a part: once for one team,
/// else a copy each and the sum of them.
double copies_moved(std::int64_t teams);

/// Products of the sum over taps that meet the image: pairs (o, j) with o < outputs, j < kernel and
/// 0 <= o stride - pad + j < inputs, where the padding before is half of what the sizes imply.
std::int64_t taps_inside(std::int64_t inputs,
                         std::int64_t outputs,
                         std::int64_t kernel,
                         std::int64_t stride);

}  // namespace omniphi::models
