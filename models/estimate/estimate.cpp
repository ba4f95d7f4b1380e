#include "models/estimate/estimate.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hw/base/overloaded.h"
#include "hw/base/quantity_text.h"
#include "models/cost/capital_cost.h"
#include "models/energy/step_energy.h"
#include "models/estimate/bounds.h"
#include "models/estimate/timed_step.h"

namespace omniphi::models {

namespace {

/// "1 port", "2 ports"
std::string counted(std::int64_t count, std::string_view one, std::string_view many = "") {
  if (count == 1) return fmt::format("1 {}", one);
  return many.empty() ? fmt::format("{} {}s", count, one) : fmt::format("{} {}", count, many);
}

/// Addressable memory of one rank; what is a cache does not count.
struct RankMemory {
  Bytes fast{};
  Bytes main{};
};

RankMemory rank_memory(const hw::NodeGroup& group, const hw::ManyCoreCpu& cpu) {
  const double flat = 1 - hw::cache_share(group.memory_mode);
  return {cpu.fast_memory ? cpu.fast_memory->capacity * flat / group.ranks_per_node : Bytes(0),
          cpu.main_memory.capacity / group.ranks_per_node};
}

RankMemory rank_memory(const hw::NodeGroup& group, const hw::Gpu& gpu) {
  return {Bytes(0), gpu.memory.capacity / group.ranks_per_node};
}

RankMemory rank_memory(const hw::NodeGroup& group) {
  return std::visit([&](const auto& kind) { return rank_memory(group, kind); }, group.node->kind);
}

FlopsPerSecond peak_of(const hw::NodeGroup& group, hw::NumberFormat format) {
  return std::visit([&](const auto& kind) { return kind.peak(format); }, group.node->kind);
}

/// What the design's stacks lack to run nodes of a kind.
std::optional<std::string> missing_kernels(const Software& software, const hw::ManyCoreCpu&) {
  const SoftwareStack stack = software.effective();
  if (!stack.kernels) return fmt::format("software.stack {}", software.stack.id);
  if (stack.calibration->compute_efficiency.value > 0) return std::nullopt;
  return fmt::format("calibration {}", stack.calibration.id);
}

std::optional<std::string> missing_kernels(const Software& software, const hw::Gpu&) {
  const SoftwareStack stack = software.effective_on_gpus();
  if (!stack.gpu_kernels) {
    return software.gpu_stack ? fmt::format("software.gpu_stack {}", software.gpu_stack->id)
                              : fmt::format("software.stack {}, without a gpu_stack beside it,",
                                            software.stack.id);
  }
  if (stack.calibration->gpu) return std::nullopt;
  return fmt::format("calibration {}", stack.calibration.id);
}

/// Why the design cannot run, if it cannot.
std::optional<Infeasible> misfit(const Design& design, Bytes needed) {
  if (design.workload.task == TaskKind::Training &&
      design.workload.precision == hw::NumberFormat::Int16) {
    return Infeasible{
        "no model of training in int16 yet: its scaling and its copies of the weights in fp32"};
  }
  for (const hw::NodeGroup& group : design.cluster.groups) {
    const hw::Node& node = *group.node;
    const auto missing = std::visit(
        [&](const auto& kind) { return missing_kernels(design.software, kind); }, node.kind);
    if (missing) {
      return Infeasible{
          fmt::format("{} has no kernels for nodes of kind {}", *missing, node.kind_name())};
    }
    const hw::NumberFormat format = design.workload.precision;
    if (!(peak_of(group, format) > FlopsPerSecond(0))) {
      const std::string name = group.node.id.empty()
                                   ? fmt::format("a node of kind {}", node.kind_name())
                                   : fmt::format("node {}", group.node.id);
      return Infeasible{fmt::format("{} has no arithmetic in {}", name, choice_name(format))};
    }
    const RankMemory memory = rank_memory(group);
    if (needed <= memory.fast + memory.main) continue;
    return Infeasible{fmt::format("a rank needs {} of memory and its node has {} for it",
                                  short_text(needed),
                                  short_text(memory.fast + memory.main))};
  }
  return std::nullopt;
}

/// Writes the report of a timed step.
class Reporter {
 public:
  Reporter(const Design& design,
           const hw::FabricGraph& fabric,
           const TimedStep& step,
           std::string_view executor)
      : design_(design),
        fabric_(fabric),
        step_(step),
        executor_(executor),
        bill_(hw::bill_of_materials(design.cluster.topology(), design.cluster.nodes())) {}

