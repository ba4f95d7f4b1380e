#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "hw/base/quantity_text.h"
#include "hw/base/yaml_reader.h"
#include "hw/fabric/routing.h"
#include "models/estimate/communication.h"
#include "models/estimate/timed_step.h"
#include "sim/scenario/scenario.h"
#include "validation/compare/benchmarks.h"
#include "validation/compare/csv.h"
#include "validation/compare/parts.h"
#include "validation/compare/suite.h"

namespace omniphi::validation {

namespace {

using models::ValidationRow;

/// One run as published, by the catalog's names; or why the catalog cannot say it.
struct Run {
  std::string missing;
  const PublishedProcessor* processor = nullptr;
  const PublishedStack* stack = nullptr;
  std::string network;
  const PublishedFabric* fabric = nullptr;  // of several nodes
  std::string task;
  std::string precision = "fp32";
  std::int64_t batch_per_rank = 1;
  std::int64_t nodes = 1;
  std::int64_t ranks_per_node = 1;
  std::int64_t threads = 0;  // of each rank; 0: all cores that are left
};

/// A run of several nodes, and the row that it is.
struct ScalingRow {
  CsvRow line;
  Run run;
  double throughput = 0;
};

std::string scenario_text(const Run& run) {
  const std::string& node = run.processor->node;
  // One node is on a fabric too, which does not matter to it.
  const std::string switches = run.fabric ? run.fabric->switches : "opa-edge-48";
  return fmt::format(
      "omniphi: 1\n"
      "workload: {{network: {}, task: {}, precision: {}, batch_per_rank: {}}}\n"
      "cluster: {{node: {}, memory_mode: {}, cluster_mode: {}, nodes: {}, ranks_per_node: {}, "
      "threads: {}, communication_cores: {}, fabric: {{topology: fat-tree, switch: {}}}}}\n"
      "software: {{stack: {}}}\n",
      run.network,
      run.task,
      run.precision,
      run.batch_per_rank,
      run.fabric ? fmt::format("{{base: {}, adapter: {}}}", node, run.fabric->adapter) : node,
      choice_name(run.processor->memory_mode),
      choice_name(run.processor->cluster_mode),
      run.nodes,
      run.ranks_per_node,
      run.threads,
      run.nodes > 1 ? run.processor->communication_cores : 0,
      switches,
      run.stack->stack);
}

/// A step of one node that is lowered once and timed under many calibrations.
class LoweredStep {
 public:
  explicit LoweredStep(models::Design design)
      : design_(std::move(design)),
        fabric_(std::get<hw::FabricGraph>(
            hw::build(design_.cluster.topology(), design_.cluster.nodes()))),
        graph_(models::lowered(design_)) {
    merge_equal_calls();
  }

  [[nodiscard]] Hertz rate(const models::Calibration& calibration) {
    design_.software.calibration = {"", calibration};
    const models::TimedStep step(
        design_, fabric_, hw::Routing(fabric_), graph_, models::closed_form_lanes);
    return static_cast<double>(graph_.global_batch) / step.expected.step();
  }

 private:
  /// On one node the order of calls does not matter to the time of a step.
  void merge_equal_calls() {
    std::vector<models::Task> merged;
    for (const models::Task& task : graph_.tasks) {
      const auto* calls = std::get_if<models::ComputeTask>(&task.work);
      const auto same = std::find_if(merged.begin(), merged.end(), [&](const models::Task& other) {
        const auto* known = std::get_if<models::ComputeTask>(&other.work);
        return calls && known && known->rank_class == calls->rank_class &&
               known->primitive == calls->primitive;
      });
      if (same == merged.end()) {
        merged.push_back(task);
      } else {
        std::get<models::ComputeTask>(same->work).calls += calls->calls;
      }
    }
    for (models::Task& task : merged) task.after.clear();
    graph_.tasks = std::move(merged);
  }

  models::Design design_;
  hw::FabricGraph fabric_;
  models::TaskGraph graph_;
};

class Published {
 public:
  explicit Published(const Setting& setting)
      : setting_(setting),
        parts_(setting),
        names_(catalog_entry<PublishedNames>(PublishedNames::id, setting.catalog)) {}

