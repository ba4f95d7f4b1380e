#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "hw/base/figure.h"
#include "hw/base/parameters.h"
#include "hw/fabric/parts.h"
#include "hw/node/node_parts.h"

namespace omniphi::hw {

/// How a node with a fast memory beside its main one uses it.
enum class MemoryMode { Flat, Cache, Hybrid25, Hybrid50 };

constexpr auto choices(MemoryMode) {
  return std::array{
      Choice<MemoryMode>{"flat",
                         MemoryMode::Flat,
                         "fast memory is addressable and preferred; what does not fit spills"},
      Choice<MemoryMode>{
          "cache", MemoryMode::Cache, "fast memory is a direct-mapped cache of the main memory"},
      Choice<MemoryMode>{"hybrid-25",
                         MemoryMode::Hybrid25,
                         "a quarter of the fast memory is a cache, the rest is flat"},
      Choice<MemoryMode>{"hybrid-50",
                         MemoryMode::Hybrid50,
                         "half of the fast memory is a cache, the rest is flat"}};
}

/// Share of the fast memory that is set up as a cache.
constexpr double cache_share(MemoryMode mode) {
  switch (mode) {
    case MemoryMode::Flat:
      return 0;
    case MemoryMode::Cache:
      return 1;
    case MemoryMode::Hybrid25:
      return 0.25;
    case MemoryMode::Hybrid50:
      return 0.5;
  }
  return 0;
}

/// How addresses are spread over the mesh's directories and memory controllers.
enum class ClusterMode { AllToAll, Quadrant, Snc4 };

constexpr auto choices(ClusterMode) {
  return std::array{
      Choice<ClusterMode>{
          "all-to-all", ClusterMode::AllToAll, "any tile, any directory, any memory"},
      Choice<ClusterMode>{
          "quadrant", ClusterMode::Quadrant, "directory and memory in one quadrant"},
      Choice<ClusterMode>{"snc-4", ClusterMode::Snc4, "each quadrant is a NUMA node"}};
}

/// Clock rates. Heavy vector code runs the core at a lower clock, set by its power limit.
struct Clock {
  Hertz nominal{};
  Hertz vector{};
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("nominal", self.nominal, "base clock of the cores", required | positive);
    v("vector", self.vector, "clock under sustained full-width vector code", required | positive);
    v("source", self.source, "document and page");
  }
};

/// The vector units of one core.
struct VectorUnits {
  int units = 1;
  int bits = 512;
  int registers = 32;
  int fma_latency = 0;      // cycles
  double fma_interval = 0;  // cycles between fused multiply-adds of one core, sustained, fp32
  int chained = 1;          // fused multiply-adds of one instruction, not in fp64
  int issue_width = 2;      // instructions a cycle
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("units",
      self.units,
      "vector units of a core that do fused multiply-add",
      required | between(1, 16));
    v("bits", self.bits, "width of a vector register", required | between(64, 4096));
    v("registers", self.registers, "architectural vector registers", required | between(8, 1024));
    v("fma_latency",
      self.fma_latency,
      "cycles from a fused multiply-add to its result",
      required | between(1, 100));
    v("fma_interval",
      self.fma_interval,
      "cycles between fp32 fused multiply-adds of one core, all units together, as measured",
      required | positive);
    v("chained",
      self.chained,
      "multiply-adds that one instruction chains on a sum (4: Knights Mill's QFMA and VNNI)",
      between(1, 16));
    v("issue_width", self.issue_width, "instructions issued a cycle", required | between(1, 16));
    v("source", self.source, "document and page");
  }
};

/// A cache line of every processor described here.
inline constexpr Bytes kCacheLine{64};

/// A cache level, shared by `cores` cores.
struct Cache {
  Bytes size{};
  int cores = 1;
  int ways = 8;
  double latency = 0;               // core cycles, load to use
  double read_bytes_per_cycle = 0;  // of the whole cache, core clock
  double write_bytes_per_cycle = 0;
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("size", self.size, "capacity", required | positive);
    v("cores", self.cores, "cores that share it", between(1, 4096));
    v("ways", self.ways, "lines that an address may lie in", between(1, 1024));
    v("latency", self.latency, "core cycles from a load to its use", required | between(1, 10000));
    v("read_bytes_per_cycle",
      self.read_bytes_per_cycle,
      "bytes a core cycle read from it",
      required | positive);
    v("write_bytes_per_cycle",
      self.write_bytes_per_cycle,
      "bytes a core cycle written to it",
      required | positive);
    v("source", self.source, "document and page");
  }
};

/// One memory of a node.
struct Memory {
  std::string name;  // "ddr", "mcdram"
  Bytes capacity{};
  BytesPerSecond peak_bandwidth{};          // of the interface
  Figure<BytesPerSecond> stream_bandwidth;  // STREAM triad of all cores, flat, quadrant
  Figure<BytesPerSecond>
      cache_mode_bandwidth;         // the same, through it as a cache; absent: it cannot be one
  BytesPerSecond core_bandwidth{};  // sustained by one core
  Figure<Seconds> latency;          // idle, load to use, quadrant
  Seconds bank_wait{40e-9};         // that a line waits for others at full load
  double row_streams = 1000;  // access streams whose conflicts over open rows halve the bandwidth
  Figure<JoulesPerByte> energy;    // device and interface
  JoulesPerByte package_energy{};  // the part of it that the processor's package draws

