#include "validation/calibrate/memory_fit.h"

#include <algorithm>
#include <functional>
#include <map>

#include "validation/compare/parts.h"

namespace omniphi::validation {

namespace {

/// How far a fit may go from the catalog's value: what needs more is another effect.
constexpr double kLargestFactor = 3;

/// A parameter of the memories of a processor.
struct Knob {
  std::string name;
  std::function<double(const hw::ManyCoreCpu&)> value;
  std::function<void(hw::ManyCoreCpu&, double)> set;
};

hw::Memory& main_of(hw::ManyCoreCpu& cpu) {
  return cpu.main_memory;
}

hw::Memory& fast_of(hw::ManyCoreCpu& cpu) {
  return *cpu.fast_memory;
}

void add_knobs(std::vector<Knob>& knobs,
               const std::string& prefix,
               hw::Memory& (*memory)(hw::ManyCoreCpu&)) {
  const auto of = [memory](const hw::ManyCoreCpu& cpu) {
    hw::ManyCoreCpu copy = cpu;
    return memory(copy);
  };
  knobs.push_back(
      {prefix + ".core_bandwidth",
       [of](const auto& cpu) { return of(cpu).core_bandwidth.value(); },
       [memory](auto& cpu, double value) { memory(cpu).core_bandwidth = BytesPerSecond(value); }});
  knobs.push_back({prefix + ".stream_bandwidth",
                   [of](const auto& cpu) { return of(cpu).stream_bandwidth.value.value(); },
                   [memory](auto& cpu, double value) {
                     memory(cpu).stream_bandwidth.value = BytesPerSecond(value);
                   }});
  knobs.push_back({prefix + ".row_streams",
                   [of](const auto& cpu) { return of(cpu).row_streams; },
                   [memory](auto& cpu, double value) { memory(cpu).row_streams = value; }});
}

std::vector<Knob> knobs() {
  std::vector<Knob> knobs;
  add_knobs(knobs, "fast_memory", fast_of);
  add_knobs(knobs, "main_memory", main_of);
  knobs.push_back({"bank_wait of both",
                   [](const auto& cpu) { return cpu.main_memory.bank_wait.value(); },
                   [](auto& cpu, double value) {
                     cpu.main_memory.bank_wait = Seconds(value);
                     cpu.fast_memory->bank_wait = Seconds(value);
                   }});
  return knobs;
}

hw::ManyCoreCpu turned(hw::ManyCoreCpu cpu,
                       const std::vector<Knob>& knobs,
                       const std::vector<double>& values) {
  for (std::size_t k = 0; k < knobs.size(); ++k) knobs[k].set(cpu, values[k]);
  return cpu;
}

double value_of(const MemoryObservation& seen, const hw::ManyCoreCpu& cpu) {
  const Outcome<double> outcome = seen.predict(cpu);
  const auto* value = std::get_if<double>(&outcome);
  if (!value) {
    throw ConfigError({Diagnostic{{}, "", std::get<Infeasible>(outcome).reason, seen.row.label}});
  }
  return *value;
}

MemoryFit::Score score(std::string group, const std::vector<Comparison>& rows) {
  return {std::move(group), static_cast<std::int64_t>(rows.size()), *error_summary(rows)};
}

hw::Memory carried_over(hw::Memory to, const hw::Memory& from) {
  const double rate = to.peak_bandwidth / from.peak_bandwidth;
  to.stream_bandwidth.value = from.stream_bandwidth.value * rate;
  to.cache_mode_bandwidth.value = from.cache_mode_bandwidth.value * rate;
  to.core_bandwidth = from.core_bandwidth * (from.latency.value / to.latency.value);
  to.bank_wait = from.bank_wait;
  to.row_streams = from.row_streams;
  return to;
}

}  // namespace

hw::ManyCoreCpu with_memory_of(hw::ManyCoreCpu cpu, const hw::ManyCoreCpu& from) {
  cpu.main_memory = carried_over(std::move(cpu.main_memory), from.main_memory);
  cpu.fast_memory = carried_over(std::move(*cpu.fast_memory), *from.fast_memory);
  return cpu;
}

MemoryFit fitted_memory(const Setting& setting) {
  const std::vector<MemoryObservation> observations = memory_observations(setting.data);
  std::vector<const MemoryObservation*> own;
  std::vector<FitRow> measured;
  for (const MemoryObservation& seen : observations) {
    if (!seen.fitted) continue;
    own.push_back(&seen);
    measured.push_back({"", seen.row.measured});
  }
  if (own.empty()) {
    throw ConfigError({Diagnostic{{}, "", setting.data.string() + ": no row to fit to", ""}});
  }
  Parts parts(setting);
  MemoryFit result;
  result.machine = own.front()->machine;
  const hw::ManyCoreCpu* described = cpu_of(parts.node(result.machine));
  if (!described || !described->fast_memory) {
    throw ConfigError({Diagnostic{
        {}, "", "the catalog has no processor " + result.machine + " with a fast memory", ""}});
  }
  const std::vector<Knob> knobs = validation::knobs();
  for (const Knob& knob : knobs) {
    const double value = knob.value(*described);
    result.parameters.push_back({knob.name, value, value / kLargestFactor, value * kLargestFactor});
  }
  const auto model = [&](std::size_t row, const std::vector<double>& values) {
    return value_of(*own[row], turned(*described, knobs, values));
  };
  result.fit = fitted(result.parameters, measured, model);

  const hw::ManyCoreCpu fit = turned(*described, knobs, result.fit.values);
  std::vector<Comparison> own_rows;
  for (const MemoryObservation* seen : own) {
    own_rows.push_back({seen->row.measured, value_of(*seen, fit)});
  }
  result.fitted = score(own.front()->row.group, own_rows);
  std::map<std::string, std::vector<Comparison>> groups;
  for (const MemoryObservation& seen : observations) {
    if (seen.fitted || !seen.row.note.empty() || seen.machine == result.machine) continue;
    const hw::ManyCoreCpu* cpu = cpu_of(parts.node(seen.machine));
    if (!cpu || !cpu->fast_memory) continue;
    groups[seen.row.group].push_back(
        {seen.row.measured, value_of(seen, with_memory_of(*cpu, fit))});
  }
  for (const auto& [group, rows] : groups) result.carried.push_back(score(group, rows));
  return result;
}

}  // namespace omniphi::validation