  std::vector<Observation> observations() && {
    read_if_there("single_node_throughput", [&](const auto& file) { read_single_nodes(file); });
    read_if_there("scaling", [&](const auto& file) { read_scaling(file); });
    read_if_there("fabric_p2p", [&](const auto& file) { read_messages(file); });
    diagnostics_.throw_if_any();
    return std::move(observations_);
  }

 private:
  template <class Read>
  void read_if_there(const std::string& table, Read read) {
    table_ = table;
    const std::filesystem::path file = setting_.data / (table + ".csv");
    if (std::filesystem::exists(file)) read(file);
  }

  void read_single_nodes(const std::filesystem::path& file) {
    const CsvColumns columns{{"network",
                              "task",
                              "processor",
                              "framework",
                              "precision",
                              "batch",
                              "metric",
                              "value",
                              "unit",
                              "confidence"},
                             {"cores"}};
    for (const CsvRow& line : read_csv(file, columns, diagnostics_)) {
      Observation seen;
      ValidationRow& row = seen.row = new_row(line);
      row.group = family_of(line.text("processor"));
      row.subset = fmt::format(
          "{} {}, {}", line.text("task"), line.text("processor"), line.text("framework"));
      row.label = fmt::format("{} batch {}", line.text("network"), line.text("batch"));
      row.unit = line.text("unit");
      row.measured = line.positive("value", diagnostics_);
      const Run run = single_node_run(line);
      if (!run.missing.empty()) {
        set_aside(row, run.missing);
      } else if (line.text("metric") != "throughput") {
        set_aside(row, "no such figure is predicted: " + line.text("metric"));
      } else {
        row.unit = "samples/s";
        observe_rate(seen, run);
      }
      add(std::move(seen), line);
    }
  }

  static std::string family_of(const std::string& processor) {
    if (processor.find("Xeon Phi") != std::string::npos) return "Xeon Phi";
    return processor.find("Xeon") != std::string::npos ? "Xeon" : "other processors";
  }

  /// A row that its stack's record is fitted to is predicted by whoever fits.
  void observe_rate(Observation& seen, const Run& run) {
    const Part<models::Calibration>& record = parts_.stack(run.stack->stack)->value.calibration;
    seen.record = record.id;
    seen.calibration = *record;
    if (run.stack->start.empty()) {
      predict_figure(seen.row, throughput(run), 1);
    } else {
      observe_model(seen, run);
    }
    if (!run.stack->tuned) set_aside(seen.row, "untuned software");
  }

  void observe_model(Observation& seen, const Run& run) {
    const Throughput& rate = throughput(run);
    if (const auto* infeasible = std::get_if<Infeasible>(&rate)) {
      return set_aside(seen.row, infeasible->reason);
    }
    seen.rate = true;
    seen.family = run.network;
    seen.operation = models::OperationClass::Step;
    seen.node_kind = hw::ManyCoreCpu::kind;
    seen.calibration = catalog_entry<models::Calibration>(run.stack->start, setting_.catalog);
    const auto step =
        std::make_shared<LoweredStep>(std::get<sim::Scenario>(scenario_of(run)).design);
    seen.predict = [step](const models::Calibration& calibration) {
      return step->rate(calibration).value();
    };
  }

  Run single_node_run(const CsvRow& line) {
    Run run = named_run(line);
    run.task = line.text("task");
    run.precision = line.text("precision");
    if (run.stack) {
      run.ranks_per_node = run.stack->ranks_per_node;
      run.threads = run.stack->threads;
    }
    if (run.processor && line.given("cores")) {
      const int cores = cpu_of(parts_.node(run.processor->node))->cores;
      const std::int64_t used = line.count("cores", diagnostics_);
      if (used > cores || (used < cores && run.ranks_per_node > 1)) {
        return missing(run, "another number of sockets");
      }
      if (used < cores) run.threads = used;
    }
    if (!line.given("batch")) return missing(run, "the batch is not stated");
    run.batch_per_rank = line.count("batch", diagnostics_);
    // Processes that train share the batch stated; those that infer have one each.
    if (run.task == "training") {
      if (run.batch_per_rank % run.ranks_per_node != 0) {
        return missing(run, "the batch does not divide evenly");
      }
      run.batch_per_rank /= run.ranks_per_node;
    }
    return run;
  }