  Report report() {
    describe_work();
    report_time();
    report_achieved();
    report_energy_and_price();
    report_memory();
    report_accuracy_and_training();
    report_layers();
    report_communication();
    report_sources();
    check_bounds(report_, peak());
    return std::move(report_);
  }

 private:
  [[nodiscard]] Basis basis() const { return step_.stack.calibration->basis; }

  void describe_work() {
    Complexity sum;
    for (const Complexity& layer : step_.graph.complexity) sum += layer;
    report_.executor = executor_;
    report_.ranks = design_.cluster.ranks();
    report_.nodes = design_.cluster.nodes();
    report_.global_batch = step_.graph.global_batch;
    report_.parameters = sum.parameters;
    report_.macs_per_sample = sum.macs();
  }

  void report_time() {
    report_.step_time = Figure<Seconds>::between(
        step_.expected.step(), step_.low.step(), step_.high.step(), basis());
    report_.exposed_communication = Figure<Seconds>::between(step_.exposed(step_.expected),
                                                             step_.exposed(step_.low),
                                                             step_.exposed(step_.high),
                                                             basis());
    const auto samples = static_cast<double>(step_.graph.global_batch);
    const Figure<Seconds>& step = report_.step_time;
    report_.throughput = {
        samples / step.value, samples / step.high, samples / step.low, step.basis, {}};
    report_.throughput_per_node = report_.throughput * (1.0 / static_cast<double>(report_.nodes));
    report_.time = time_shares();
    const auto largest = std::max_element(
        report_.time.begin(), report_.time.end(), [](const TimeShare& a, const TimeShare& b) {
          return a.time < b.time;
        });
    report_.limited_by = largest->name;
    report_.limited_by_share = largest->time / step.value;
    note_unmodelled_input();
  }

  void note_unmodelled_input() {
    for (const Task& task : step_.graph.tasks) {
      const auto* input = std::get_if<InputTask>(&task.work);
      if (!input || !std::holds_alternative<GpuWorker>(step_.workers[input->rank_class])) continue;
      report_.notes.emplace_back(
          "the hosts of graphics processors are taken to prepare samples in time: no description "
          "says how fast they are");
      return;
    }
  }

  /// The step of the class that it waits for, by what bounds each part of it.
  [[nodiscard]] std::vector<TimeShare> time_shares() const {
    std::map<Limit, Seconds> bound;
    for (std::size_t t = 0; t < step_.costs.size(); ++t) {
      const auto* task = std::get_if<ComputeTask>(&step_.graph.tasks[t].work);
      if (!task || task->rank_class != step_.critical) continue;
      const PrimitiveTime& time = step_.costs[t].primitive;
      const Seconds start = std::min(time.start, time.total);
      bound[Limit::StartUp] += start;
      bound[time.limit] += time.total - start;
    }
    std::vector<TimeShare> shares;
    for (const Limit limit :
         {Limit::Compute, Limit::MemoryBandwidth, Limit::StartUp, Limit::Power}) {
      if (bound[limit] > Seconds(0))
        shares.push_back({std::string(limit_name(limit)), bound[limit]});
    }
    const auto add = [&](std::string_view name, Seconds time) {
      if (time > Seconds(0)) shares.push_back({std::string(name), time});
    };
    add("exposed communication", step_.exposed(step_.expected));
    add("imbalance", step_.expected.imbalance[step_.critical]);
    add("input", step_.expected.step() - step_.expected.computed);
    return shares;
  }

