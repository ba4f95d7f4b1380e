#include "models/estimate/timed_step.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "hw/base/overloaded.h"
#include "models/estimate/bounds.h"

namespace omniphi::models {

namespace {

int compute_threads(const hw::NodeGroup& group,
                    const hw::ManyCoreCpu& cpu,
                    const Framework& framework) {
  const int cores = group.threads > 0
                        ? group.threads
                        : cpu.cores / group.ranks_per_node - group.communication_cores;
  return std::max(cores - framework.reserved_cores, 1);
}

/// Share of the node's memories that hold the tensors of its only rank: those of the sockets that
/// its threads fill one after the other, or of the first alone.
double memory_share(const hw::ManyCoreCpu& cpu, const Framework& framework, int threads) {
  const double sockets = std::ceil(double(threads) * cpu.sockets / cpu.cores);
  return (framework.spread_pages ? sockets : 1) / cpu.sockets;
}

/// Elements that a step reads and writes, were there no caches.
double elements_moved(const TaskGraph& graph, std::size_t rank_class) {
  double elements = 0;
  for (const Task& task : graph.tasks) {
    const auto* compute = std::get_if<ComputeTask>(&task.work);
    if (!compute || compute->rank_class != rank_class) continue;
    const Traffic moved = traffic(compute->primitive);
    elements += double(moved.read + moved.written) * double(compute->calls);
  }
  return elements;
}

/// The set of bytes, each as likely to be used as another, that a memory as a cache misses as often
/// as a step does. A step meets each of its `footprint` bytes a whole step after the last time, and
/// again at once by the next layer: it goes forth and back, so that what was used last is met first
/// and the cache keeps what fits. The rest is read in, and has been written out.
///     misses = 2 (F - C) of T bytes moved;  they are the same of a set of  C / (1 - 2 (F - C) / T)
Bytes cached_set(Bytes footprint, Bytes capacity, Bytes moved) {
  if (footprint <= capacity) return footprint;
  const double missed = std::min(2 * ((footprint - capacity) / moved), 1 - capacity / footprint);
  return capacity / (1 - missed);
}

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

Timeline closed_form_lanes(const TimedStep& step,
                           const std::vector<Seconds>& durations,
                           double /*stretch*/) {
  return timeline(step.graph, durations);
}

/// The memory of a rank that shares its node with others that do the same at the same time.
MemoryService TimedStep::shared_memory(std::size_t rank_class, const hw::ManyCoreCpu& cpu) const {
  const hw::NodeGroup& group = group_of(rank_class);
  Bytes footprint = graph.footprint.total();
  if (cpu.fast_memory && group.memory_mode == hw::MemoryMode::Cache) {
    footprint =
        cached_set(footprint,
                   cpu.fast_memory->capacity / group.ranks_per_node,
                   hw::size_of(design.workload.precision) * elements_moved(graph, rank_class));
  }
  return memory_service(cpu,
                        group.memory_mode,
                        group.cluster_mode,
                        compute_threads(group, cpu, stack.framework),
                        group.ranks_per_node,
                        footprint);
}

RankWorker TimedStep::worker_of(std::size_t rank_class, const hw::ManyCoreCpu& cpu) const {
  const hw::NodeGroup& group = group_of(rank_class);
  const int threads = compute_threads(group, cpu, stack.framework);
  MemoryService memory = shared_memory(rank_class, cpu);
  if (group.ranks_per_node == 1 && cpu.sockets > 1) {
    memory.bandwidth = std::min(
        memory.bandwidth,
        cpu.main_memory.stream_bandwidth.value * memory_share(cpu, stack.framework, threads));
  }
  if (on_their_own(group)) {
    const hw::Memory& source = memory.fast_moved > 0 ? *cpu.fast_memory : cpu.main_memory;
    memory.bandwidth =
        std::min(memory.bandwidth * group.ranks_per_node, source.core_bandwidth * threads);
  }
  return Worker{
      &cpu, &stack, memory, threads, 1.0 / group.ranks_per_node, design.workload.precision};
}

RankWorker TimedStep::worker_of(std::size_t, const hw::Gpu& gpu) const {
  return GpuWorker{&gpu,
                   &*gpu_stack.gpu_kernels,
                   &*gpu_stack.calibration,
                   gpu_stack.framework.dispatch,
                   design.workload.precision};
}

/// Ranks that infer wait for nobody: while one uses the memory, others compute.
bool TimedStep::on_their_own(const hw::NodeGroup& group) const {
  return design.workload.task == TaskKind::Inference && group.ranks_per_node > 1;
}

/// Together, such ranks move no more than the node's memory can.
void TimedStep::share_memory(std::size_t rank_class) {
  const auto* worker = std::get_if<Worker>(&workers[rank_class]);
  if (!worker) return;  // one rank has the device
  Bytes moved{};
  Seconds busy{};
  std::vector<TaskCost*> own;
  for (std::size_t t = 0; t < costs.size(); ++t) {
    const auto* task = std::get_if<ComputeTask>(&graph.tasks[t].work);
    if (!task || task->rank_class != rank_class) continue;
    own.push_back(&costs[t]);
    moved += costs[t].primitive.bytes;
    busy += costs[t].time;
  }
  const Seconds least = moved / shared_memory(rank_class, *worker->cpu).bandwidth;
  if (least <= busy) return;
  const double stretch = least / busy;
  for (TaskCost* cost : own) {
    cost->primitive.memory = cost->primitive.memory * stretch;
    cost->time = cost->primitive.total = cost->primitive.total * stretch;
  }
}

TimedStep::TimedStep(const Design& design_,
                     const hw::FabricGraph& fabric_,
                     hw::Routing routes,
                     TaskGraph lowered,
                     const FollowLanes& follow)
    : design(design_),
      fabric(fabric_),
      stack(design.software.effective()),
      gpu_stack(design.software.effective_on_gpus()),
      graph(std::move(lowered)),
      routing(std::move(routes)) {
  for (std::size_t c = 0; c < graph.classes.size(); ++c) {
    workers.push_back(
        std::visit([&](const auto& kind) { return worker_of(c, kind); }, group_of(c).node->kind));
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
  for (std::size_t c = 0; c < graph.classes.size(); ++c) {
    if (on_their_own(group_of(c))) share_memory(c);
  }
}

TaskCost TimedStep::compute_cost(const ComputeTask& task) {
  TaskCost cost;
  cost.primitive = time_of(task) * static_cast<double>(task.calls);
  std::visit([&](const auto& worker) { check_bounds(cost.primitive, worker); },
             workers[task.rank_class]);
  cost.time = cost.primitive.total;
  cost.operation = operation_class(task.primitive);
  cost.range = stack_of(task.rank_class).calibration->residual(cost.operation);
  return cost;
}

/// Networks repeat their layers: each call is worked out once.
const PrimitiveTime& TimedStep::time_of(const ComputeTask& task) {
  const auto known = std::find_if(known_.begin(), known_.end(), [&](const auto& other) {
    return other.task->rank_class == task.rank_class && other.task->primitive == task.primitive;
  });
  if (known != known_.end()) return known->time;
  known_.push_back(
      {&task,
       std::visit([&](const auto& worker) { return primitive_time(task.primitive, worker); },
                  workers[task.rank_class])});
  return known_.back().time;
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
