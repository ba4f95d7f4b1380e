#include "validation/calibrate/score.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/catalog_parts.h"

namespace omniphi::validation {
namespace {

using models::Calibration;
using models::OperationClass;

const std::filesystem::path kShippedData =
    std::filesystem::path(OMNIPHI_SOURCE_DIR) / "validation/data";
constexpr int kFamilies = 20;

/// Two rows of each of twenty families, on a machine with a start and a share of the full rate.
class Unseen : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 2 * kFamilies; ++i) {
      const double work = 1e-5 * (1 << (i % 7));
      Observation seen;
      seen.family = "family" + std::to_string(i % kFamilies);
      seen.operation = OperationClass::MatrixProduct;
      seen.row.table = "made_gemm";
      seen.record = "made";
      seen.calibration = *test::stack("intel-caffe-mlsl").calibration;
      seen.predict = [work](const Calibration& c) {
        return c.region_start.value.value() + work / c.compute_efficiency.value;
      };
      // Errors of up to 8 %, the same in each run.
      seen.row.measured = (8e-6 + work / 0.7) * std::exp(0.08 * std::sin(37.0 * i));
      observations.push_back(std::move(seen));
    }
  }

  std::vector<models::ValidationRow> predicted() {
    std::vector<Observation> copy = observations;
    std::vector<Observation*> rows;
    for (Observation& seen : copy) rows.push_back(&seen);
    predict_unseen(rows, 5, 5);
    std::vector<models::ValidationRow> result;
    for (Observation& seen : copy) result.push_back(seen.row);
    return result;
  }

  std::vector<Observation> observations;
};

TEST_F(Unseen, RowsDoNotMoveTheirOwnPredictionNorItsRange) {
  const auto before = predicted();
  observations[3].row.measured *= 1.5;
  const auto after = predicted();
  EXPECT_EQ(after[3].predicted, before[3].predicted);
  EXPECT_EQ(after[3].low, before[3].low);
  EXPECT_EQ(after[3].high, before[3].high);
  // Nor those of their family, whose fold they share; others do move.
  EXPECT_EQ(after[3 + kFamilies].predicted, before[3 + kFamilies].predicted);
  EXPECT_EQ(after[3 + kFamilies].low, before[3 + kFamilies].low);
  EXPECT_NE(after[4].predicted, before[4].predicted);
}

TEST_F(Unseen, RowsWithAFlagArePredictedAndTeachNothing) {
  const auto before = predicted();
  observations[5].row.note = "reference_path";
  observations[5].row.measured *= 20;
  observations[5 + kFamilies].row.note = "reference_path";
  const auto after = predicted();
  EXPECT_TRUE(after[5].covered);
  EXPECT_FALSE(after[5].scored);
  EXPECT_NEAR(after[6].predicted / before[6].predicted, 1, 0.05);
}

TEST_F(Unseen, RowsLieInTheirRangeAboutAsOftenAsItStates) {
  int inside = 0;
  for (const auto& row : predicted()) {
    if (row.low <= row.measured && row.measured <= row.high) ++inside;
    EXPECT_EQ(row.fitted_parameters, 6);
  }
  EXPECT_GE(inside, 28);  // 70 % of 40
  EXPECT_LE(inside, 36);  // 90 %
}

/// The shipped rows, as `omniphi validate deepbench` scores them: what the models are held to.
class ShippedRows : public testing::Test {
 protected:
  static const models::ValidationTable& table(const std::string& name,
                                              const std::string& phase,
                                              const std::string& subset = "") {
    for (const auto& table : validation().tables) {
      if (table.table == name && table.phase == phase && table.subset == subset) return table;
    }
    throw std::logic_error("no table " + name + ' ' + phase + ' ' + subset);
  }

  static const models::Validation& validation() {
    static const models::Validation kValidation =
        validate_deepbench({test::catalog(), kShippedData / "deepbench", true, {}, {}});
    return kValidation;
  }

  static void expect_within(const models::ValidationTable& table, double mape) {
    EXPECT_LE(*table.mape, mape);
    EXPECT_LE(std::abs(*table.bias), 0.05);
    EXPECT_GE(*table.interval.coverage, 0.7);
    EXPECT_LE(*table.interval.coverage, 0.9);
    EXPECT_GE(table.interval.rows, 60);
  }
};

TEST_F(ShippedRows, OfMatrixProductsArePredictedWithoutHavingSeenThem) {
  expect_within(table("knl7250_gemm", ""), 0.07);
  expect_within(table("knl7250_gemm", "", "n >= 5000"), 0.04);
  expect_within(table("knl7250_gemm", "", "n <= 700"), 0.10);
}

TEST_F(ShippedRows, OfConvolutionsArePredictedWithoutHavingSeenThem) {
  expect_within(table("knl7250_conv", "fwd"), 0.13);
  expect_within(table("knl7250_conv", "bwd_inputs"), 0.15);
  expect_within(table("knl7250_conv", "bwd_params"), 0.16);
}

}  // namespace
}  // namespace omniphi::validation
