#include "validation/calibrate/calibrate.h"

#include <gtest/gtest.h>

#include "tests/support/catalog_parts.h"

namespace omniphi::validation {
namespace {

using models::Calibration;
using models::GpuKernelCosts;
using models::OperationClass;

/// A row of a machine that follows `truth`: a start and work at a share of the full rate.
Observation kernel(int number, const Calibration& truth) {
  const double work = 1e-5 * (1 << (number % 10));
  Observation seen;
  seen.family = "family" + std::to_string(number);
  seen.operation = OperationClass::MatrixProduct;
  seen.row.table = "made_gemm";
  seen.record = "made";
  seen.predict = [work](const Calibration& c) {
    return c.region_start.value.value() + work / c.compute_efficiency.value;
  };
  seen.row.measured = seen.predict(truth);
  return seen;
}

class Calibrated : public testing::Test {
 protected:
  Calibration start = *test::stack("intel-caffe-mlsl").calibration;
  Calibration truth = start;
  std::vector<Observation> observations;

  void SetUp() override {
    truth.region_start.value = Seconds(8e-6);
    truth.compute_efficiency.value = 0.7;
    for (int i = 0; i < 20; ++i) observations.push_back(kernel(i, truth));
  }
};

TEST_F(Calibrated, FindsTheParametersOfAMachineThatFollowsTheModel) {
  const CalibrationResult result = calibrated(observations, "made", start, 5);
  EXPECT_NEAR(result.calibration.region_start.value.value(), 8e-6, 1e-8);
  EXPECT_NEAR(result.calibration.compute_efficiency.value, 0.7, 1e-3);
  EXPECT_EQ(result.calibration.compute_efficiency.basis, Basis::Calibrated);
  ASSERT_EQ(result.groups.size(), 1);  // no messages were measured
  EXPECT_EQ(result.calibration.message_overhead.value, start.message_overhead.value);
  EXPECT_LT(result.groups[0].folds.front().errors.mape, 1e-3);
}

TEST_F(Calibrated, StatesTheSpreadOfRowsThatItHasNotSeen) {
  // Every other row takes a fifth longer than the model can say.
  for (std::size_t i = 0; i < observations.size(); i += 2) observations[i].row.measured *= 1.2;
  const Calibration result = calibrated(observations, "made", start, 5).calibration;
  const models::Residual range = result.residual(OperationClass::MatrixProduct);
  EXPECT_GT(range.high / range.low, 1.1);
  EXPECT_LT(range.high / range.low, 1.4);
  EXPECT_LE(range.low, 1);
  EXPECT_GE(range.high, 1);
}

TEST_F(Calibrated, DoesNotLearnFromFlaggedRowsNorFromThoseOfOtherRecords) {
  for (std::size_t i = 0; i < 5; ++i) {
    observations[i].row.measured *= 10;
    observations[i].row.note = "reference_path";
    observations[19 - i].row.measured *= 10;
    observations[19 - i].record = "another";
  }
  const Calibration result = calibrated(observations, "made", start, 5).calibration;
  EXPECT_NEAR(result.compute_efficiency.value, 0.7, 1e-3);
}

TEST_F(Calibrated, SaysWhatTheStartLacks) {
  for (Observation& seen : observations) seen.node_kind = hw::Gpu::kind;
  try {
    calibrated(observations, "made", start, 5);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "the record to start from has no value for gpu.kernel_start");
  }
}

TEST_F(Calibrated, FitsGraphicsProcessorsByParametersOfTheirOwn) {
  GpuKernelCosts costs;
  costs.kernel_start.value = Seconds(3e-6);
  costs.convolution_start.value = Seconds(15e-6);
  costs.operand_cost.value = 3;
  costs.loop_stall.value = 15;
  costs.row_interval.value = Seconds(7e-9);
  for (auto* share : {&costs.gather_efficiency,
                      &costs.strided_gradient_efficiency,
                      &costs.pointwise_gradient_efficiency,
                      &costs.winograd_efficiency}) {
    share->value = 0.5;
  }
  start.gpu = costs;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    Observation& seen = observations[i];
    seen.node_kind = hw::Gpu::kind;
    const double work = 1e-5 * (1 << (i % 10));
    seen.predict = [work](const Calibration& c) {
      return c.gpu->kernel_start.value.value() + work / c.stream_efficiency.value;
    };
    seen.row.measured = 8e-6 + work / 0.7;
  }
  const CalibrationResult result = calibrated(observations, "made", start, 5);
  EXPECT_NEAR(result.calibration.gpu->kernel_start.value.value(), 8e-6, 1e-8);
  EXPECT_NEAR(result.calibration.stream_efficiency.value, 0.7, 1e-3);
  EXPECT_EQ(result.calibration.compute_efficiency.value, start.compute_efficiency.value);
  EXPECT_EQ(fitted_parameters(result.calibration, observations[0]), 10);
}

TEST_F(Calibrated, StatesOneRangeForAllThatMakesUpAStep) {
  for (std::size_t i = 0; i < observations.size(); ++i) {
    Observation& seen = observations[i];
    seen.operation = OperationClass::Step;
    if (i % 2 == 0) seen.row.measured *= 1.2;
  }
  const Calibration record = calibrated(observations, "made", start, 5).calibration;
  const models::Residual step = record.residual(OperationClass::Step);
  EXPECT_GT(step.high / step.low, 1.1);
  EXPECT_EQ(record.residual(OperationClass::ElementWise).low, step.low);
  EXPECT_EQ(record.residual(OperationClass::ConvolutionForward).high, step.high);
  EXPECT_EQ(record.residual(OperationClass::Collective).high,
            start.residual(OperationClass::Collective).high);
}

TEST_F(Calibrated, TakesRangesOfTimesFromRatesToo) {
  // As fast as the model says or 1.2 times: times of 1 / 1.2 to 1.
  for (std::size_t i = 0; i < observations.size(); ++i) {
    Observation& seen = observations[i];
    seen.rate = true;
    seen.predict = [time = seen.predict](const Calibration& c) { return 1 / time(c); };
    seen.row.measured = (i % 2 == 0 ? 1.2 : 1) / seen.row.measured;
  }
  const models::Residual rates = calibrated(observations, "made", start, 5)
                                     .calibration.residual(OperationClass::MatrixProduct);
  for (Observation& seen : observations) {
    seen.rate = false;
    seen.predict = [rate = seen.predict](const Calibration& c) { return 1 / rate(c); };
    seen.row.measured = 1 / seen.row.measured;
  }
  const models::Residual times = calibrated(observations, "made", start, 5)
                                     .calibration.residual(OperationClass::MatrixProduct);
  EXPECT_NEAR(rates.low, times.low, 1e-3);
  EXPECT_NEAR(rates.high, times.high, 1e-3);
}

TEST_F(Calibrated, KeepsTheStartWithoutRows) {
  const CalibrationResult result = calibrated(observations, "nothing", start, 5);
  EXPECT_TRUE(result.groups.empty());
  EXPECT_EQ(result.calibration.region_start.value, start.region_start.value);
}

}  // namespace
}  // namespace omniphi::validation
