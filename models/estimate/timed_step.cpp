#include "models/estimate/timed_step.h"

#include <optional>
#include <utility>

#include "hw/base/overloaded.h"
#include "models/estimate/bounds.h"

namespace omniphi::models {

namespace {

int compute_threads(const hw::NodeGroup& group) {
  if (group.threads > 0) return group.threads;
  return cpu_of(group).cores / group.ranks_per_node - group.communication_cores;
}

Worker worker_of(const hw::NodeGroup& group,
                 const SoftwareStack& stack,
                 hw::NumberFormat format,
                 Bytes footprint) {
  const hw::ManyCoreCpu& cpu = cpu_of(group);
  const int threads = compute_threads(group);
  return {&cpu,
          &stack,
          memory_service(
              cpu, group.memory_mode, group.cluster_mode, threads, group.ranks_per_node, footprint),
          threads,
          1.0 / group.ranks_per_node,
          format};
}

TaskCost sum_cost(const AllReduceTask& task,
                  const Communication& communication,
                  const hw::FabricGraph& fabric) {
  TaskCost cost;
  cost.sum = communication.sum(task.payload);
  cost.time = cost.sum.time.total;
  cost.operation = OperationClass::Collective;
  check_bounds(cost.sum.time, fabric);
  return cost;
}

}  // namespace

const hw::ManyCoreCpu& cpu_of(const hw::NodeGroup& group) {
  return std::get<hw::ManyCoreCpu>(group.node->kind);
}

TimedStep::TimedStep(const Design& design, const hw::FabricGraph& fabric, TaskGraph lowered)
    : stack(design.software.effective()),
      graph(std::move(lowered)),
      routing(fabric),
      design_(design) {
  for (const RankClass& c : graph.classes) {
    workers.push_back(worker_of(
        design.cluster.groups[c.group], stack, design.workload.precision, graph.footprint.total()));
  }
  time_tasks(fabric);
  follow_lanes();
}

void TimedStep::time_tasks(const hw::FabricGraph& fabric) {
  std::optional<Communication> communication;
  if (design_.cluster.ranks() > 1 && design_.workload.task == TaskKind::Training) {
    communication.emplace(design_, stack, fabric, routing);
  }
  costs.reserve(graph.tasks.size());
  for (const Task& task : graph.tasks) {
    costs.push_back(std::visit(
        Overloaded{[&](const ComputeTask& t) { return compute_cost(t); },
                   [&](const AllReduceTask& t) { return sum_cost(t, *communication, fabric); },
                   [&](const InputTask& t) { return input_cost(t); }},
        task.work));
  }
}

TaskCost TimedStep::compute_cost(const ComputeTask& task) const {
  TaskCost cost;
  cost.primitive =
      primitive_time(task.primitive, workers[task.rank_class]) * static_cast<double>(task.calls);
  cost.time = cost.primitive.total;
  cost.operation = operation_class(task.primitive);
  check_bounds(cost.primitive, workers[task.rank_class]);
  return cost;
}

/// Samples are prepared element by element by the stack's input threads. Storage is taken to keep
/// up: the samples are in the page cache, as in published runs without input.
TaskCost TimedStep::input_cost(const InputTask& task) const {
  const Framework& framework = stack.framework;
  TaskCost cost;
  cost.time = static_cast<double>(task.elements) * framework.input_cycles_per_element /
              framework.input_threads / cpu_of(group_of(task.rank_class)).clock.nominal;
  cost.operation = OperationClass::Input;
  return cost;
}

void TimedStep::follow_lanes() {
  std::vector<Seconds> times;
  std::vector<Seconds> short_times;
  std::vector<Seconds> long_times;
  for (const TaskCost& cost : costs) {
    const Residual range = stack.calibration->residual(cost.operation);
    times.push_back(cost.time);
    short_times.push_back(cost.time * range.low);
    long_times.push_back(cost.time * range.high);
  }
  expected = timeline(graph, times);
  low = timeline(graph, short_times);
  high = timeline(graph, long_times);
  const auto end = [&](std::size_t c) { return expected.busy[c] + expected.waits[c]; };
  for (std::size_t c = 1; c < graph.classes.size(); ++c) {
    if (end(c) > end(critical)) critical = c;
  }
}

}  // namespace omniphi::models