  [[nodiscard]] bool can_be_cache() const { return cache_mode_bandwidth.value > BytesPerSecond(0); }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("name", self.name, "what it is called", required);
    v("capacity", self.capacity, "size", required | positive);
    v("peak_bandwidth", self.peak_bandwidth, "rate of the interface", required | positive);
    v("stream_bandwidth",
      self.stream_bandwidth,
      "rate sustained by all cores (STREAM triad), quadrant mode",
      required | positive);
    v("cache_mode_bandwidth",
      self.cache_mode_bandwidth,
      "rate sustained where this memory is a cache and hits (STREAM triad)",
      positive);
    v("core_bandwidth", self.core_bandwidth, "rate sustained by one core", required | positive);
    v("latency", self.latency, "idle latency, load to use, quadrant mode", required | positive);
    v("bank_wait", self.bank_wait, "time that a line waits for others at full load", non_negative);
    v("row_streams",
      self.row_streams,
      "access streams whose conflicts over open rows halve the bandwidth",
      at_least(1));
    v("energy",
      self.energy,
      "energy of a byte moved, device and interface",
      required | non_negative);
    v("package_energy",
      self.package_energy,
      "the part of the energy that is drawn within the processor's package",
      non_negative);
  }
};

/// On-die network between tiles and memory controllers.
struct Mesh {
  Hertz clock{};
  BytesPerSecond bandwidth{};    // all tiles together; each tile has an equal share
  double quadrant_cycles = 0;    // saved by a message that stays within its quadrant, on average
  double all_to_all_factor = 1;  // share of the quadrant mode's memory bandwidth that is left
  double snc4_factor = 1;
  std::string source;

  [[nodiscard]] double bandwidth_factor(ClusterMode mode) const {
    if (mode == ClusterMode::AllToAll) return all_to_all_factor;
    return mode == ClusterMode::Snc4 ? snc4_factor : 1;
  }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("clock", self.clock, "mesh clock", required | positive);
    v("bandwidth",
      self.bandwidth,
      "bandwidth of all tiles together, of which each has an equal share",
      required | positive);
    v("quadrant_cycles",
      self.quadrant_cycles,
      "mesh cycles that a message saves on average where it stays within its quadrant",
      non_negative);
    v("all_to_all_factor",
      self.all_to_all_factor,
      "memory bandwidth in all-to-all mode, of the one in quadrant mode",
      between(0.1, 2));
    v("snc4_factor",
      self.snc4_factor,
      "memory bandwidth in SNC-4 mode, of the one in quadrant mode",
      between(0.1, 2));
    v("source", self.source, "document and page");
  }
};

/// Processors of many general cores on a mesh or ring, with a main memory and perhaps a fast one
/// beside it.
struct ManyCoreCpu {
  static constexpr std::string_view kind_key = "kind";
  static constexpr std::string_view kind = "many-core-cpu";

  std::string source;
  std::string
      processor;  // "Xeon Phi 7250": how the processor names itself, less trade marks and clock
  int sockets = 1;
  int cores = 0;  // of all sockets; memories, mesh, power and price are sums over them too
  int threads_per_core = 1;
  Clock clock;
  VectorUnits vector;
  FlopPerCycle flop_per_cycle;  // of one core
  Cache l1;
  Cache l2;
  std::optional<Cache> l3;
  Mesh mesh;
  Memory main_memory;
  std::optional<Memory> fast_memory;
  Part<Adapter> adapter;
  Power power;
  NodePrice price;

  [[nodiscard]] double core_flop_per_cycle(NumberFormat format) const {
    return flop_per_cycle_of(flop_per_cycle, format);
  }

  /// Groups of cores that share an L2 and a port of the mesh.
  [[nodiscard]] int tiles() const { return std::max(cores / l2.cores, 1); }

  /// All cores, every cycle a full fused multiply-add on each unit, at the nominal clock.
  [[nodiscard]] FlopsPerSecond peak(NumberFormat format) const {
    return Flops(cores * core_flop_per_cycle(format)) * clock.nominal;
  }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("source",
      self.source,
      "document and page that holds for every value without one of its own",
      required);
    v("processor",
      self.processor,
      "the name that the processor gives itself, less trade marks and clock");
    v("sockets", self.sockets, "processors that this is the sum of", between(1, 64));
    v("cores", self.cores, "cores that run programs", required | between(1, 100000));
    v("threads_per_core",
      self.threads_per_core,
      "hardware threads of a core",
      required | between(1, 64));
    v("clock", self.clock, "clock rates", required);
    v("vector", self.vector, "vector units of a core", required);
    v("flop_per_cycle",
      self.flop_per_cycle,
      "peak flop a cycle of one core, by number format",
      required | positive);
    v("l1", self.l1, "first-level data cache", required);
    v("l2", self.l2, "second-level cache", required);
    v("l3", self.l3, "last-level cache");
    v("mesh", self.mesh, "on-die network", required);
    v("main_memory", self.main_memory, "memory on the board", required);
    v("fast_memory", self.fast_memory, "memory on the package");
    v("adapter", self.adapter, "fabric adapter", required);
    v("power", self.power, "power and energy", required);
    v("price", self.price, "bill of materials, adapter apart", required);
  }
};

}  // namespace omniphi::hw
