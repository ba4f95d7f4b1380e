#include <algorithm>

#include <fmt/format.h>

#include "hw/base/quantity_text.h"
#include "models/compute/memory_service.h"
#include "validation/compare/csv.h"
#include "validation/compare/parts.h"
#include "validation/compare/suite.h"

namespace omniphi::validation {

namespace {

using models::ValidationRow;

constexpr const char* kStack = "deepbench-mkl";  // kernels alone: its calibration gives the ranges

/// Working set of the STREAM runs: three arrays of 64 million doubles [Rupp2016], [Wilson2018].
constexpr Bytes kFootprint{3 * 64e6 * 8};

enum class Metric { Bandwidth, Latency, LoadedLatency };

constexpr auto choices(Metric) {
  return std::array{
      Choice<Metric>{"bandwidth", Metric::Bandwidth, "as STREAM counts bytes"},
      Choice<Metric>{"latency", Metric::Latency, "of the idle memory, load to use"},
      Choice<Metric>{"loaded-latency", Metric::LoadedLatency, "while other cores draw `load`"}};
}

enum class Kernel { Triad, Copy, Read, Local, Remote };

constexpr auto choices(Kernel) {
  return std::array{Choice<Kernel>{"triad", Kernel::Triad, "a = b + s c"},
                    Choice<Kernel>{"copy", Kernel::Copy, "a = b"},
                    Choice<Kernel>{"read", Kernel::Read, "of one array"},
                    Choice<Kernel>{"local", Kernel::Local, "latency of the nearest memory"},
                    Choice<Kernel>{"remote", Kernel::Remote, "latency of another quadrant's"}};
}

enum class Memory { Ddr, Mcdram };

constexpr auto choices(Memory) {
  return std::array{Choice<Memory>{"ddr", Memory::Ddr, "on the board"},
                    Choice<Memory>{"mcdram", Memory::Mcdram, "on the package"}};
}

models::AccessPattern pattern_of(Kernel kernel) {
  switch (kernel) {
    case Kernel::Copy:
      return {.streams = 2, .written = 1.0 / 2};
    case Kernel::Read:
      return {.streams = 1, .written = 0};
    default:
      return {};
  }
}

/// Parameters behind a prediction that rows with the flag `fit` determine: bandwidths of a core and
/// of all, and streams in conflict, of both memories of a Xeon Phi, and the bank wait.
int fitted_parameters(Metric metric) {
  switch (metric) {
    case Metric::Bandwidth:
      return 7;
    case Metric::Latency:
      return 0;
    case Metric::LoadedLatency:
      return 1;
  }
  return 0;
}

/// How a figure was measured.
struct Conditions {
  Metric metric = Metric::Bandwidth;
  Kernel kernel = Kernel::Triad;
  Memory memory = Memory::Ddr;
  hw::MemoryMode memory_mode = hw::MemoryMode::Flat;
  hw::ClusterMode cluster_mode = hw::ClusterMode::Quadrant;
  models::ThreadPlacement placement = models::ThreadPlacement::Compact;
  std::int64_t threads = 0;  // 0: one a core
  double lines = 0;          // under way, of a loaded latency
};

double bandwidth(hw::ManyCoreCpu cpu, const Conditions& c) {
  // Threads bound to the main memory run as on a node that has no other.
  if (c.memory == Memory::Ddr) cpu.fast_memory.reset();
  const int threads = c.threads > 0 ? static_cast<int>(c.threads) : cpu.cores;
  models::AccessPattern pattern = pattern_of(c.kernel);
  pattern.placement = c.placement;
  return models::memory_service(cpu, c.memory_mode, c.cluster_mode, threads, 1, kFootprint, pattern)
      .bandwidth.value();
}

double latency(const hw::ManyCoreCpu& cpu, const Conditions& c) {
  const hw::Memory& memory = c.memory == Memory::Ddr ? cpu.main_memory : *cpu.fast_memory;
  const Seconds idle =
      models::idle_latency(memory, cpu.mesh, c.cluster_mode, c.kernel == Kernel::Remote);
  if (c.metric == Metric::Latency) return idle.value();
  return models::loaded_memory(idle, memory.stream_bandwidth.value, memory.bank_wait, c.lines)
      .latency.value();
}

/// In base units.
Outcome<double> predicted(const hw::ManyCoreCpu& cpu, const Conditions& c) {
  if (c.memory == Memory::Mcdram && !cpu.fast_memory) {
    return Infeasible{"the node has no such memory"};
  }
  if (c.threads > std::int64_t{cpu.cores} * cpu.threads_per_core) {
    return Infeasible{"the node has fewer hardware threads"};
  }
  return c.metric == Metric::Bandwidth ? bandwidth(cpu, c) : latency(cpu, c);
}

/// Reads the rows of the suite's files.
class MemoryRows {
 public:
  std::vector<MemoryObservation> read(const std::filesystem::path& folder) && {
    const CsvColumns columns{{"source_row",
                              "machine",
                              "metric",
                              "kernel",
                              "memory",
                              "memory_mode",
                              "cluster_mode",
                              "threads",
                              "value",
                              "unit"},
                             {"placement", "load", "flag"}};
    for (const std::string table : {"knl_memory", "xeon_memory"}) {
      const std::filesystem::path file = folder / (table + ".csv");
      if (!std::filesystem::exists(file)) continue;
      for (const CsvRow& line : read_csv(file, columns, diagnostics_)) read(line, table);
    }
    diagnostics_.throw_if_any();
    return std::move(observations_);
  }

