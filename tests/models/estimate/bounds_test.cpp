#include "models/estimate/bounds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/estimate/estimate.h"
#include "tests/support/catalog_parts.h"
#include "tests/support/designs.h"

namespace omniphi::models {
namespace {

std::string violation(const auto& check) {
  try {
    check();
  } catch (const BoundViolation& error) {
    return error.what();
  }
  return "none";
}

TEST(Bounds, RefuseArithmeticAboveThePeak) {
  const hw::ManyCoreCpu cpu = test::cpu("knl-7250");
  Worker worker;
  worker.cpu = &cpu;
  worker.threads = 10;
  worker.memory.bandwidth = BytesPerSecond(1e9);
  PrimitiveTime time;
  time.total = Seconds(1);
  time.flops = Flops(10 * 64 * 1.4e9);
  EXPECT_EQ(violation([&] { check_bounds(time, worker); }), "none");
  time.flops = time.flops * 2;
  EXPECT_EQ(violation([&] { check_bounds(time, worker); }),
            "arithmetic of one rank: 1.792 Tflop is over the bound of 896 Gflop");
}

TEST(Bounds, RefuseTrafficAboveTheMemorysRate) {
  const hw::ManyCoreCpu cpu = test::cpu("knl-7250");
  Worker worker;
  worker.cpu = &cpu;
  worker.memory.bandwidth = BytesPerSecond(100e9);
  PrimitiveTime time;
  time.total = Seconds(1);
  time.bytes = Bytes(101e9);
  EXPECT_EQ(violation([&] { check_bounds(time, worker); }),
            "memory traffic of one rank: 101 GB is over the bound of 100 GB");
}

class BoundsOfAReport : public testing::Test {
 protected:
  Report report = std::get<Report>(estimate(test::quick_start().design));
  FlopsPerSecond peak{1e18};

  std::string broken() {
    return violation([&] { check_bounds(report, peak); });
  }
};

TEST_F(BoundsOfAReport, HoldForAnEstimate) {
  EXPECT_EQ(broken(), "none");
}

TEST_F(BoundsOfAReport, RefuseTimeThatIsNotTheSumOfItsParts) {
  report.time.front().time *= 1.01;
  EXPECT_THAT(broken(), testing::StartsWith("step time: the parts add up to "));
}

TEST_F(BoundsOfAReport, RefuseEnergyThatIsNotTheSumOfItsParts) {
  report.energy.front().energy.value *= 1.01;
  EXPECT_THAT(broken(), testing::StartsWith("energy of a step: the parts add up to "));
}

TEST_F(BoundsOfAReport, RefuseARangeThatDoesNotHoldTheValue) {
  report.power.low = report.power.high * 2;
  EXPECT_THAT(broken(), testing::StartsWith("power_w: "));
}

TEST_F(BoundsOfAReport, RefuseMoreMemoryThanThereIs) {
  report.main_memory = Bytes(1);
  report.fast_memory = Bytes(1);
  EXPECT_THAT(broken(), testing::StartsWith("memory footprint: "));
}

}  // namespace
}  // namespace omniphi::models
