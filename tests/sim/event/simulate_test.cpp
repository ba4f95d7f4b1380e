#include "sim/event/simulate.h"

#include <gtest/gtest.h>

#include "models/estimate/estimate.h"
#include "tests/support/designs.h"

namespace omniphi::sim {
namespace {

models::Report simulated(const std::vector<std::string>& changes) {
  return std::get<models::Report>(simulate(test::quick_start(changes).design));
}

models::Report estimated(const std::vector<std::string>& changes) {
  return std::get<models::Report>(models::estimate(test::quick_start(changes).design));
}

TEST(Simulate, AgreesWithTheClosedFormsOnTheQuickStart) {
  const models::Report event = simulated({});
  const models::Report closed = estimated({});
  EXPECT_EQ(event.executor, "event");
  EXPECT_NEAR(event.step_time.value / closed.step_time.value, 1, 0.05);
  EXPECT_NEAR(event.step_time.low / closed.step_time.low, 1, 0.05);
  EXPECT_NEAR(event.step_time.high / closed.step_time.high, 1, 0.05);
  EXPECT_EQ(event.memory_footprint.value, closed.memory_footprint.value);
}

TEST(Simulate, NeedsNoFabricForOneNode) {
  EXPECT_EQ(simulated({"cluster.nodes=1"}).step_time.value,
            estimated({"cluster.nodes=1"}).step_time.value);
}

TEST(Simulate, ExposesAllCommunicationWithoutOverlap) {
  const std::vector<std::string> changes{"cluster.nodes=16", "mapping.overlap=false"};
  const double event = simulated(changes).exposed_communication.value.value();
  EXPECT_NEAR(event / estimated(changes).exposed_communication.value.value(), 1, 0.05);
  EXPECT_GT(event, simulated({"cluster.nodes=16"}).exposed_communication.value.value());
}

TEST(Simulate, GivesTheSameAnswerTwice) {
  EXPECT_EQ(simulated({"cluster.nodes=24"}).step_time.value,
            simulated({"cluster.nodes=24"}).step_time.value);
}

TEST(Simulate, FollowsEachAllReduce) {
  for (const std::string_view name : models::algorithm_names(models::Collective::AllReduce)) {
    const std::vector<std::string> changes{"cluster.nodes=12",
                                           "mapping.all_reduce=" + std::string(name)};
    EXPECT_NEAR(simulated(changes).step_time.value / estimated(changes).step_time.value, 1, 0.1)
        << name;
  }
}

}  // namespace
}  // namespace omniphi::sim
