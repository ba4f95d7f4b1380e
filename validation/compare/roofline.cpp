#include "validation/compare/roofline.h"

#include <algorithm>

namespace omniphi::validation {

namespace {

constexpr auto kFormat = hw::NumberFormat::Fp32;

Seconds longer(const models::Primitive& primitive, FlopsPerSecond peak, BytesPerSecond bandwidth) {
  const models::Traffic traffic = models::traffic(primitive);
  const Bytes moved = hw::size_of(kFormat) * static_cast<double>(traffic.read + traffic.written);
  return std::max(models::work(primitive) / peak, moved / bandwidth);
}

}  // namespace

Seconds roofline_time(const models::Primitive& primitive, const hw::ManyCoreCpu& cpu) {
  const hw::Memory& memory = cpu.fast_memory ? *cpu.fast_memory : cpu.main_memory;
  return longer(primitive,
                Flops(cpu.cores * cpu.core_flop_per_cycle(kFormat)) * cpu.clock.vector,
                memory.stream_bandwidth.value);
}

Seconds roofline_time(const models::Primitive& primitive, const hw::Gpu& gpu) {
  return longer(primitive, gpu.peak(kFormat), gpu.memory.stream_bandwidth.value);
}

}  // namespace omniphi::validation
