#include "validation/compare/roofline.h"

#include <algorithm>

namespace omniphi::validation {

Seconds roofline_time(const models::Primitive& primitive, const hw::ManyCoreCpu& cpu) {
  constexpr auto kFormat = hw::NumberFormat::Fp32;
  const FlopsPerSecond peak =
      Flops(cpu.cores * cpu.core_flop_per_cycle(kFormat)) * cpu.clock.vector;
  const hw::Memory& memory = cpu.fast_memory ? *cpu.fast_memory : cpu.main_memory;
  const models::Traffic traffic = models::traffic(primitive);
  const Bytes moved = hw::size_of(kFormat) * static_cast<double>(traffic.read + traffic.written);
  return std::max(models::work(primitive) / peak, moved / memory.stream_bandwidth.value);
}

}  // namespace omniphi::validation