  /// What every row of a network names.
  Run named_run(const CsvRow& line) {
    Run run;
    const auto processor = names_.processors.find(line.text("processor"));
    if (processor == names_.processors.end() || !cpu_of(parts_.node(processor->second.node))) {
      return missing(run, "the processor is not in the catalog");
    }
    run.processor = &processor->second;
    run.stack = stack_of(line.text("framework"));
    const std::string& network = line.text("network");
    if (run.stack) run.network = known(run.stack->networks, network);
    if (run.network.empty()) run.network = known(names_.networks, network);
    if (!setting_.catalog.has("networks", run.network)) {
      return missing(run, "the network is not in the catalog");
    }
    return run.stack ? run : missing(run, "the software is not in the catalog");
  }

  /// Null if the catalog lacks it.
  const PublishedStack* stack_of(const std::string& framework) {
    const auto entry = names_.stacks.find(framework);
    if (entry == names_.stacks.end() || !parts_.stack(entry->second.stack)) return nullptr;
    return &entry->second;
  }

  /// Null if the catalog lacks a part of it.
  const PublishedFabric* fabric_of(const CsvRow& line) {
    const auto entry = names_.fabrics.find(line.text("interconnect"));
    if (entry == names_.fabrics.end()) return nullptr;
    return parts_.switches(entry->second.switches) ? &entry->second : nullptr;
  }

  static Run missing(Run run, std::string what) {
    if (run.missing.empty()) run.missing = std::move(what);
    return run;
  }

  static std::string known(const std::map<std::string, std::string>& names,
                           const std::string& name) {
    const auto entry = names.find(name);
    return entry == names.end() ? "" : entry->second;
  }

  void read_scaling(const std::filesystem::path& file) {
    const CsvColumns columns{{"series",
                              "network",
                              "processor",
                              "interconnect",
                              "framework",
                              "mode",
                              "nodes",
                              "devices_per_node",
                              "devices",
                              "global_batch",
                              "metric",
                              "value",
                              "unit",
                              "baseline_nodes",
                              "efficiency_pct",
                              "confidence"},
                             {}};
    std::map<std::string, std::vector<ScalingRow>> series;
    const std::vector<CsvRow> lines = read_csv(file, columns, diagnostics_);
    for (const CsvRow& line : lines) {
      if (!is_rate(line)) continue;
      series[series_of(line)].push_back(
          {line, scaling_run(line), line.positive("value", diagnostics_)});
    }
    for (const CsvRow& line : lines) {
      add(is_rate(line) ? relative_row(line, series.at(series_of(line))) : other_row(line), line);
    }
  }

  static bool is_rate(const CsvRow& line) {
    return line.text("metric") == "throughput" && line.given("nodes");
  }

  static std::string series_of(const CsvRow& line) {
    return line.text("series") + '\n' + line.text("mode");
  }

  Run scaling_run(const CsvRow& line) {
    Run run = named_run(line);
    run.task = line.text("mode").find("inference") == std::string::npos ? "training" : "inference";
    run.nodes = line.count("nodes", diagnostics_);
    run.fabric = fabric_of(line);
    if (!run.fabric) run = missing(run, "the fabric is not in the catalog");
    if (!line.given("global_batch")) return missing(run, "the batch is not stated");
    const std::int64_t batch = line.count("global_batch", diagnostics_);
    run.ranks_per_node =
        line.given("devices_per_node") ? line.count("devices_per_node", diagnostics_) : 1;
    const std::int64_t ranks = run.nodes * run.ranks_per_node;
    if (batch % ranks != 0) return missing(run, "the batch does not divide evenly");
    run.batch_per_rank = batch / ranks;
    return run;
  }

  ValidationRow scaling_row(const CsvRow& line) {
    ValidationRow row = new_row(line);
    row.group = line.text("processor") + ", " + line.text("framework");
    row.label = fmt::format("{} {} nodes, batch {}",
                            line.text("network"),
                            line.text("nodes"),
                            line.text("global_batch"));
    row.measured = line.positive("value", diagnostics_);
    return row;
  }

