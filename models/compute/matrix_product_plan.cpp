#include <algorithm>

#include "models/compute/fastest_plan.h"
#include "models/compute/register_kernel.h"
#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

/// The shortest sum that is worth splitting over threads: chosen on DeepBench's rows, no document.
constexpr std::int64_t kShortestSum = 256;

struct Grid {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::int64_t sums = 1;
  std::int64_t teams = 1;  // that compute products of their own
};

KernelPlan on_grid(const MatrixProductPrimitive& g,
                   const Grid& grid,
                   const RegisterKernel& kernel,
                   const Worker& worker) {
  const auto m = static_cast<double>(g.m);
  const auto n = static_cast<double>(g.n);
  const auto k = static_cast<double>(g.k);
  const std::int64_t blocks = ceil_div(ceil_div(g.m, lanes(worker)), grid.rows);
  KernelPlan plan;
  plan.macs = static_cast<double>(g.macs());
  plan.regions = worker.stack->kernels->product_regions;
  plan.cycles = kernel.tile(blocks, ceil_div(g.n, grid.columns)) *
                static_cast<double>(ceil_div(g.k, grid.sums));
  // C is read and written; teams that share a sum write a copy each, which is read again.
  plan.streamed =
      m * k * static_cast<double>(grid.columns) + k * n + 2 * m * n * copies_moved(grid.sums);
  // Several products are dealt to teams of threads, whole.
  plan.cycles *= static_cast<double>(ceil_div(g.products, grid.teams));
  plan.streamed *= static_cast<double>(g.products);
  return plan;
}

}  // namespace

KernelPlan matrix_product_plan(const MatrixProductPrimitive& g, const Worker& worker) {
  const RegisterKernel kernel(*worker.cpu, worker.format, *worker.stack->kernels);
  const std::int64_t lane_blocks = ceil_div(g.m, lanes(worker));
  const std::int64_t teams = std::min<std::int64_t>(g.products, worker.threads);
  const std::int64_t threads = worker.threads / teams;
  FastestPlan fastest(worker);
  for (std::int64_t sums = 1; sums <= threads; sums *= 2) {
    const std::int64_t grid = threads / sums;
    // Where C is large enough for all threads, or sums are short, nobody splits them.
    if (sums > 1 && (g.k / sums < kShortestSum || lane_blocks * g.n >= grid * kernel.accumulators))
      break;
    for (std::int64_t rows = 1; rows <= std::min(grid, lane_blocks); ++rows) {
      fastest.consider(on_grid(g, {rows, std::min(grid / rows, g.n), sums, teams}, kernel, worker));
    }
  }
  return fastest.plan();
}

}  // namespace omniphi::models
