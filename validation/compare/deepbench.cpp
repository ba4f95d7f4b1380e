#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "hw/base/overloaded.h"
#include "hw/fabric/routing.h"
#include "models/compute/compute_time.h"
#include "models/estimate/communication.h"
#include "validation/compare/benchmarks.h"
#include "validation/compare/csv.h"
#include "validation/compare/parts.h"
#include "validation/compare/roofline.h"
#include "validation/compare/suite.h"

namespace omniphi::validation {

namespace {

using models::ConvolutionPass;
using models::ConvolutionPrimitive;
using models::MatrixProductPrimitive;
using models::Primitive;
using models::ValidationRow;

constexpr double kMilli = 1e-3;
constexpr double kBytesPerFloat = 4;

struct PassColumns {
  std::string name;
  ConvolutionPass pass;
};

const std::vector<PassColumns>& passes() {
  static const std::vector<PassColumns> kPasses{{"fwd", ConvolutionPass::Forward},
                                                {"bwd_inputs", ConvolutionPass::BackwardData},
                                                {"bwd_params", ConvolutionPass::BackwardWeights}};
  return kPasses;
}

double approximate_macs(const ConvolutionPrimitive& c) {
  return double(c.batch) * double(c.output_channels) * double(c.output_height) *
         double(c.output_width) * double(c.input_channels) * double(c.kernel_height) *
         double(c.kernel_width);
}

double approximate_macs(const MatrixProductPrimitive& g) {
  return double(g.m) * double(g.n) * double(g.k);
}

/// The machine of one table.
struct Bench {
  const DeepBenchTable& table;
  const Part<hw::Node>* node = nullptr;
  const Part<models::SoftwareStack>* stack = nullptr;

  [[nodiscard]] std::string missing() const {
    if (!node) return "the catalog has no node " + table.node;
    if (!stack) return "the catalog has no software for it";
    return table.calibration.empty() ? "no record is fitted to it" : "";
  }
};

/// The all-reduces of one table, by number of nodes; each fabric is wired and routed once.
class AllReduces {
 public:
  AllReduces(const Bench& bench, const Part<hw::Switch>& part) : stack_(**bench.stack) {
    tree_.part = part;
    group_.node = *bench.node;
    group_.communication_cores = bench.table.communication_cores;
  }

  [[nodiscard]] bool joins(std::int64_t nodes) {
    return nodes <= kMostNodes && communication(static_cast<int>(nodes)).has_value();
  }

  Seconds time(std::int64_t nodes, Bytes payload, const models::Calibration& calibration) {
    models::SoftwareStack calibrated = stack_;
    calibrated.calibration.value = calibration;
    const models::Endpoint endpoint = models::endpoint_of(group_, calibrated, tree_.ports_per_node);
    return communication(static_cast<int>(nodes))->sum(payload, {endpoint}).time.total;
  }

 private:
  static constexpr std::int64_t kMostNodes = 1 << 16;

  const std::optional<models::Communication>& communication(int nodes) {
    const auto known = by_nodes_.find(nodes);
    if (known != by_nodes_.end()) return known->second;
    std::optional<models::Communication>& sums = by_nodes_[nodes];
    models::Design design;
    design.cluster.fabric.value.topology = tree_;
    group_.nodes = nodes;
    design.cluster.groups = {group_};
    const Outcome<hw::FabricGraph> fabric = hw::build(design.cluster.topology(), nodes);
    if (const auto* graph = std::get_if<hw::FabricGraph>(&fabric)) {
      sums.emplace(design, stack_, *graph, hw::Routing(*graph));
    }
    return sums;
  }

  models::SoftwareStack stack_;
  hw::FatTree tree_;
  hw::NodeGroup group_;
  std::map<int, std::optional<models::Communication>> by_nodes_;
};

class DeepBench {
 public:
  explicit DeepBench(const Setting& setting) : setting_(setting), parts_(setting) {}