  void report_energy_and_price() {
    report_.energy = step_energy(design_.cluster, bill_, node_activities(), report_.step_time);
    Figure<Joules> total = Figure<Joules>::exact(Joules(0));
    const Figure<Seconds>& step = report_.step_time;
    Figure<Watts> power{Watts(0), Watts(0), Watts(0), Basis::Derived, {}};
    for (const EnergyShare& share : report_.energy) {
      total = total + share.energy;
      power.value += share.energy.value / step.value;
      // Work that takes longer draws less; power at rest does not care.
      power.low += share.energy.low / (share.at_rest ? step.low : step.high);
      power.high += share.energy.high / (share.at_rest ? step.high : step.low);
    }
    report_.power = power;
    report_.energy_per_sample = total * (1.0 / static_cast<double>(step_.graph.global_batch));
    report_.price = capital_cost(design_.cluster, bill_);
    report_.capital_cost = Figure<Usd>::exact(Usd(0));
    for (const PriceShare& share : report_.price)
      report_.capital_cost = report_.capital_cost + share.price;
  }

  [[nodiscard]] std::vector<NodeActivity> node_activities() const {
    std::vector<NodeActivity> activities(design_.cluster.groups.size());
    const auto move = [&](std::size_t c, Bytes used) {
      NodeActivity& activity = activities[step_.graph.classes[c].group];
      const double ranks = step_.group_of(c).ranks_per_node;
      const auto* worker = std::get_if<Worker>(&step_.workers[c]);
      const double fast = worker ? worker->memory.fast_moved : 0;
      activity.fast_memory += used * fast * ranks;
      activity.main_memory += used * (worker ? worker->memory.main_moved : 1) * ranks;
    };
    for (std::size_t t = 0; t < step_.costs.size(); ++t) {
      std::visit(Overloaded{[&](const ComputeTask& task) {
                              const PrimitiveTime& time = step_.costs[t].primitive;
                              activities[step_.graph.classes[task.rank_class].group].arithmetic +=
                                  time.flops * step_.group_of(task.rank_class).ranks_per_node;
                              move(task.rank_class, time.bytes);
                            },
                            [&](const AllReduceTask&) {
                              // What is sent is read, what is received written, and about as much
                              // added up.
                              for (std::size_t c = 0; c < step_.graph.classes.size(); ++c) {
                                move(c, step_.costs[t].sum.time.sent_per_rank * 3);
                              }
                            },
                            [](const InputTask&) {}},
                 step_.graph.tasks[t].work);
    }
    return activities;
  }

  void report_memory() {
    const MemoryFootprint& f = step_.graph.footprint;
    for (const auto& [name, bytes] : {std::pair{"weights", f.weights},
                                      std::pair{"gradients", f.gradients},
                                      std::pair{"optimizer state", f.optimizer},
                                      std::pair{"activations", f.activations},
                                      std::pair{"input", f.input},
                                      std::pair{"communication buffers", f.communication}}) {
      if (bytes > Bytes(0)) report_.memory.push_back({name, bytes});
    }
    const Bytes total = f.total();
    report_.memory_footprint = Figure<Bytes>::exact(total);
    const hw::NodeGroup& group = step_.group_of(step_.critical);
    const RankMemory memory = rank_memory(group);
    report_.main_memory = memory.main;
    report_.fast_memory = memory.fast;
    const auto* worker = std::get_if<Worker>(&step_.workers[step_.critical]);
    if (!worker || !worker->cpu->fast_memory) return;
    const hw::ManyCoreCpu& cpu = *worker->cpu;
    const Bytes fast = cpu.fast_memory->capacity / group.ranks_per_node;
    report_.fast_memory_share = std::min(1.0, fast / total);
    if (report_.fast_memory_share < 1) {
      report_.notes.push_back(
          fmt::format("a rank needs {}, more than its {} of {}: {:.0f} % of the traffic reaches {}",
                      short_text(total),
                      short_text(fast),
                      cpu.fast_memory->name,
                      100 * worker->memory.main_moved,
                      cpu.main_memory.name));
    }
  }

