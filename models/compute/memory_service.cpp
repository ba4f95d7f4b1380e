#include <algorithm>

#include "models/compute/compute_time.h"

namespace omniphi::models {

namespace {

/// Bytes of every byte moved that come from each memory, and what the fast one delivers.
struct Split {
  double fast = 0;        // share of the traffic that the fast memory serves
  double main = 1;        // share that the main memory serves
  double fast_moved = 0;  // bytes moved in the fast memory for each byte used
  BytesPerSecond fast_bandwidth{};
};

Split split_of(const hw::ManyCoreCpu& cpu, hw::MemoryMode mode, int ranks, Bytes footprint) {
  if (!cpu.fast_memory) return {};
  const hw::Memory& fast = *cpu.fast_memory;
  const Bytes share = fast.capacity / ranks;
  const double held = footprint > share ? share / footprint : 1.0;
  if (mode == hw::MemoryMode::Flat) return {held, 1 - held, held, fast.stream_bandwidth.value};
  // As a cache, all traffic passes through it; what misses is read from main memory and filled in.
  return {1, 1 - held, 1 + (1 - held), fast.cache_mode_bandwidth.value};
}

}  // namespace

MemoryService memory_service(const hw::ManyCoreCpu& cpu,
                             hw::MemoryMode memory_mode,
                             hw::ClusterMode cluster_mode,
                             int threads,
                             int ranks,
                             Bytes footprint) {
  const Split split = split_of(cpu, memory_mode, ranks, footprint);
  const double factor = cpu.mesh.bandwidth_factor(cluster_mode) / ranks;
  Quantity<Dimension<1, -1, 0, 0, 0>> seconds_per_byte{};
  if (split.fast > 0) seconds_per_byte += split.fast / (split.fast_bandwidth * factor);
  if (split.main > 0)
    seconds_per_byte += split.main / (cpu.main_memory.stream_bandwidth.value * factor);

  const BytesPerSecond core =
      split.fast > 0.5 ? cpu.fast_memory->core_bandwidth : cpu.main_memory.core_bandwidth;
  MemoryService service;
  service.bandwidth = std::min(1.0 / seconds_per_byte, core * threads);
  if (cpu.fast_memory) service.package_energy = cpu.fast_memory->energy.value * split.fast_moved;
  service.energy = service.package_energy + cpu.main_memory.energy.value * split.main;
  service.fast_moved = split.fast_moved;
  service.main_moved = split.main;
  service.latency = cpu.main_memory.latency.value * split.main;
  if (cpu.fast_memory) service.latency += cpu.fast_memory->latency.value * split.fast;
  return service;
}

}  // namespace omniphi::models
