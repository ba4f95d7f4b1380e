#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/report/json.h"
#include "sim/run/run.h"
#include "tests/sim/schema/validator.h"
#include "tests/support/designs.h"

namespace omniphi::test {
namespace {

nlohmann::json report(const std::vector<std::string>& changes = {}) {
  const auto outcome = sim::run(quick_start(changes), sim::Fidelity::Analytical);
  return nlohmann::json::parse(sim::report_json(std::get<models::Report>(outcome)));
}

TEST(ReportSchema, TakesWhatThePredictorWrites) {
  const Validator validator("report");
  EXPECT_EQ(validator.faults(report().dump()), "");
  EXPECT_EQ(validator.faults(report({"workload.dataset=synthetic", "cluster.nodes=1"}).dump()), "");
}

TEST(ReportSchema, RefusesAReportThatLacksAFigureOrHasAKeyOfItsOwn) {
  const Validator validator("report");
  nlohmann::json lacking = report();
  lacking.erase("step_time_s");
  EXPECT_NE(validator.faults(lacking.dump()), "");
  nlohmann::json extended = report();
  extended["colour"] = "red";
  EXPECT_NE(validator.faults(extended.dump()), "");
}

TEST(ReportSchema, RefusesAnotherVersionAndAnotherType) {
  const Validator validator("report");
  nlohmann::json later = report();
  later["omniphi_report"] = 2;
  EXPECT_NE(validator.faults(later.dump()), "");
  nlohmann::json worded = report();
  worded["power_w"]["value"] = "200 W";
  EXPECT_NE(validator.faults(worded.dump()), "");
}

TEST(ReportSchema, EchoesAScenarioThatFitsTheScenarioSchema) {
  EXPECT_EQ(Validator("scenario").faults(report()["scenario"].dump()), "");
}

}  // namespace
}  // namespace omniphi::test