  std::vector<Observation> observations() && {
    const auto setup = catalog_entry<DeepBenchSetup>(DeepBenchSetup::id, setting_.catalog);
    for (const DeepBenchTable& table : setup.tables) {
      const std::filesystem::path file = setting_.data / (table.table + ".csv");
      if (std::filesystem::exists(file)) read(file, table);
    }
    diagnostics_.throw_if_any();
    return std::move(observations_);
  }

 private:
  void read(const std::filesystem::path& file, const DeepBenchTable& table) {
    const Bench bench{table, parts_.node(table.node), parts_.stack(table.stack)};
    switch (table.kind) {
      case TableKind::MatrixProduct:
        return read_matrix_products(file, bench);
      case TableKind::Convolution:
        return read_convolutions(file, bench);
      case TableKind::RecurrentCell:
        return read_recurrent_cells(file, bench);
      case TableKind::AllReduce:
        return read_all_reduces(file, bench);
    }
  }

  void read_matrix_products(const std::filesystem::path& file, const Bench& bench) {
    const CsvColumns columns{{"source_row", "m", "n", "k", "time_ms"},
                             {"family", "a_t", "b_t", "flag"}};
    for (const CsvRow& line : read_csv(file, columns, diagnostics_)) {
      MatrixProductPrimitive product;
      product.m = line.count("m", diagnostics_);
      product.n = line.count("n", diagnostics_);
      product.k = line.count("k", diagnostics_);
      product.left_transposed = line.text("a_t") == "1";
      Observation seen = new_observation(line, bench, "", "time_ms");
      ValidationRow& row = seen.row;
      row.label = fmt::format("{}x{}x{} {}{}",
                              product.m,
                              product.n,
                              product.k,
                              product.left_transposed ? 'T' : 'N',
                              line.text("b_t") == "1" ? 'T' : 'N');
      observe_kernel(seen, line, product, bench, bench.table.threads);
      row.subset = subset_of(product);
      set_aside(row, line.text("flag"));
      observations_.push_back(std::move(seen));
    }
  }

  /// Wide products stream through the caches; narrow ones are those of small minibatches.
  static std::string subset_of(const MatrixProductPrimitive& product) {
    constexpr std::int64_t kWide = 5000;
    constexpr std::int64_t kNarrow = 700;
    if (product.n >= kWide) return fmt::format("n >= {}", kWide);
    return product.n <= kNarrow ? fmt::format("n <= {}", kNarrow) : "";
  }

  void read_convolutions(const std::filesystem::path& file, const Bench& bench) {
    CsvColumns columns{{"source_row",
                        "w",
                        "h",
                        "c",
                        "n",
                        "k",
                        "filter_w",
                        "filter_h",
                        "stride_w",
                        "stride_h",
                        "out_w",
                        "out_h"},
                       {"family", "flag"}};
    for (const PassColumns& pass : passes()) {
      columns.required.push_back(pass.name + "_ms");
      columns.optional.push_back(pass.name + "_lib");
      columns.optional.push_back(pass.name + "_flag");
    }
    const std::vector<CsvRow> lines = read_csv(file, columns, diagnostics_);
    for (const PassColumns& pass : passes()) {
      for (const CsvRow& line : lines) read_convolution(line, pass, bench);
    }
  }

