#include "models/estimate/timed_step.h"

#include <optional>
#include <utility>

#include "hw/base/overloaded.h"
#include "models/estimate/bounds.h"

namespace omniphi::models {

namespace {

int compute_threads(const hw::NodeGroup& group, const hw::ManyCoreCpu& cpu) {
  if (group.threads > 0) return group.threads;
  return cpu.cores / group.ranks_per_node - group.communication_cores;
}

/// The workers of a step's rank classes.
struct Workers {
  const TimedStep& step;
  hw::NumberFormat format;

  [[nodiscard]] RankWorker of(const hw::NodeGroup& group, const hw::ManyCoreCpu& cpu) const {
    const int threads = compute_threads(group, cpu);
    return Worker{&cpu,
                  &step.stack,
                  memory_service(cpu,
                                 group.memory_mode,
                                 group.cluster_mode,
                                 threads,
                                 group.ranks_per_node,
                                 step.graph.footprint.total()),
                  threads,
                  1.0 / group.ranks_per_node,
                  format};
  }

  [[nodiscard]] RankWorker of(const hw::NodeGroup&, const hw::Gpu& gpu) const {
    const SoftwareStack& stack = step.gpu_stack;
    return GpuWorker{
        &gpu, &*stack.gpu_kernels, &*stack.calibration, stack.framework.dispatch, format};
  }
};

TaskCost sum_cost(const AllReduceTask& task,
                  const Communication& communication,
                  const hw::FabricGraph& fabric,
                  const Residual& range) {
  TaskCost cost;
  cost.sum = communication.sum(task.payload);
  cost.time = cost.sum.time.total;
  cost.operation = OperationClass::Collective;
  cost.range = range;
  check_bounds(cost.sum.time, fabric);
  return cost;
}

}  // namespace

TimedStep::TimedStep(const Design& design_,
                     const hw::FabricGraph& fabric_,
                     TaskGraph lowered,
                     const FollowLanes& follow)
    : design(design_),
      fabric(fabric_),
      stack(design.software.effective()),
      gpu_stack(design.software.effective_on_gpus()),
      graph(std::move(lowered)),
      routing(fabric) {
  const Workers of_step{*this, design.workload.precision};
  for (const RankClass& c : graph.classes) {
    const hw::NodeGroup& group = design.cluster.groups[c.group];
    workers.push_back(
        std::visit([&](const auto& kind) { return of_step.of(group, kind); }, group.node->kind));
  }
  time_tasks();
  follow_lanes(follow);
}

void TimedStep::time_tasks() {
  std::optional<Communication> communication;
  if (design.cluster.ranks() > 1 && design.workload.task == TaskKind::Training) {
    communication.emplace(design, stack, fabric, routing);
  }
  const Residual sums = stack.calibration->residual(OperationClass::Collective);
  costs.reserve(graph.tasks.size());
  for (const Task& task : graph.tasks) {
    costs.push_back(std::visit(Overloaded{[&](const ComputeTask& t) { return compute_cost(t); },
                                          [&](const AllReduceTask& t) {
                                            return sum_cost(t, *communication, fabric, sums);
                                          },
                                          [&](const InputTask& t) { return input_cost(t); }},
                               task.work));
  }
}

TaskCost TimedStep::compute_cost(const ComputeTask& task) const {
  TaskCost cost;
  std::visit(
      [&](const auto& worker) {
        cost.primitive = primitive_time(task.primitive, worker) * static_cast<double>(task.calls);
        check_bounds(cost.primitive, worker);
      },
      workers[task.rank_class]);
  cost.time = cost.primitive.total;
  cost.operation = operation_class(task.primitive);
  cost.range = stack_of(task.rank_class).calibration->residual(cost.operation);
  return cost;
}

/// Samples are prepared element by element by the stack's input threads. Storage is taken to keep
/// up: the samples are in the page cache, as in published runs without input. So is the host of a
/// device, of which no description says how fast it is.
TaskCost TimedStep::input_cost(const InputTask& task) const {
  TaskCost cost;
  cost.operation = OperationClass::Input;
  cost.range = stack_of(task.rank_class).calibration->residual(cost.operation);
  const auto* worker = std::get_if<Worker>(&workers[task.rank_class]);
  if (!worker) return cost;
  const Framework& framework = stack.framework;
  cost.time = static_cast<double>(task.elements) * framework.input_cycles_per_element /
              framework.input_threads / worker->cpu->clock.nominal;
  return cost;
}

void TimedStep::follow_lanes(const FollowLanes& follow) {
  std::vector<Seconds> times;
  std::vector<Seconds> short_times;
  std::vector<Seconds> long_times;
  for (const TaskCost& cost : costs) {
    times.push_back(cost.time);
    short_times.push_back(cost.time * cost.range.low);
    long_times.push_back(cost.time * cost.range.high);
  }
  const Residual sums = stack.calibration->residual(OperationClass::Collective);
  expected = follow(*this, times, 1);
  low = follow(*this, short_times, sums.low);
  high = follow(*this, long_times, sums.high);
  const auto end = [&](std::size_t c) { return expected.busy[c] + expected.waits[c]; };
  for (std::size_t c = 1; c < graph.classes.size(); ++c) {
    if (end(c) > end(critical)) critical = c;
  }
}

}  // namespace omniphi::models
