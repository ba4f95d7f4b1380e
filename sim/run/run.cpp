#include "sim/run/run.h"

#include <variant>

#include "models/estimate/estimate.h"
#include "sim/event/simulate.h"

namespace omniphi::sim {

Outcome<models::Report> run(const Scenario& scenario, Fidelity fidelity) {
  Outcome<models::Report> outcome;
  switch (fidelity) {
    case Fidelity::Analytical:
      outcome = models::estimate(scenario.design);
      break;
    case Fidelity::Event:
      outcome = simulate(scenario.design);
      break;
  }
  if (auto* report = std::get_if<models::Report>(&outcome)) {
    report->name = scenario.name;
    report->scenario = write_scenario(scenario);
  }
  return outcome;
}

}  // namespace omniphi::sim