  void read_convolution(const CsvRow& line, const PassColumns& pass, const Bench& bench) {
    if (!line.given(pass.name + "_ms")) return;  // not published
    ConvolutionPrimitive c;
    c.pass = pass.pass;
    c.batch = line.count("n", diagnostics_);
    c.input_channels = line.count("c", diagnostics_);
    c.input_height = line.count("h", diagnostics_);
    c.input_width = line.count("w", diagnostics_);
    c.output_channels = line.count("k", diagnostics_);
    c.output_height = line.count("out_h", diagnostics_);
    c.output_width = line.count("out_w", diagnostics_);
    c.kernel_height = line.count("filter_h", diagnostics_);
    c.kernel_width = line.count("filter_w", diagnostics_);
    c.stride_height = line.count("stride_h", diagnostics_);
    c.stride_width = line.count("stride_w", diagnostics_);
    const std::string& library = line.text(pass.name + "_lib");
    Observation seen = new_observation(line, bench, pass.name, pass.name + "_ms");
    ValidationRow& row = seen.row;
    row.label = fmt::format("{}x{}x{} n{} k{} f{}x{} s{} {}",
                            c.input_width,
                            c.input_height,
                            c.input_channels,
                            c.batch,
                            c.output_channels,
                            c.kernel_width,
                            c.kernel_height,
                            c.stride_width,
                            library);
    const auto threads = bench.table.library_threads.find(library);
    const bool known = threads != bench.table.library_threads.end();
    observe_kernel(seen, line, c, bench, known ? threads->second : bench.table.threads);
    set_aside(row, flag_of(line, pass.name));
    observations_.push_back(std::move(seen));
  }

  /// The row's flag sums up those of its phases, if they bear any.
  static std::string flag_of(const CsvRow& line, const std::string& phase) {
    for (const PassColumns& pass : passes()) {
      if (line.given(pass.name + "_flag")) return line.text(phase + "_flag");
    }
    return line.text("flag");
  }

  void read_recurrent_cells(const std::filesystem::path& file, const Bench& bench) {
    const std::vector<std::string> phases{"fwd", "bwd_inputs", "bwd_params", "bwd_total"};
    CsvColumns columns{{"source_row", "cell", "hidden", "n", "timesteps"}, {"family", "flag"}};
    for (const std::string& phase : phases) columns.optional.push_back(phase + "_ms");
    const std::vector<CsvRow> lines = read_csv(file, columns, diagnostics_);
    for (const std::string& phase : phases) {
      for (const CsvRow& line : lines) {
        if (!line.given(phase + "_ms")) continue;  // not published
        Observation seen = new_observation(line, bench, phase, phase + "_ms");
        ValidationRow& row = seen.row;
        row.label = fmt::format("{} h{} n{} t{}",
                                line.text("cell"),
                                line.text("hidden"),
                                line.text("n"),
                                line.text("timesteps"));
        set_aside(row, bench.missing());
        set_aside(row, "recurrent cells are not modelled");
        observations_.push_back(std::move(seen));
      }
    }
  }

  void read_all_reduces(const std::filesystem::path& file, const Bench& bench) {
    const CsvColumns columns{{"source_row", "floats", "nodes", "mean_ms"},
                             {"family", "chips", "flag"}};
    const Part<hw::Switch>* part = parts_.switches(bench.table.switches);
    std::shared_ptr<AllReduces> sums;
    if (bench.missing().empty() && part && cpu_of(bench.node))
      sums = std::make_shared<AllReduces>(bench, *part);
    for (const CsvRow& line : read_csv(file, columns, diagnostics_)) {
      const std::int64_t floats = line.count("floats", diagnostics_);
      const std::int64_t nodes = line.count("nodes", diagnostics_);
      Observation seen = new_observation(line, bench, "", "mean_ms");
      ValidationRow& row = seen.row;
      row.label = fmt::format("{} floats, {} nodes", floats, nodes);
      if (line.given("chips")) row.label += fmt::format(", {} chips", line.text("chips"));
      set_aside(row, bench.missing());
      if (!part) set_aside(row, "the catalog has no such fabric");
      if (sums) observe_sum(seen, sums, nodes, Bytes(kBytesPerFloat * double(floats)));
      set_aside(row, line.text("flag"));
      observations_.push_back(std::move(seen));
    }
  }