 private:
  template <class Choices>
  auto word(const CsvRow& line, std::string_view column, const Choices& known) {
    std::vector<std::string_view> names;
    for (const auto& candidate : known) {
      if (line.text(column) == candidate.name) return candidate.value;
      names.push_back(candidate.name);
    }
    diagnostics_.error(line.place(),
                       column,
                       fmt::format("unknown word {}{}",
                                   in_quotes(line.text(column)),
                                   did_you_mean(line.text(column), names)));
    return known.front().value;
  }

  void read(const CsvRow& line, const std::string& table) {
    Conditions c;
    c.metric = word(line, "metric", choices(Metric{}));
    c.kernel = word(line, "kernel", choices(Kernel{}));
    c.memory = word(line, "memory", choices(Memory{}));
    c.memory_mode = word(line, "memory_mode", choices(hw::MemoryMode{}));
    c.cluster_mode = word(line, "cluster_mode", choices(hw::ClusterMode{}));
    if (line.given("placement"))
      c.placement = word(line, "placement", choices(models::ThreadPlacement{}));
    if (line.given("threads")) c.threads = line.count("threads", diagnostics_);

    MemoryObservation seen;
    seen.machine = line.text("machine");
    seen.fitted = line.text("flag") == "fit";
    seen.row = new_row(line, table, c);
    seen.row.fitted_parameters = fitted_parameters(c.metric);
    if (!seen.fitted) set_aside(seen.row, line.text("flag"));
    if (c.metric == Metric::LoadedLatency) {
      // As many lines as the measured point had [Little1961].
      const double load = number(line, "load", line.text("load"), Metric::Bandwidth);
      c.lines = load * seen.row.measured / hw::kCacheLine.value();
    }
    seen.predict = [c](const hw::ManyCoreCpu& cpu) { return predicted(cpu, c); };
    observations_.push_back(std::move(seen));
  }

  ValidationRow new_row(const CsvRow& line, const std::string& table, const Conditions& c) {
    ValidationRow row;
    row.table = table;
    row.group = line.text("machine") + ' ' + line.text("metric");
    if (line.text("flag") == "fit") row.group += ", fitted";
    row.source_row = line.count("source_row", diagnostics_);
    row.label = fmt::format("{} {}, {}, {}",
                            line.text("memory"),
                            line.text("kernel"),
                            line.text("memory_mode"),
                            line.text("cluster_mode"));
    if (line.given("threads")) row.label += fmt::format(", {} threads", line.text("threads"));
    if (line.given("load")) row.label += fmt::format(", at {}", line.text("load"));
    row.unit = c.metric == Metric::Bandwidth ? "bytes/s" : "s";
    line.positive("value", diagnostics_);
    row.measured = number(line, "unit", line.text("value") + ' ' + line.text("unit"), c.metric);
    return row;
  }

  /// The base units of a positive quantity.
  double number(const CsvRow& line,
                std::string_view column,
                const std::string& text,
                Metric metric) {
    const auto value =
        parse_quantity(text,
                       metric == Metric::Bandwidth ? dimension_value<BytesPerSecond::dimension>()
                                                   : dimension_value<Seconds::dimension>());
    if (value && *value > 0) return *value;
    diagnostics_.error(
        line.place(),
        column,
        fmt::format(
            "{} is no {}", in_quotes(text), metric == Metric::Bandwidth ? "bandwidth" : "latency"));
    return 1;
  }

  Diagnostics diagnostics_;
  std::vector<MemoryObservation> observations_;
};

/// Ranges are those of times, and a rate is high where the time is low.
models::Residual of_a_rate(const models::Residual& time) {
  return {1 / time.high, 1 / time.low, time.source};
}

ValidationRow compared(MemoryObservation seen,
                       const hw::ManyCoreCpu* cpu,
                       const models::Residual& residual) {
  if (!cpu) {
    set_aside(seen.row, "the catalog has no processor " + seen.machine);
    return std::move(seen.row);
  }
  const Outcome<double> outcome = seen.predict(*cpu);
  if (const auto* value = std::get_if<double>(&outcome)) {
    predict(seen.row, *value, seen.row.unit == "s" ? residual : of_a_rate(residual));
  } else {
    set_aside(seen.row, std::get<Infeasible>(outcome).reason);
  }
  return std::move(seen.row);
}

}  // namespace

std::vector<MemoryObservation> memory_observations(const std::filesystem::path& folder) {
  return MemoryRows().read(folder);
}

models::Validation validate_memory(const Setting& setting) {
  Parts parts(setting);
  const models::SoftwareStack& stack = **parts.stack(kStack);
  const auto residual = stack.calibration->residual(models::OperationClass::ElementWise);
  std::vector<ValidationRow> rows;
  for (MemoryObservation& seen : memory_observations(setting.data)) {
    const hw::ManyCoreCpu* cpu = cpu_of(parts.node(seen.machine));
    rows.push_back(compared(std::move(seen), cpu, residual));
  }
  return validation("memory", setting, parts.calibrations(), parts.level(), std::move(rows));
}

}  // namespace omniphi::validation
