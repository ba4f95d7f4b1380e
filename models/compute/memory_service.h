#pragma once

#include <array>

#include "hw/node/many_core_cpu.h"

namespace omniphi::models {

/// What cache lines under way draw from a memory, and how long each takes.
struct LoadedMemory {
  BytesPerSecond bandwidth{};
  Seconds latency{};
};

/// A memory with so many lines under way, all cores together:
///     B L = 64 bytes * lines,   L = L0 + w B / S,   B <= S                        [Little1961]
///   L0  latency of the idle memory     S  bandwidth that it sustains
///   w   bank_wait: a line finds its bank busy with a probability that grows as B / S, and waits
/// Once B is S, more lines only wait longer. The knee is sharp, as that of a closed queue of
/// hundreds of lines is; measured ones are up to 15 % rounder [VSC2023].
LoadedMemory loaded_memory(Seconds idle_latency,
                           BytesPerSecond sustained,
                           Seconds bank_wait,
                           double lines);

/// Idle latency by cluster mode. A miss crosses the mesh from tile to directory, from there to the
/// memory, and back to the tile. The second way stays within a quadrant in quadrant mode, none does
/// in all-to-all mode, and all three do in SNC-4 mode where the memory is the core's own. To the
/// memory of another quadrant (`remote`, mean of the three) the first and third are longer by a
/// third of what a quadrant saves, since the mean over all four quadrants is that of the whole die.
Seconds idle_latency(const hw::Memory& memory,
                     const hw::Mesh& mesh,
                     hw::ClusterMode mode,
                     bool remote = false);

/// How threads are laid over the tiles, whose cores share a port of the mesh.
enum class ThreadPlacement { Compact, Spread };

constexpr auto choices(ThreadPlacement) {
  return std::array{
      Choice<ThreadPlacement>{"compact", ThreadPlacement::Compact, "tile after tile"},
      Choice<ThreadPlacement>{
          "spread", ThreadPlacement::Spread, "one a tile, as far as there are tiles"}};
}

/// What each thread does to memory. The default is STREAM's triad, a = b + s c, with its stores
/// around the caches.
struct AccessPattern {
  double streams = 3;        // arrays that it walks through
  double written = 1.0 / 3;  // share of the bytes that is written
  ThreadPlacement placement = ThreadPlacement::Compact;
};

/// The memory that a rank's tensors live in, as its threads see it together.
struct MemoryService {
  BytesPerSecond bandwidth{};      // of all threads of the rank
  double fast_moved = 0;           // bytes moved in the fast memory for each byte used
  double main_moved = 1;           // bytes moved in the main memory for each byte used
  JoulesPerByte energy{};          // of a byte used, in all memories that move it
  JoulesPerByte package_energy{};  // the part of it that the package draws
  Seconds latency{};               // idle, load to use
};

/// Bandwidth, latency and energy for `threads` threads of one of `ranks` equal ranks that share a
/// node, each of which holds `footprint` bytes.
///
/// One memory: the least of
///   - what the lines that the cores keep under way draw from it (`loaded_memory`); a core keeps
///     core_bandwidth * latency / 64 bytes of them, however many threads it runs
///   - the ports of the tiles in use, an equal share of the mesh each
///   - its stream_bandwidth, less in other cluster modes, and less by 1 / (1 + (s / R)^4) for s
///     streams of all threads: they close each other's rows, and at R = row_streams half is lost.
///     (The fourth power is a choice, between the 3.1 and 4.8 that the two memories of [Rupp2016]
///     ask for; one thread a core is in stream_bandwidth already.)
/// Flat: the fast memory is filled first, and a share f = capacity / footprint of the traffic goes
/// there. Pages are not migrated: every byte is as likely to be used as another.
/// Cache: all traffic passes through it, and each miss moves the line in both memories; a
/// direct-mapped cache under a larger set hits with its share of the set. Its tags lie beside the
/// data, so that a written line is read first: the bandwidth goes as 1 / (1 + written).
/// Hybrid: the flat part first, the cache before the rest.
/// Shares are served one after the other,  1 / B = sum of share / B;  the latency is that of the
/// slowest of them, since a core that runs in order waits for its oldest line.
/// SNC-4 has the ranks in four quadrants; where their number does not divide by four it is as
/// quadrant mode.
MemoryService memory_service(const hw::ManyCoreCpu& cpu,
                             hw::MemoryMode memory_mode,
                             hw::ClusterMode cluster_mode,
                             int threads,
                             int ranks,
                             Bytes footprint,
                             const AccessPattern& pattern = {});

}  // namespace omniphi::models
