#include "sim/report/json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/run/run.h"
#include "tests/support/designs.h"

namespace omniphi::sim {
namespace {

nlohmann::json quick_start_json(const std::vector<std::string>& changes = {}) {
  const auto outcome = run(test::quick_start(changes), Fidelity::Analytical);
  return nlohmann::json::parse(report_json(std::get<models::Report>(outcome)));
}

TEST(ReportJson, HasEveryFigureOfTheContractAtItsTop) {
  const nlohmann::json json = quick_start_json();
  for (const char* key : {"throughput_samples_per_s",
                          "step_time_s",
                          "exposed_communication_s",
                          "energy_per_sample_j",
                          "power_w",
                          "capital_cost_usd",
                          "accuracy",
                          "memory_footprint_bytes"}) {
    ASSERT_TRUE(json.contains(key)) << key;
    const nlohmann::json& figure = json[key];
    EXPECT_LE(figure["low"], figure["value"]) << key;
    EXPECT_LE(figure["value"], figure["high"]) << key;
    EXPECT_TRUE(figure["basis"].is_string()) << key;
  }
  EXPECT_TRUE(json["limited_by"].is_string());
  EXPECT_EQ(json["omniphi_report"], 1);
  EXPECT_EQ(json["parameters"], 25557032);
}

TEST(ReportJson, GivesNoValueToWhatIsUnknown) {
  const nlohmann::json accuracy = quick_start_json({"workload.dataset=synthetic"})["accuracy"];
  EXPECT_EQ(accuracy, nlohmann::json({{"basis", "unknown"}}));
}

TEST(ReportJson, EchoesTheScenarioWithItsDefaults) {
  const nlohmann::json scenario = quick_start_json({"cluster.nodes=16"})["scenario"];
  EXPECT_EQ(scenario["cluster"]["nodes"], 16);
  EXPECT_EQ(scenario["cluster"]["node"], "knl-7250f");
  EXPECT_EQ(scenario["mapping"]["bucket"], "25 MB");
  EXPECT_EQ(scenario["prices"], "default");
}

TEST(ReportJson, ListsLayersAndSums) {
  const nlohmann::json json = quick_start_json();
  double macs = 0;
  for (const auto& layer : json["layers"]) macs += layer["macs_per_sample"].get<double>();
  EXPECT_EQ(macs, 4089184256.0);
  double bytes = 0;
  for (const auto& sum : json["collectives"]) bytes += sum["payload_bytes"].get<double>();
  EXPECT_EQ(bytes, 4.0 * 25557032);
}

TEST(ConfigJson, GivesScalarsTheirTypes) {
  ConfigNode tree = ConfigNode::map();
  tree.set("whole", ConfigNode::text("12"));
  tree.set("real", ConfigNode::text("0.5"));
  tree.set("truth", ConfigNode::text("true"));
  tree.set("rate", ConfigNode::text("12.5 GB/s"));
  ConfigNode quoted = ConfigNode::text("12");
  quoted.quoted = true;
  tree.set("text", quoted);
  EXPECT_EQ(
      nlohmann::json::parse(config_json(tree)),
      nlohmann::json(
          {{"whole", 12}, {"real", 0.5}, {"truth", true}, {"rate", "12.5 GB/s"}, {"text", "12"}}));
}

}  // namespace
}  // namespace omniphi::sim
