#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/quantity.h"
#include "hw/node/many_core_cpu.h"

/// What the operating system of a machine says of it, read through hwloc. The only door to that
/// library.
namespace omniphi::hw {

/// Equal caches of one level.
struct CacheLevel {
  int level = 0;
  Bytes size{};  // of one of them
  int count = 0;
  int cores = 0;  // that share one
};

enum class MemoryKind { Main, Fast };

constexpr auto choices(MemoryKind) {
  return std::array{
      Choice<MemoryKind>{"main", MemoryKind::Main, "memory on the board"},
      Choice<MemoryKind>{"fast", MemoryKind::Fast, "memory on the package: MCDRAM or HBM"}};
}

/// One memory as the operating system hands it out.
struct NumaNode {
  int index = 0;
  MemoryKind kind = MemoryKind::Main;
  std::string name;    // "MCDRAM", as hwloc calls it; may be empty
  Bytes capacity{};    // that programs can have; 0: not told
  Bytes side_cache{};  // of fast memory that is set up as a cache before it
  int cores = 0;       // that it is local to
};

/// The parts of a machine that can be counted. hwloc knows neither clocks nor bandwidths.
struct HardwareTopology {
  std::string cpu_model;  // as the processor names itself, "" if it does not
  int packages = 0;
  int cores = 0;
  int threads = 0;
  std::vector<CacheLevel> caches;  // of data, from the cores outwards
  std::vector<NumaNode> memories;
  std::optional<ClusterMode> cluster_mode;  // of a Xeon Phi, where it can be told
  int vector_bits = 0;                      // widest vector instructions; 0: not told

  /// All memory of a kind; 0: not told. What serves as a cache is fast memory too.
  [[nodiscard]] Bytes capacity(MemoryKind kind) const;
  [[nodiscard]] Bytes side_cache() const;
  [[nodiscard]] const CacheLevel* cache(int level) const;
};

/// Largest hwloc XML that is read, in bytes; a node with a thousand threads needs about 1 MB.
constexpr std::size_t kLargestHwlocXml = 64 << 20;

/// Whether a text looks like hwloc's XML: its root element is `topology`.
bool is_hwloc_xml(std::string_view text);

/// Reads what `lstopo FILE.xml` wrote, versions 1 to 3 of the format.
///
/// Memories are told apart by what hwloc calls them (MCDRAM, HBM), else by its memory tiers, else,
/// on a Xeon Phi, by structure: of the memories local to the same cores the largest is the main
/// one. (Its kernel reports MCDRAM as memory without processors, and as far away so that nothing
/// lands there by chance: distance says nothing.) The cluster mode is hwloc's word for it, else
/// guessed from the number of main memories: four are SNC-4; one leaves quadrant and all-to-all
/// open.
///
/// Throws ConfigError if the file cannot be read, is too large or no valid topology.
HardwareTopology read_hwloc_xml(const std::filesystem::path& file);

/// This machine, as far as this process may see it. Throws std::runtime_error if hwloc cannot tell.
HardwareTopology this_machine();

}  // namespace omniphi::hw
