#include "models/compute/register_kernel.h"

#include <algorithm>
#include <limits>

#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

using hw::NumberFormat;

/// Multiply-adds of whole vectors that a core starts a cycle at its peak.
double peak_rate(const hw::ManyCoreCpu& cpu, NumberFormat format) {
  const double values = cpu.vector.bits / (8 * hw::size_of(format).value());
  return cpu.core_flop_per_cycle(format) / (2 * values);
}

int chained_in(const hw::VectorUnits& vector, NumberFormat format) {
  return format == NumberFormat::Fp64 ? 1 : vector.chained;
}

/// What is left for sums beside an address constant and the weight vectors of one instruction.
int free_registers(const hw::VectorUnits& vector, NumberFormat format) {
  return std::max(vector.registers - 1 - chained_in(vector, format), 1);
}

}  // namespace

RegisterKernel::RegisterKernel(const hw::ManyCoreCpu& cpu,
                               NumberFormat format,
                               const KernelLibrary& kernels)
    : fma_interval(cpu.vector.fma_interval * peak_rate(cpu, NumberFormat::Fp32) /
                   peak_rate(cpu, format)),
      chained(chained_in(cpu.vector, format)),
      pairs(hw::sum_size_of(format) / hw::size_of(format)),
      issue_width(cpu.vector.issue_width),
      fma_latency(cpu.vector.fma_latency),
      loop_instructions(kernels.loop_instructions),
      accumulators(std::min(kernels.accumulators, free_registers(cpu.vector, format))),
      lane_blocks(kernels.lane_blocks) {}

double RegisterKernel::step(std::int64_t blocks, double width) const {
  const auto loads = static_cast<double>(blocks);
  const double sums = loads * width;
  const double instructions = sums / chained + loads + loop_instructions / chained;
  return std::max({sums * fma_interval, instructions / issue_width, fma_latency / chained}) / pairs;
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