  void report_accuracy_and_training() {
    report_.accuracy = Figure<double>::unknown();
    report_.time_to_train = Figure<Seconds>::unknown();
    report_.energy_to_train = Figure<Joules>::unknown();
    report_.energy_cost_to_train = Figure<Usd>::unknown();
    const Workload& workload = design_.workload;
    const auto& references = workload.network.network.accuracy;
    if (const auto reference = references.find(workload.dataset.id);
        reference != references.end() && workload.precision != hw::NumberFormat::Int16) {
      report_.accuracy = reference->second.top1;
      report_.accuracy.basis = Basis::Published;
      report_.accuracy.source = reference->second.source;
      report_.notes.emplace_back(
          "accuracy is the network's published reference; what this batch and schedule change is "
          "not modelled");
    }
    if (workload.task != TaskKind::Training || !design_.training.schedule ||
        workload.dataset->training_samples == 0)
      return;
    const double samples = (*design_.training.schedule)->epochs *
                           static_cast<double>(workload.dataset->training_samples);
    const Figure<Hertz>& rate = report_.throughput;
    report_.time_to_train = {
        samples / rate.value, samples / rate.high, samples / rate.low, rate.basis, {}};
    report_.energy_to_train = report_.energy_per_sample * samples;
    const Prices& prices = *design_.prices;
    const auto cost = [](Joules energy, double overhead, UsdPerJoule price) {
      return energy * overhead * price;
    };
    const Figure<Joules>& energy = report_.energy_to_train;
    report_.energy_cost_to_train = {
        cost(energy.value, prices.facility_overhead.value, prices.electricity.value),
        cost(energy.low, prices.facility_overhead.low, prices.electricity.low),
        cost(energy.high, prices.facility_overhead.high, prices.electricity.high),
        Basis::Derived,
        {}};
  }

  void report_layers() {
    const Network& network = design_.workload.network.network;
    std::vector<Seconds> longest(network.layers.size());
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      const Layer& layer = network.layers[l];
      const Complexity& complexity = step_.graph.complexity[l];
      report_.layers.push_back({layer.name,
                                std::string(op_name(layer.op)),
                                layer.output,
                                complexity.parameters,
                                complexity.macs(),
                                {},
                                {},
                                {},
                                {},
                                {},
                                "nothing"});
    }
    for (std::size_t t = 0; t < step_.costs.size(); ++t) {
      const auto* task = std::get_if<ComputeTask>(&step_.graph.tasks[t].work);
      if (!task || task->rank_class != step_.critical) continue;
      LayerReport& row = report_.layers[task->layer.index()];
      const PrimitiveTime& time = step_.costs[t].primitive;
      phase_time(row, task->phase) += time.total;
      row.bytes += time.bytes;
      if (time.total > longest[task->layer.index()]) {
        longest[task->layer.index()] = time.total;
        row.limited_by = limit_name(time.limit);
      }
    }
  }

  static Seconds& phase_time(LayerReport& row, Phase phase) {
    switch (phase) {
      case Phase::Forward:
        return row.forward;
      case Phase::BackwardData:
        return row.backward_data;
      case Phase::BackwardWeights:
        return row.backward_weights;
      case Phase::Update:
        break;
    }
    return row.update;
  }

  void report_communication() {
    std::set<std::string_view> used;
    for (std::size_t t = 0; t < step_.costs.size(); ++t) {
      const auto* task = std::get_if<AllReduceTask>(&step_.graph.tasks[t].work);
      if (!task) continue;
      const Communication::Sum& sum = step_.costs[t].sum;
      used.insert(sum.algorithm);
      report_.collectives.push_back({task->payload,
                                     step_.expected.tasks[t].start,
                                     step_.expected.tasks[t].finish,
                                     std::string(sum.algorithm),
                                     std::string(choice_name(sum.time.limited_by))});
    }
    report_.all_reduce = fmt::format("{}", fmt::join(used, ", "));
    report_.ports_per_node = step_.routing.rails();
    report_.fabric = fmt::format("{}, {}, {}, {} of each node{}",
                                 counted(fabric_.hosts(), "host"),
                                 counted(bill_.switches, "switch", "switches"),
                                 counted(bill_.cables(), "cable"),
                                 counted(step_.routing.rails(), "port"),
                                 unusual_routing());
    if (!used.empty() && step_.exposed(step_.expected) == Seconds(0)) {
      report_.notes.emplace_back(
          "all communication is hidden behind computing: the fabric makes no difference");
    }
  }