  ValidationRow other_row(const CsvRow& line) {
    ValidationRow row = scaling_row(line);
    row.unit = line.text("unit");
    set_aside(row, "no such figure is predicted: " + line.text("metric"));
    return row;
  }

  /// Throughput of a node, as a share of what a node gives in the smallest run of the series.
  ValidationRow relative_row(const CsvRow& line, const std::vector<ScalingRow>& series) {
    ValidationRow row = scaling_row(line);
    row.unit = "relative";
    const Run run = scaling_run(line);
    const ScalingRow& smallest =
        *std::min_element(series.begin(), series.end(), [](const auto& a, const auto& b) {
          return a.run.nodes < b.run.nodes;
        });
    set_aside(row, run.missing);
    Run reference = smallest.run;
    if (reference.nodes < run.nodes) {
      row.measured *= double(reference.nodes) / double(run.nodes) / smallest.throughput;
      set_aside(row, reference.missing);
    } else if (line.given("efficiency_pct") && line.given("baseline_nodes") &&
               line.count("baseline_nodes", diagnostics_) < run.nodes) {
      // The smaller run is known by the efficiency alone: the same batch on each node.
      reference = run;
      reference.nodes = line.count("baseline_nodes", diagnostics_);
      row.measured = line.positive("efficiency_pct", diagnostics_) / 100;
    } else {
      row.measured = 1;
      set_aside(row, "no smaller run to compare with");
    }
    if (!row.note.empty()) return row;
    const double per_node = double(reference.nodes) / double(run.nodes);
    predict_relative(row, throughput(run), throughput(reference), per_node);
    return row;
  }

  void read_messages(const std::filesystem::path& file) {
    const CsvColumns columns{{"system",
                              "processor",
                              "interconnect",
                              "library",
                              "metric",
                              "size_bytes",
                              "value",
                              "unit",
                              "confidence"},
                             {}};
    for (const CsvRow& line : read_csv(file, columns, diagnostics_)) {
      ValidationRow row = new_row(line);
      row.group = line.text("interconnect");
      row.label = fmt::format(
          "{} {} {}", line.text("processor"), line.text("metric"), line.text("size_bytes"));
      row.unit = line.text("unit");
      row.measured = line.positive("value", diagnostics_);
      predict_message(row, line);
      add(std::move(row), line);
    }
  }

  void predict_message(ValidationRow& row, const CsvRow& line) {
    const PublishedFabric* fabric = fabric_of(line);
    if (!fabric) return set_aside(row, "the fabric is not in the catalog");
    const std::string& metric = line.text("metric");
    if (metric == "switch_latency" || metric == "link_rate") {
      return set_aside(row, "the catalog's own figure");
    }
    const auto latency =
        parse_quantity<Seconds::dimension>(line.text("value") + ' ' + line.text("unit"));
    if (metric.find("latency") == std::string::npos || !latency) {
      return set_aside(row, "no such figure is predicted: " + metric);
    }
    const auto processor = names_.processors.find(line.text("processor"));
    const PublishedStack* named = stack_of(line.text("library"));
    const Part<models::SoftwareStack>* stack = named ? parts_.stack(named->stack) : nullptr;
    if (processor == names_.processors.end() || !cpu_of(parts_.node(processor->second.node))) {
      return set_aside(row, "the processor is not in the catalog");
    }
    if (!stack) return set_aside(row, "the software is not in the catalog");
    row.unit = std::string("s");  // g++ 12 warns of an overlap here otherwise (its bug 105651)
    row.measured = latency->value();
    hw::NodeGroup group;
    group.node = *parts_.node(processor->second.node);
    const Bytes size(double(line.count("size_bytes", diagnostics_, true)));
    predict(row,
            message_time(group, **stack, *parts_.switches(fabric->switches), size).value(),
            (**stack).calibration->residual(models::OperationClass::Collective));
  }