  static void observe_sum(Observation& seen,
                          const std::shared_ptr<AllReduces>& sums,
                          std::int64_t nodes,
                          Bytes payload) {
    if (nodes < 2) return set_aside(seen.row, "nothing is sent");
    if (!sums->joins(nodes)) return set_aside(seen.row, "the fabric cannot join so many nodes");
    seen.operation = models::OperationClass::Collective;
    seen.predict = [sums, nodes, payload](const models::Calibration& calibration) {
      return sums->time(nodes, payload, calibration).value();
    };
  }

  Observation new_observation(const CsvRow& line,
                              const Bench& bench,
                              const std::string& phase,
                              const std::string& column) {
    Observation seen;
    seen.family = line.text("family");
    seen.record = bench.table.calibration;
    if (bench.stack) seen.calibration = *bench.stack->value.calibration;
    ValidationRow& row = seen.row;
    row.table = bench.table.table;
    row.phase = phase;
    row.source_row = line.count("source_row", diagnostics_);
    row.unit = "s";
    row.measured = kMilli * line.positive(column, diagnostics_);
    return seen;
  }

  template <class Shape>
  void observe_kernel(
      Observation& seen, const CsvRow& line, const Shape& shape, const Bench& bench, int threads) {
    constexpr double kLargestWork = 1e18;  // multiply-accumulates that still fit their counter
    if (approximate_macs(shape) > kLargestWork) {
      return diagnostics_.error(line.place(), "", "the shape is too large");
    }
    const std::string missing = bench.missing();
    if (!missing.empty()) return set_aside(seen.row, missing);
    const Primitive primitive = shape;
    seen.operation = models::operation_class(primitive);
    std::visit(
        [&](const auto& kind) {
          seen.node_kind = kind.kind;
          seen.row.baseline = roofline_time(primitive, kind).value();
          seen.predict = predictor(kind, **bench.stack, threads, primitive);
        },
        bench.node->value.kind);
  }

  using Predictor = std::function<double(const models::Calibration&)>;

  static Predictor predictor(const hw::ManyCoreCpu& cpu,
                             const models::SoftwareStack& stack,
                             int threads,
                             const Primitive& primitive) {
    return [cpu, stack, threads, primitive](const models::Calibration& calibration) {
      models::SoftwareStack calibrated = stack;
      calibrated.calibration.value = calibration;
      const models::Worker worker = worker_of(cpu, calibrated, threads, primitive);
      return models::primitive_time(primitive, worker).total.value();
    };
  }

  static Predictor predictor(const hw::Gpu& gpu,
                             const models::SoftwareStack& stack,
                             int,
                             const Primitive& primitive) {
    return
        [gpu, kernels = stack.gpu_kernels.value(), dispatch = stack.framework.dispatch, primitive](
            const models::Calibration& calibration) {
          const models::GpuWorker worker{&gpu, &kernels, &calibration, dispatch};
          return models::primitive_time(primitive, worker).total.value();
        };
  }

  /// One rank on the whole node, its operands in the fast memory.
  static models::Worker worker_of(const hw::ManyCoreCpu& cpu,
                                  const models::SoftwareStack& stack,
                                  int threads,
                                  const Primitive& primitive) {
    constexpr auto kFormat = hw::NumberFormat::Fp32;
    const models::Traffic traffic = models::traffic(primitive);
    const Bytes footprint = hw::size_of(kFormat) * double(traffic.read + traffic.written);
    models::Worker worker;
    worker.cpu = &cpu;
    worker.stack = &stack;
    worker.threads = threads > 0 ? threads : cpu.cores;
    worker.format = kFormat;
    worker.warm = true;
    worker.memory = models::memory_service(
        cpu, hw::MemoryMode::Flat, hw::ClusterMode::Quadrant, worker.threads, 1, footprint);
    return worker;
  }

  const Setting& setting_;
  Parts parts_;
  Diagnostics diagnostics_;
  std::vector<Observation> observations_;
};

}  // namespace

std::vector<Observation> deepbench_observations(const Setting& setting) {
  return DeepBench(setting).observations();
}

}  // namespace omniphi::validation
