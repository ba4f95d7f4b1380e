#pragma once

#include <array>
#include <string_view>

#include "hw/node/node.h"
#include "models/compute/gpu_plan.h"
#include "models/compute/primitive.h"
#include "models/software/stack.h"

namespace omniphi::models {

/// What bounds a piece of work.
enum class Limit { Compute, MemoryBandwidth, StartUp, Power };

/// "compute", "memory bandwidth", ...
std::string_view limit_name(Limit limit);

/// The memory that a rank's tensors live in, as its threads see it together.
struct MemoryService {
  BytesPerSecond bandwidth{};      // of all threads of the rank
  double fast_moved = 0;           // bytes moved in the fast memory for each byte used
  double main_moved = 1;           // bytes moved in the main memory for each byte used
  JoulesPerByte energy{};          // of a byte used, in all memories that move it
  JoulesPerByte package_energy{};  // the part of it that the package draws: its own memory
  Seconds latency{};               // idle, load to use, of the mixture
};

/// Bandwidth and energy for `threads` threads of one of `ranks` equal ranks, whose data needs
/// `footprint` bytes in each rank.
///
/// Flat: the fast memory is filled first, so a share f = min(1, capacity / footprint) of the
/// traffic goes there and the two memories are read one after the other:  1 / B = f / B_fast + (1 -
/// f) / B_main. (Pages are not migrated: every byte is as likely to be used as another.) Cache: the
/// same with the cache-mode bandwidth for hits, and each miss moves the line in both memories; the
/// hit share of a direct-mapped cache under a working set larger than it is its share of the set.
/// In both, threads * core_bandwidth bounds what the rank can ask for, and the ranks of a node
/// share.
MemoryService memory_service(const hw::ManyCoreCpu& cpu,
                             hw::MemoryMode memory_mode,
                             hw::ClusterMode cluster_mode,
                             int threads,
                             int ranks,
                             Bytes footprint);

/// A rank's share of a node, at work.
struct Worker {
  const hw::ManyCoreCpu* cpu = nullptr;
  const SoftwareStack* stack = nullptr;
  MemoryService memory;
  int threads = 1;        // one a core
  double node_share = 1;  // of the node's power limit, 1 / ranks on the node
  hw::NumberFormat format = hw::NumberFormat::Fp32;
  bool warm = false;  // the call before was the same, on the same buffers: benchmark loops
};

struct PrimitiveTime {
  Seconds total{};
  Seconds compute{};  // had memory and start-up been free
  Seconds memory{};   // had compute and start-up been free
  Seconds start{};    // dispatch and parallel regions
  Flops flops{};      // executed: none for taps in the padding
  Bytes bytes{};      // moved to and from memory
  Joules energy{};    // above what the node draws at rest
  Limit limit = Limit::Compute;

  /// Of so many equal primitives, one after another.
  friend PrimitiveTime operator*(PrimitiveTime time, double calls);
};

/// Time of one primitive on one rank:  T = start + plan, lengthened where the package would draw
/// more than its limit.
///
/// plan     how a library would run it, and how long that takes: kernel_plan.h
/// start    the framework's dispatch and the start of each parallel region
/// power    package_idle + energy / T <= limit, the rule by which the processor sets its own clock
///
/// Operands are in memory when the call starts (another layer has used the caches in between),
/// unless the worker is warm.
PrimitiveTime primitive_time(const Primitive& primitive, const Worker& worker);

/// The same on a graphics processor:  T = max(dispatch, start + plan),  gpu_plan.h: the host calls
/// ahead, so that its own time shows only where it is the longer. Operands are in the device's
/// memory. The clock is the one that the device keeps within its power limit.
PrimitiveTime primitive_time(const Primitive& primitive, const GpuWorker& worker);

/// The class of operation whose residuals a primitive's prediction has.
OperationClass operation_class(const Primitive& primitive);

}  // namespace omniphi::models
