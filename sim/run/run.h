#pragma once

#include <array>
#include <string_view>

#include "hw/base/infeasible.h"
#include "models/report/report.h"
#include "sim/scenario/scenario.h"

namespace omniphi::sim {

/// Which executor answers.
enum class Fidelity { Analytical, Event };

constexpr auto choices(Fidelity) {
  return std::array{
      Choice<Fidelity>{"analytical", Fidelity::Analytical, "closed forms, microseconds"},
      Choice<Fidelity>{"event", Fidelity::Event, "every message of every rank, seconds"}};
}

/// Predicts a scenario, or says why it does not work. The report has passed the physical bounds.
/// Throws models::BoundViolation where a result breaks one: a mistake of ours, never printed.
Outcome<models::Report> run(const Scenario& scenario, Fidelity fidelity);

}  // namespace omniphi::sim
