#include "models/compute/register_kernel.h"

#include <algorithm>
#include <limits>

#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

/// Registers that hold a weight vector and an address constant beside the sums.
constexpr int kOtherRegisters = 2;

}  // namespace

RegisterKernel::RegisterKernel(const hw::VectorUnits& vector, const KernelLibrary& kernels)
    : fma_interval(vector.fma_interval),
      issue_width(vector.issue_width),
      fma_latency(vector.fma_latency),
      loop_instructions(kernels.loop_instructions),
      accumulators(std::min(kernels.accumulators, vector.registers - kOtherRegisters)),
      lane_blocks(kernels.lane_blocks) {}

double RegisterKernel::step(std::int64_t blocks, double width) const {
  const auto loads = static_cast<double>(blocks);
  const double sums = loads * width;
  return std::max(
      {sums * fma_interval, (sums + loads + loop_instructions) / issue_width, fma_latency});
}

RegisterKernel::Passes RegisterKernel::passes(std::int64_t columns, std::int64_t blocks) const {
  const std::int64_t most = std::max<std::int64_t>(accumulators / blocks, 1);
  const std::int64_t width = ceil_div(columns, ceil_div(columns, most));
  return {columns / width, width, columns % width};
}

double RegisterKernel::row(std::int64_t blocks, std::int64_t columns) const {
  const Passes p = passes(columns, blocks);
  const double whole = static_cast<double>(p.whole) * step(blocks, static_cast<double>(p.width));
  return p.rest > 0 ? whole + step(blocks, static_cast<double>(p.rest)) : whole;
}

double RegisterKernel::tile(std::int64_t blocks, std::int64_t columns) const {
  double best = std::numeric_limits<double>::infinity();
  const std::int64_t most = std::min<std::int64_t>({blocks, lane_blocks, accumulators});
  for (std::int64_t together = 1; together <= most; ++together) {
    const std::int64_t rest = blocks % together;
    const double cycles = static_cast<double>(blocks / together) * row(together, columns) +
                          (rest > 0 ? row(rest, columns) : 0.0);
    best = std::min(best, cycles);
  }
  return best;
}

}  // namespace omniphi::models
