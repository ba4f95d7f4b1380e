#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "hw/base/id.h"
#include "models/compute/primitive.h"
#include "models/mapping/design.h"
#include "models/workload/complexity.h"

/// The plan: one step of the mapped network as tasks and what each waits for, as plain data.
/// Identical ranks are one class, so the graph is as large for a thousand ranks as for one.
namespace omniphi::models {

using TaskId = Id<struct TaskTag>;

/// Ranks that do the same on equal nodes.
struct RankClass {
  std::size_t group = 0;  // of the cluster
  int ranks = 0;
};

/// Equal calls of a kernel, as part or all of one phase of a layer, on each rank of a class.
struct ComputeTask {
  std::size_t rank_class = 0;
  LayerId layer;
  Phase phase = Phase::Forward;
  Primitive primitive;
  std::int64_t calls = 1;  // one after another
};

/// Sum of some gradients over all ranks.
struct AllReduceTask {
  Bytes payload{};  // held by each rank
  int layers = 0;   // whose gradients are in it
};

/// Samples of the next step read and prepared, on threads of their own.
struct InputTask {
  std::size_t rank_class = 0;
  std::int64_t samples = 0;
  Bytes stored{};             // read for all of them
  std::int64_t elements = 0;  // of all of them, prepared
};

struct Task {
  std::variant<ComputeTask, AllReduceTask, InputTask> work;
  std::vector<TaskId> after;  // tasks that must have finished, besides those before it on its lane
};

/// Bytes that one rank holds at the worst moment of a step.
struct MemoryFootprint {
  Bytes weights{};
  Bytes gradients{};
  Bytes optimizer{};
  Bytes activations{};
  Bytes input{};          // samples of this step and, prefetched, of the next
  Bytes communication{};  // buffers of the sums in flight

  [[nodiscard]] Bytes total() const {
    return weights + gradients + optimizer + activations + input + communication;
  }
};

/// Tasks stand in the order in which each lane (compute, communication and input of a class) takes
/// them; a task waits only for earlier ones.
struct TaskGraph {
  std::vector<RankClass> classes;
  std::vector<Task> tasks;
  MemoryFootprint footprint;  // of any rank
  std::int64_t global_batch = 0;
  std::vector<Complexity> complexity;  // of each layer, for one sample
};

/// Lowers a design once; whoever executes it never sees the network's or the mapping's rules again.
TaskGraph lowered(const Design& design);

}  // namespace omniphi::models
