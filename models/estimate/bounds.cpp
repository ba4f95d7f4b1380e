#include "models/estimate/bounds.h"

#include <cmath>

#include <fmt/format.h>

#include "hw/base/quantity_text.h"

namespace omniphi::models {

namespace {

/// Rounding of sums of a few thousand terms, and no more.
constexpr double kRounding = 1e-9;

template <class D>
void at_most(std::string_view what, Quantity<D> value, Quantity<D> bound) {
  if (value.value() <= bound.value() * (1 + kRounding)) return;
  throw BoundViolation(fmt::format(
      "{}: {} is over the bound of {}", what, short_text(value, 12), short_text(bound, 12)));
}

template <class D>
void equal(std::string_view what, Quantity<D> whole, Quantity<D> sum) {
  if (std::abs(whole.value() - sum.value()) <= kRounding * std::abs(whole.value())) return;
  throw BoundViolation(fmt::format(
      "{}: the parts add up to {}, not {}", what, short_text(sum, 12), short_text(whole, 12)));
}

double base_units(double number) {
  return number;
}

template <class D>
double base_units(Quantity<D> quantity) {
  return quantity.value();
}

void check_figures(const Report& report) {
  Report::visit_figures(report, [](std::string_view key, const auto& figure, std::string_view) {
    if (!figure.known()) return;
    const double low = base_units(figure.low);
    const double value = base_units(figure.value);
    const double high = base_units(figure.high);
    if (std::isfinite(low) && std::isfinite(value) && std::isfinite(high) && 0 <= low &&
        low <= value && value <= high) {
      return;
    }
    throw BoundViolation(
        fmt::format("{}: {} with range {} to {} is no figure", key, value, low, high));
  });
}

}  // namespace

void check_bounds(const PrimitiveTime& time, const Worker& worker) {
  const hw::ManyCoreCpu& cpu = *worker.cpu;
  const FlopsPerSecond peak =
      Flops(worker.threads * cpu.core_flop_per_cycle(worker.format)) * cpu.clock.nominal;
  at_most("arithmetic of one rank", time.flops, peak * time.total);
  // STREAM figures are what programs reach of the interfaces; reads and writes together may top the
  // nominal rate.
  at_most("memory traffic of one rank", time.bytes, worker.memory.bandwidth * time.total);
}

void check_bounds(const PrimitiveTime& time, const GpuWorker& worker) {
  at_most("arithmetic of one device", time.flops, worker.gpu->peak(worker.format) * time.total);
  at_most("memory traffic of one device",
          time.bytes,
          worker.gpu->memory.stream_bandwidth.value * time.total);
}

void check_bounds(const CollectiveTime& time, const hw::FabricGraph& fabric) {
  if (!time.busiest_arc) return;
  at_most("busiest link of a collective",
          time.busiest_arc_bytes,
          fabric.link(*time.busiest_arc).bandwidth * time.total);
}

void check_bounds(const Report& report, FlopsPerSecond peak) {
  check_figures(report);
  Seconds time{};
  for (const TimeShare& share : report.time) time += share.time;
  equal("step time", report.step_time.value, time);
  Joules energy{};
  for (const EnergyShare& share : report.energy) energy += share.energy.value;
  equal("energy of a step", report.power.value * report.step_time.value, energy);
  Usd price{};
  for (const PriceShare& share : report.price) price += share.price.value;
  equal("capital cost", report.capital_cost.value, price);
  Bytes memory{};
  for (const MemoryShare& share : report.memory) memory += share.bytes;
  equal("memory footprint", report.memory_footprint.value, memory);
  at_most(
      "memory footprint", report.memory_footprint.value, report.fast_memory + report.main_memory);
  at_most("arithmetic of all ranks", report.achieved, peak);
  if (!(report.step_time.value > Seconds(0)))
    throw BoundViolation("step time: a step takes no time");
}

}  // namespace omniphi::models
