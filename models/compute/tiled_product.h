#pragma once

#include <cstdint>
#include <vector>

#include "models/compute/gpu_plan.h"

namespace omniphi::models {

/// C [rows, columns] = A [rows, sum] B [sum, columns], `products` times, as blocks of threads on
/// the multiprocessors of a graphics processor compute it.
struct TiledProduct {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::int64_t sum = 1;
  std::int64_t products = 1;
  Bytes left{};  // operands once, all products together
  Bytes right{};
  Bytes result{};                // read and written
  bool left_transposed = false;  // a row of A lies together, not a column
};

/// The tiles, and how finely a sum may be cut.
struct Tilings {
  std::vector<Tile> tiles;
  std::int64_t split_depth = 1;
};

/// The product in the tiling that takes the least time.
///
/// A block computes r x c results, its share of the sum in steps of 8; s blocks may share a sum.
/// B = ceil(rows / r) ceil(columns / c) products s  blocks are dealt to S multiprocessors, which
/// hold q at a time: half of the registers are for sums [Nath2010, Lai2013]. They run in rounds:
///     busy = rounds of q and a last one of fewer, each  steps * cycles / clock
///     cycles = blocks (r c + operand_cost (r + c)) / lanes + loop_stall (lanes / 64)^2
/// A step's operands pass through the shared memory, which serves 32 words a cycle however many
/// lanes there are; with twice the lanes a stall costs twice the multiply-adds and is met twice as
/// often: the square. (That it is the square was chosen on DeepBench's rows.)
///
/// Memory: what the L2 does not hold of an operand is read again for each wave of blocks that
/// meets it, blocks of a wave numbered down the rows. Where A is transposed, a read-again line
/// yields one sector of 32 bytes for each row that a channel opens:  row_interval / channels  each.
///
/// Where blocks share a sum, their parts are written and added up by a kernel of its own.
///
/// efficiency  of the main loop's rate, of a matrix product's
GpuPlan tiled_product_plan(const TiledProduct& product,
                           const Tilings& tilings,
                           double efficiency,
                           const GpuWorker& worker);

}  // namespace omniphi::models
