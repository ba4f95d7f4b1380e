#include <algorithm>

#include <fmt/format.h>

#include "hw/base/quantity_text.h"
#include "models/compute/compute_time.h"
#include "validation/compare/csv.h"
#include "validation/compare/parts.h"
#include "validation/compare/suite.h"

namespace omniphi::validation {

namespace {

using models::ValidationRow;

constexpr const char* kFile = "knl_memory";
constexpr const char* kStack = "deepbench-mkl";  // kernels alone: its calibration gives the ranges

/// Working set of the STREAM runs: three arrays of 64 Mi doubles [Rupp2016].
constexpr Bytes kFootprint{3.0 * 64 * 1024 * 1024 * 8};

/// How a figure was measured.
struct Conditions {
  bool fast = false;  // the memory on the package
  hw::MemoryMode memory_mode = hw::MemoryMode::Flat;
  hw::ClusterMode cluster_mode = hw::ClusterMode::Quadrant;
  std::int64_t threads = 0;
};

template <class E>
E choice(const CsvRow& line, std::string_view column, Diagnostics& diagnostics) {
  E value{};
  std::vector<std::string_view> known;
  for (const auto& candidate : choices(E{})) {
    if (line.text(column) == candidate.name) return candidate.value;
    known.push_back(candidate.name);
  }
  diagnostics.error(line.place(),
                    column,
                    fmt::format("unknown word {}{}",
                                in_quotes(line.text(column)),
                                did_you_mean(line.text(column), known)));
  return value;
}

/// A rank that is bound to the main memory runs as on a node that has no other.
hw::ManyCoreCpu bound(hw::ManyCoreCpu cpu, bool fast) {
  if (!fast) cpu.fast_memory.reset();
  return cpu;
}

/// Ranges are those of times, and a rate is high where the time is low.
models::Residual of_a_rate(const models::Residual& time) {
  return {1 / time.high, 1 / time.low, time.source};
}

class MemorySuite {
 public:
  explicit MemorySuite(const Setting& setting) : setting_(setting), parts_(setting) {}

  models::Validation run() {
    const std::filesystem::path file = setting_.data / (std::string(kFile) + ".csv");
    if (std::filesystem::exists(file)) {
      const CsvColumns columns{{"source_row",
                                "key",
                                "machine",
                                "metric",
                                "kernel",
                                "memory",
                                "memory_mode",
                                "cluster_mode",
                                "threads",
                                "value",
                                "unit"},
                               {"flag"}};
      for (const CsvRow& line : read_csv(file, columns, diagnostics_)) read(line);
    }
    diagnostics_.throw_if_any();
    return validation("memory", setting_, parts_.calibrations(), parts_.level(), std::move(rows_));
  }

 private:
  void read(const CsvRow& line) {
    Conditions conditions;
    conditions.fast = line.text("memory") != "ddr";
    conditions.memory_mode = choice<hw::MemoryMode>(line, "memory_mode", diagnostics_);
    conditions.cluster_mode = choice<hw::ClusterMode>(line, "cluster_mode", diagnostics_);
    if (line.given("threads")) conditions.threads = line.count("threads", diagnostics_);
    const bool latency = line.text("metric") == "latency";
    ValidationRow row = new_row(line, latency);
    const models::SoftwareStack& stack = **parts_.stack(kStack);
    const auto residual = stack.calibration->residual(models::OperationClass::ElementWise);
    const hw::ManyCoreCpu* cpu = cpu_of(parts_.node(line.text("machine")));
    if (!cpu) {
      set_aside(row, "the catalog has no processor " + line.text("machine"));
    } else if (conditions.threads > cpu->cores) {
      set_aside(row, "several threads on a core are not modelled");
    } else if (const auto value = predicted(*cpu, conditions, latency)) {
      predict(row, *value, latency ? residual : of_a_rate(residual));
    } else {
      set_aside(row, "the node has no such memory");
    }
    set_aside(row, line.text("flag"));
    rows_.push_back(std::move(row));
  }

  static std::optional<double> predicted(const hw::ManyCoreCpu& node,
                                         const Conditions& conditions,
                                         bool latency) {
    if (conditions.fast && !node.fast_memory) return std::nullopt;
    const hw::ManyCoreCpu cpu = bound(node, conditions.fast);
    if (latency) {
      return (conditions.fast ? *cpu.fast_memory : cpu.main_memory).latency.value.value();
    }
    const int threads = conditions.threads > 0 ? static_cast<int>(conditions.threads) : cpu.cores;
    const models::MemoryService service = models::memory_service(
        cpu, conditions.memory_mode, conditions.cluster_mode, threads, 1, kFootprint);
    return service.bandwidth.value();
  }

  ValidationRow new_row(const CsvRow& line, bool latency) {
    ValidationRow row;
    row.table = kFile;
    row.group = line.text("machine") + ' ' + line.text("metric");
    row.source_row = line.count("source_row", diagnostics_);
    row.label = fmt::format("{} {}, {}, {}",
                            line.text("memory"),
                            line.text("kernel"),
                            line.text("memory_mode"),
                            line.text("cluster_mode"));
    if (line.given("threads")) row.label += fmt::format(", {} threads", line.text("threads"));
    row.unit = latency ? "s" : "bytes/s";
    line.positive("value", diagnostics_);
    const std::string text = line.text("value") + ' ' + line.text("unit");
    const auto value = parse_quantity(text,
                                      latency ? dimension_value<Seconds::dimension>()
                                              : dimension_value<BytesPerSecond::dimension>());
    if (!value) {
      diagnostics_.error(
          line.place(), "unit", fmt::format("{} is no {}", in_quotes(text), line.text("metric")));
    }
    row.measured = value.value_or(1);
    return row;
  }

  const Setting& setting_;
  Parts parts_;
  Diagnostics diagnostics_;
  std::vector<ValidationRow> rows_;
};

}  // namespace

models::Validation validate_memory(const Setting& setting) {
  return MemorySuite(setting).run();
}

}  // namespace omniphi::validation
