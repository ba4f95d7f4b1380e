#include "models/compute/memory_service.h"

#include <algorithm>
#include <cmath>

namespace omniphi::models {

namespace {

/// Of the triad that a cache-mode bandwidth is stated for.
constexpr double kWrittenByTriad = 1.0 / 3;

/// Shares of a rank's traffic by what serves it.
struct Split {
  double flat = 0;    // fast memory
  double cached = 0;  // fast memory as a cache
  double main = 1;    // main memory, the cache's misses included
};

Split split_of(const hw::ManyCoreCpu& cpu, hw::MemoryMode mode, int ranks, Bytes footprint) {
  if (!cpu.fast_memory) return {};
  const Bytes capacity = cpu.fast_memory->capacity / ranks;
  const double held = capacity / std::max(footprint, Bytes(1));
  const double as_cache = hw::cache_share(mode);
  Split split;
  split.flat = std::min(held * (1 - as_cache), 1.0);
  split.main = std::max(1 - held, 0.0);
  if (as_cache > 0) split.cached = 1 - split.flat;
  return split;
}

/// All threads of a node, at work in one cluster mode.
class Demand {
 public:
  Demand(const hw::ManyCoreCpu& cpu,
         hw::ClusterMode mode,
         int threads,
         const AccessPattern& pattern)
      : cpu_(cpu), mode_(mode), threads_(threads), pattern_(pattern) {}

  [[nodiscard]] Seconds latency(const hw::Memory& memory) const {
    return idle_latency(memory, cpu_.mesh, mode_);
  }

  [[nodiscard]] BytesPerSecond flat(const hw::Memory& memory) const {
    return served(memory, memory.stream_bandwidth.value);
  }

  [[nodiscard]] BytesPerSecond as_cache(const hw::Memory& memory) const {
    return served(
        memory,
        memory.cache_mode_bandwidth.value * ((1 + kWrittenByTriad) / (1 + pattern_.written)));
  }

 private:
  [[nodiscard]] int cores() const { return std::min(threads_, cpu_.cores); }

  [[nodiscard]] BytesPerSecond ports() const {
    const int tiles = pattern_.placement == ThreadPlacement::Spread
                          ? std::min(cores(), cpu_.tiles())
                          : (cores() + cpu_.l2.cores - 1) / cpu_.l2.cores;
    return cpu_.mesh.bandwidth * (static_cast<double>(tiles) / cpu_.tiles());
  }

  [[nodiscard]] double row_share(const hw::Memory& memory) const {
    const auto conflicts = [&](int threads) {
      return std::pow(threads * pattern_.streams / memory.row_streams, 4);
    };
    return (1 + conflicts(cores())) / (1 + conflicts(threads_));
  }

  [[nodiscard]] BytesPerSecond served(const hw::Memory& memory, BytesPerSecond rate) const {
    const BytesPerSecond sustained = rate * (cpu_.mesh.bandwidth_factor(mode_) * row_share(memory));
    const double lines = cores() * (memory.core_bandwidth * memory.latency.value / hw::kCacheLine);
    return std::min(loaded_memory(latency(memory), sustained, memory.bank_wait, lines).bandwidth,
                    ports());
  }

  const hw::ManyCoreCpu& cpu_;
  hw::ClusterMode mode_;
  int threads_;
  AccessPattern pattern_;
};

}  // namespace

LoadedMemory loaded_memory(Seconds idle_latency,
                           BytesPerSecond sustained,
                           Seconds bank_wait,
                           double lines) {
  // With x = B / S the equations are  x (1 + a x) = d:  d lines as a share of those that would
  // fill the idle memory, a = w / L0.
  const Bytes under_way = hw::kCacheLine * lines;
  const double d = under_way / (sustained * idle_latency);
  const double a = bank_wait / idle_latency;
  const double x = 2 * d / (1 + std::sqrt(1 + 4 * a * d));
  const BytesPerSecond bandwidth = sustained * std::min(x, 1.0);
  return {bandwidth, under_way / bandwidth};
}

Seconds idle_latency(const hw::Memory& memory,
                     const hw::Mesh& mesh,
                     hw::ClusterMode mode,
                     bool remote) {
  const Seconds saved = mesh.quadrant_cycles / mesh.clock;
  const Seconds idle = memory.latency.value;
  switch (mode) {
    case hw::ClusterMode::AllToAll:
      return idle + saved;
    case hw::ClusterMode::Quadrant:
      return idle;
    case hw::ClusterMode::Snc4:
      // However long a description says the ways are, the memory itself takes some of the time.
      return remote ? idle + saved * (2.0 / 3) : std::max(idle - saved * 2, idle * 0.1);
  }
  return idle;
}

MemoryService memory_service(const hw::ManyCoreCpu& cpu,
                             hw::MemoryMode memory_mode,
                             hw::ClusterMode cluster_mode,
                             int threads,
                             int ranks,
                             Bytes footprint,
                             const AccessPattern& pattern) {
  if (cluster_mode == hw::ClusterMode::Snc4 && ranks % 4 != 0) {
    cluster_mode = hw::ClusterMode::Quadrant;
  }
  const Demand demand(cpu, cluster_mode, threads * ranks, pattern);
  const Split split = split_of(cpu, memory_mode, ranks, footprint);
  const hw::Memory& main = cpu.main_memory;

  auto seconds_per_byte = split.main / demand.flat(main);
  MemoryService service;
  service.main_moved = split.main;
  service.energy = main.energy.value * split.main;
  service.package_energy = main.package_energy * split.main;
  if (split.main > 0) service.latency = demand.latency(main);
  if (cpu.fast_memory) {
    const hw::Memory& fast = *cpu.fast_memory;
    service.fast_moved = split.flat + split.cached;
    service.latency = std::max(service.latency, demand.latency(fast));
    if (split.flat > 0) seconds_per_byte += split.flat / demand.flat(fast);
    if (split.cached > 0) {
      seconds_per_byte += split.cached / demand.as_cache(fast);
      service.fast_moved += split.main;  // a miss fills a line
      service.latency = demand.latency(fast) + demand.latency(main) * (split.main / split.cached);
    }
    service.energy += fast.energy.value * service.fast_moved;
    service.package_energy += fast.package_energy * service.fast_moved;
  }
  service.bandwidth = 1.0 / seconds_per_byte / ranks;
  return service;
}

}  // namespace omniphi::models