  /// What is to be said of routes that are not the default.
  [[nodiscard]] std::string unusual_routing() const {
    const hw::FabricParameters& fabric = hw::common(design_.cluster.topology());
    std::string text;
    if (fabric.routing != hw::RoutingMethod::Usual) {
      text += fmt::format(", {} routing", choice_name(fabric.routing));
    }
    if (fabric.paths > 1) text += fmt::format(", {} paths for each pair", fabric.paths);
    return text;
  }

  void report_sources() {
    const auto add = [&](std::string_view what, const std::string& source) {
      if (!source.empty()) report_.sources.push_back(fmt::format("{}: {}", what, source));
    };
    add("network", design_.workload.network.network.source);
    for (const hw::NodeGroup& group : design_.cluster.groups) add("node", group.node->source());
    const hw::FabricParameters& fabric = hw::common(design_.cluster.topology());
    add("fabric", fabric.source);
    add("switch", fabric.part->source);
    add("software", step_.stack.source);
    add("calibration", step_.stack.calibration->source);
    if (design_.software.gpu_stack) {
      add("software of devices", step_.gpu_stack.source);
      add("calibration of devices", step_.gpu_stack.calibration->source);
    }
  }

  void report_achieved() {
    Flops work{};
    for (std::size_t t = 0; t < step_.costs.size(); ++t) {
      if (const auto* task = std::get_if<ComputeTask>(&step_.graph.tasks[t].work)) {
        work += step_.costs[t].primitive.flops * step_.graph.classes[task->rank_class].ranks;
      }
    }
    report_.achieved = work / report_.step_time.value;
  }

  /// Rate at which all units of all nodes together could do arithmetic.
  [[nodiscard]] FlopsPerSecond peak() const {
    FlopsPerSecond sum{};
    for (const hw::NodeGroup& group : design_.cluster.groups) {
      sum += peak_of(group, design_.workload.precision) * group.nodes;
    }
    return sum;
  }

  const Design& design_;
  const hw::FabricGraph& fabric_;
  const TimedStep& step_;
  std::string_view executor_;
  hw::BillOfMaterials bill_;
  Report report_;
};

}  // namespace

Outcome<Report> estimate(const Design& design) {
  return report_of(design, "analytical", closed_form_lanes);
}

Outcome<Report> report_of(const Design& design,
                          std::string_view executor,
                          const FollowLanes& follow) {
  Outcome<hw::FabricGraph> built = hw::build(design.cluster.topology(), design.cluster.nodes());
  if (auto* infeasible = std::get_if<Infeasible>(&built)) return std::move(*infeasible);
  const auto& fabric = std::get<hw::FabricGraph>(built);
  Outcome<hw::Routing> routes = hw::routed(fabric, hw::routing_rules(design.cluster.topology()));
  if (auto* infeasible = std::get_if<Infeasible>(&routes)) return std::move(*infeasible);
  auto placement = placement_of(design, fabric);
  if (auto* infeasible = std::get_if<Infeasible>(&placement)) return std::move(*infeasible);
  TaskGraph graph = lowered(design);
  if (auto reason = misfit(design, graph.footprint.total())) return std::move(*reason);
  const TimedStep step(
      design, fabric, std::get<hw::Routing>(std::move(routes)), std::move(graph), follow);
  return Reporter(design, fabric, step, executor).report();
}

}  // namespace omniphi::models
