#pragma once

#include <cstdint>

#include "hw/node/many_core_cpu.h"
#include "models/software/stack.h"

namespace omniphi::models {

/// The inner kernel of every blocked convolution and matrix product: output vectors of L lanes, `b`
/// blocks of lanes by `w` columns, stay in registers while a loop of many steps adds to them.
///
/// One step loads b weight vectors and issues b w fused multiply-adds whose second operand is
/// broadcast from memory [Georganas2018, sec. II]:
///     cycles of a step = max(b w * fma_interval, (b w + b + loop) / issue_width, fma_latency)
///   loop  instructions of a step beside these: prefetches, addresses, the branch
/// The last term: each sum may be added to once every `fma_latency` cycles, so that few of them
/// leave the units idle. b w is at most `accumulators`; columns are dealt to passes as evenly as
/// whole numbers allow.
///
/// Where one instruction chains c multiply-adds [IntelISA2018], c steps are taken together: c b
/// weight vectors are loaded and held, and b w instructions, one loop and one latency serve them:
///     cycles of a step = max(b w * fma_interval, (b w / c + b + loop / c) / issue_width,
///                            fma_latency / c)
/// Where a lane multiplies d pairs of narrow numbers and adds them up (d = 2: 16-bit integers in
/// 32-bit lanes), a step of the loop over summed channels takes 1 / d of that. Sums over a number
/// of channels that c d does not divide are taken as if it did.
struct RegisterKernel {
  double fma_interval = 1;  // in the format
  double chained = 1;       // c
  double pairs = 1;         // d
  double issue_width = 2;
  double fma_latency = 1;
  double loop_instructions = 0;
  int accumulators = 1;
  int lane_blocks = 1;

  /// The core must know the format.
  RegisterKernel(const hw::ManyCoreCpu& cpu, hw::NumberFormat format, const KernelLibrary& kernels);

  /// Core cycles of one step for b blocks of lanes by w columns that are all in registers. w may be
  /// a mean over steps.
  [[nodiscard]] double step(std::int64_t blocks, double width) const;

  /// Passes of at most `accumulators / blocks` columns over a row, and the columns of each.
  struct Passes {
    std::int64_t whole = 0;  // passes of `width` columns
    std::int64_t width = 1;
    std::int64_t rest = 0;  // columns of a last one; 0: there is none

    [[nodiscard]] std::int64_t count() const { return whole + (rest > 0 ? 1 : 0); }
  };

  [[nodiscard]] Passes passes(std::int64_t columns, std::int64_t blocks) const;

  /// Core cycles of one step for `blocks` blocks by a row of any width, pass after pass.
  [[nodiscard]] double row(std::int64_t blocks, std::int64_t columns) const;

  /// Core cycles of one step for a tile of any size, cut up for the fewest.
  [[nodiscard]] double tile(std::int64_t blocks, std::int64_t columns) const;
};

}  // namespace omniphi::models
