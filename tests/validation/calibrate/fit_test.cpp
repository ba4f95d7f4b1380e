#include "validation/calibrate/fit.h"

#include <cmath>

#include <gtest/gtest.h>

namespace omniphi::validation {
namespace {

/// t = start + size / rate, the sizes being 1, 2, 4, ...
double time_of(std::size_t row, const std::vector<double>& values) {
  return values[0] + std::pow(2.0, static_cast<double>(row)) / values[1];
}

const std::vector<FitParameter> kStartAndRate{{"start", 1, 0.01, 100}, {"rate", 1, 0.01, 100}};

std::vector<FitRow> measured(std::size_t count, const std::vector<double>& truth) {
  std::vector<FitRow> rows;
  for (std::size_t row = 0; row < count; ++row)
    rows.push_back({"family" + std::to_string(row), time_of(row, truth)});
  return rows;
}

TEST(Fit, FindsTheParametersOfExactData) {
  const Fit fit = fitted(kStartAndRate, measured(10, {3, 7}), time_of);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.values[0], 3, 1e-4);
  EXPECT_NEAR(fit.values[1], 7, 1e-4);
  EXPECT_NEAR(fit.residual_deviation, 0, 1e-5);
}

TEST(Fit, IsHardlyMovedByOneStrayRow) {
  std::vector<FitRow> rows = measured(12, {3, 7});
  rows[6].measured *= 5;
  const Fit fit = fitted(kStartAndRate, rows, time_of);
  EXPECT_NEAR(fit.values[0], 3, 0.15);
  EXPECT_NEAR(fit.values[1], 7, 0.5);
}

TEST(Fit, KeepsToItsBounds) {
  const std::vector<FitParameter> narrow{{"start", 1, 0.5, 2}, {"rate", 1, 0.01, 100}};
  const Fit fit = fitted(narrow, measured(10, {3, 7}), time_of);
  EXPECT_NEAR(fit.values[0], 2, 1e-3);
  EXPECT_TRUE(std::isinf(fit.log_deviation[0]));
}

TEST(Fit, SaysThatRowsDoNotDetermineAParameter) {
  // With sizes of 2^30 and more the start of 3 is nothing: its deviation is far above that of the
  // rate.
  const FitModel large = [](std::size_t row, const std::vector<double>& values) {
    return time_of(row + 30, values);
  };
  std::vector<FitRow> rows;
  for (std::size_t row = 0; row < 8; ++row) {
    rows.push_back({"f" + std::to_string(row), large(row, {3, 7}) * (row % 2 ? 1.01 : 0.99)});
  }
  const Fit fit = fitted(kStartAndRate, rows, large);
  EXPECT_LT(fit.log_deviation[1], 0.02);
  EXPECT_GT(fit.log_deviation[0], 100 * fit.log_deviation[1]);
}

TEST(Fit, HasTheStandardErrorOfAMean) {
  // One factor fitted to rows off by +-10 %: its logarithm is their mean, with deviation s /
  // sqrt(n).
  const FitModel factor = [](std::size_t, const std::vector<double>& values) { return values[0]; };
  std::vector<FitRow> rows;
  for (int i = 0; i < 8; ++i)
    rows.push_back({"f" + std::to_string(i), i % 2 ? std::exp(0.05) : std::exp(-0.05)});
  const Fit fit = fitted({{"factor", 1.5, 0.1, 10}}, rows, factor);
  EXPECT_NEAR(fit.values[0], 1, 1e-6);
  const double s = 0.05 * std::sqrt(8.0 / 7.0);
  EXPECT_NEAR(fit.residual_deviation, s, 1e-6);
  EXPECT_NEAR(fit.log_deviation[0], s / std::sqrt(8.0), 1e-6);
}

TEST(CrossValidated, PredictsEachFamilyFromTheOthersAlone) {
  // Two families, a constant each: what one holds can only be predicted as what the other holds.
  const FitModel constant = [](std::size_t, const std::vector<double>& values) {
    return values[0];
  };
  const std::vector<FitRow> rows{{"a", 2}, {"b", 8}, {"a", 2}, {"b", 8}};
  const auto predicted = cross_validated({{"constant", 3, 0.1, 100}}, rows, constant, 2);
  EXPECT_NEAR(predicted[0], 8, 1e-3);
  EXPECT_NEAR(predicted[1], 2, 1e-3);
  EXPECT_NEAR(predicted[2], 8, 1e-3);
}

TEST(CrossValidated, RefusesMoreFoldsThanFamilies) {
  const FitModel constant = [](std::size_t, const std::vector<double>& values) {
    return values[0];
  };
  EXPECT_THROW(cross_validated({{"c", 1, 0.1, 10}}, {{"a", 1}, {"a", 1}}, constant, 2),
               std::invalid_argument);
}

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(quantile({4, 1, 3, 2}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile({1, 2, 3, 4, 5}, 0.1), 1.4);
  EXPECT_DOUBLE_EQ(quantile({7}, 0.9), 7);
  EXPECT_THROW(quantile({}, 0.5), std::invalid_argument);
}

}  // namespace
}  // namespace omniphi::validation