  /// One message between two hosts of one switch.
  static Seconds message_time(const hw::NodeGroup& group,
                              const models::SoftwareStack& stack,
                              const Part<hw::Switch>& part,
                              Bytes size) {
    hw::FatTree tree;
    tree.part = part;
    const auto fabric = hw::build(hw::Topology(tree), 2);
    const auto& graph = std::get<hw::FabricGraph>(fabric);
    const hw::Routing routing(graph);
    models::Schedule message;
    message.ranks = 2;
    message.phases = {{.transfers = {{.destination = 1, .chunks = 1}}}};
    const models::CollectiveModel model(message, graph, routing, models::Placement());
    return model.time(size, models::endpoint_of(group, stack, routing.rails())).total;
  }

  ValidationRow new_row(const CsvRow& line) {
    ValidationRow row;
    row.table = table_;
    row.source_row = line.place().line;
    return row;
  }

  void add(Observation seen, const CsvRow& line) {
    if (line.text("confidence") != "source") set_aside(seen.row, "not read in its source");
    observations_.push_back(std::move(seen));
  }

  void add(ValidationRow row, const CsvRow& line) {
    Observation seen;
    seen.row = std::move(row);
    add(std::move(seen), line);
  }

  using Throughput = Outcome<Figure<Hertz>>;

  /// Each run is predicted once.
  const Throughput& throughput(const Run& run) {
    const std::string text = scenario_text(run);
    const auto known = predicted_.find(text);
    if (known != predicted_.end()) return known->second;
    return predicted_.emplace(text, predicted(run)).first->second;
  }

  [[nodiscard]] Outcome<sim::Scenario> scenario_of(const Run& run) const {
    Diagnostics diagnostics;
    ConfigNode tree = read_yaml(scenario_text(run), "published run", diagnostics);
    diagnostics.throw_if_any();
    try {
      return sim::read_scenario(std::move(tree), {}, setting_.catalog);
    } catch (const ConfigError& error) {
      // A value that no scenario takes: another number format, no samples.
      return Infeasible{error.diagnostics().front().message};
    }
  }

  [[nodiscard]] Throughput predicted(const Run& run) const {
    Outcome<sim::Scenario> read = scenario_of(run);
    if (const auto* infeasible = std::get_if<Infeasible>(&read)) return *infeasible;
    auto& scenario = std::get<sim::Scenario>(read);
    if (setting_.calibration) scenario.design.software.calibration = setting_.calibration;
    const Outcome<models::Report> outcome = sim::run(scenario, setting_.fidelity);
    if (const auto* infeasible = std::get_if<Infeasible>(&outcome)) return *infeasible;
    return std::get<models::Report>(outcome).throughput;
  }

  static void predict_figure(ValidationRow& row, const Throughput& rate, double factor) {
    if (const auto* infeasible = std::get_if<Infeasible>(&rate)) {
      return set_aside(row, infeasible->reason);
    }
    const Figure<Hertz> figure = std::get<Figure<Hertz>>(rate) * factor;
    predict(row, figure.value.value(), {});
    row.low = figure.low.value();
    row.high = figure.high.value();
  }

  /// The errors of both runs move together, so that the ratio is taken end by end.
  static void predict_relative(ValidationRow& row,
                               const Throughput& rate,
                               const Throughput& reference,
                               double factor) {
    for (const Throughput* each : {&rate, &reference}) {
      const auto* infeasible = std::get_if<Infeasible>(each);
      if (infeasible) return set_aside(row, infeasible->reason);
    }
    const auto& run = std::get<Figure<Hertz>>(rate);
    const auto& small = std::get<Figure<Hertz>>(reference);
    const double value = run.value / small.value * factor;
    predict(row, value, {});
    row.low = std::min({value, run.low / small.low * factor, run.high / small.high * factor});
    row.high = std::max({value, run.low / small.low * factor, run.high / small.high * factor});
  }

  const Setting& setting_;
  Parts parts_;
  PublishedNames names_;
  std::string table_;
  Diagnostics diagnostics_;
  std::map<std::string, Throughput> predicted_;
  std::vector<Observation> observations_;
};

}  // namespace

std::vector<Observation> published_observations(const Setting& setting) {
  return Published(setting).observations();
}

}  // namespace omniphi::validation
