#pragma once

#include <functional>
#include <variant>
#include <vector>

#include "models/compute/compute_time.h"
#include "models/estimate/communication.h"
#include "models/estimate/timeline.h"
#include "models/mapping/task_graph.h"

namespace omniphi::models {

/// What one task takes, and what is known of it besides.
struct TaskCost {
  Seconds time{};
  OperationClass operation = OperationClass::ElementWise;
  Residual range;            // of the stack that runs it
  PrimitiveTime primitive;   // of a compute task
  Communication::Sum sum{};  // of an all-reduce task
};

/// A rank at work on a node of any kind.
using RankWorker = std::variant<Worker, GpuWorker>;

class TimedStep;

/// How an executor follows the lanes of a step whose tasks take `durations`, those of sums too. Who
/// works sums out anew must make them `stretch` times as long as it finds them.
using FollowLanes = std::function<Timeline(
    const TimedStep& step, const std::vector<Seconds>& durations, double stretch)>;

/// The analytical executor's way: sums take what closed forms say.
Timeline closed_form_lanes(const TimedStep& step,
                           const std::vector<Seconds>& durations,
                           double stretch);

/// A design's step with every task timed by closed forms and its lanes followed three times: as
/// expected, and with every task at the low and at the high end of its class's residual range. All
/// tasks of a class move together: their errors are taken as fully correlated, which is never too
/// narrow.
class TimedStep {
 public:
  /// The stacks must have kernels for all of `design`'s nodes; `fabric` joins them
  /// by `routes`.
  /// Throws BoundViolation where a task breaks a physical bound.
  TimedStep(const Design& design,
            const hw::FabricGraph& fabric,
            hw::Routing routes,
            TaskGraph lowered,
            const FollowLanes& follow);
  TimedStep(const TimedStep&) = delete;  // workers point into the step
  TimedStep& operator=(const TimedStep&) = delete;

  const Design& design;
  const hw::FabricGraph& fabric;
  const SoftwareStack stack;
  const SoftwareStack gpu_stack;  // of nodes with graphics processors
  const TaskGraph graph;
  const hw::Routing routing;
  std::vector<RankWorker> workers;  // by rank class
  std::vector<TaskCost> costs;      // by task
  Timeline expected;
  Timeline low;
  Timeline high;
  std::size_t critical = 0;  // the rank class that the step waits for

  [[nodiscard]] const hw::NodeGroup& group_of(std::size_t rank_class) const {
    return design.cluster.groups[graph.classes[rank_class].group];
  }

  [[nodiscard]] const SoftwareStack& stack_of(std::size_t rank_class) const {
    return std::holds_alternative<GpuWorker>(workers[rank_class]) ? gpu_stack : stack;
  }

  /// Time that the critical class waits for communication and for nothing else.
  [[nodiscard]] Seconds exposed(const Timeline& t) const {
    return t.waits[critical] - t.imbalance[critical];
  }

 private:
  void time_tasks();
  void follow_lanes(const FollowLanes& follow);
  [[nodiscard]] MemoryService shared_memory(std::size_t rank_class,
                                            const hw::ManyCoreCpu& cpu) const;
  [[nodiscard]] RankWorker worker_of(std::size_t rank_class, const hw::ManyCoreCpu& cpu) const;
  [[nodiscard]] RankWorker worker_of(std::size_t rank_class, const hw::Gpu& gpu) const;
  [[nodiscard]] bool on_their_own(const hw::NodeGroup& group) const;
  void share_memory(std::size_t rank_class);
  [[nodiscard]] TaskCost compute_cost(const ComputeTask& task);
  [[nodiscard]] const PrimitiveTime& time_of(const ComputeTask& task);
  [[nodiscard]] TaskCost input_cost(const InputTask& task) const;

  struct Known {
    const ComputeTask* task;  // of the graph
    PrimitiveTime time;
  };

  std::vector<Known> known_;
};

}  // namespace omniphi::models
