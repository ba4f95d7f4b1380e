#include "validation/compare/statistics.h"

#include <gtest/gtest.h>

namespace omniphi::validation {
namespace {

using models::ValidationRow;
using models::ValidationTable;

ValidationRow scored_row(const std::string& table, double measured, double predicted) {
  ValidationRow row;
  row.table = table;
  row.measured = measured;
  row.predicted = predicted;
  row.low = predicted / 2;
  row.high = predicted * 2;
  row.covered = true;
  row.scored = true;
  return row;
}

TEST(ErrorSummary, IsThatOfFourRowsWorkedByHand) {
  // Relative errors +10 %, -20 %, +50 %, 0: APE 0.1, 0.2, 0.5, 0.
  const auto summary = error_summary({{10, 11}, {10, 8}, {2, 3}, {7, 7}});
  ASSERT_TRUE(summary);
  EXPECT_DOUBLE_EQ(summary->mape, 0.2);         // 0.8 / 4
  EXPECT_DOUBLE_EQ(summary->median_ape, 0.15);  // between 0.1 and 0.2
  EXPECT_DOUBLE_EQ(summary->max_ape, 0.5);
  EXPECT_DOUBLE_EQ(summary->bias, 0.1);  // (0.1 - 0.2 + 0.5) / 4
}

TEST(ErrorSummary, TakesTheMiddleOfAnOddNumberOfRows) {
  EXPECT_DOUBLE_EQ(error_summary({{1, 1.5}, {1, 1.25}, {1, 5}})->median_ape, 0.5);
}

TEST(ErrorSummary, IsTheSameInAnyUnit) {
  const auto seconds = error_summary({{2, 3}, {4, 3}});
  const auto milliseconds = error_summary({{2000, 3000}, {4000, 3000}});
  EXPECT_DOUBLE_EQ(seconds->mape, milliseconds->mape);
  EXPECT_DOUBLE_EQ(seconds->bias, milliseconds->bias);
}

TEST(ErrorSummary, DoesNotExistWithoutRows) {
  EXPECT_FALSE(error_summary({}));
}

TEST(Tabulated, CountsScoredFlaggedAndUncoveredRows) {
  ValidationRow flagged = scored_row("gemm", 1, 100);
  flagged.scored = false;
  flagged.note = "duplicate";
  ValidationRow uncovered = scored_row("gemm", 1, 100);
  uncovered.scored = uncovered.covered = false;
  const auto tables =
      tabulated({scored_row("gemm", 1, 1.5), flagged, uncovered, scored_row("gemm", 1, 1)}, 0.8);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].rows, 4);
  EXPECT_EQ(tables[0].scored, 2);
  EXPECT_EQ(tables[0].not_covered, 1);
  EXPECT_DOUBLE_EQ(*tables[0].mape, 0.25);  // of 0.5 and 0 alone
}

TEST(Tabulated, HasATableForEachFilePhaseAndGroupInTheirOrder) {
  std::vector<ValidationRow> rows{
      scored_row("b", 1, 1), scored_row("a", 1, 1), scored_row("a", 1, 1), scored_row("b", 1, 2)};
  rows[1].phase = "fwd";
  rows[2].group = "knl";
  const auto tables = tabulated(rows, 0.8);
  ASSERT_EQ(tables.size(), 3u);
  EXPECT_EQ(tables[0].table, "b");
  EXPECT_EQ(tables[0].rows, 2);
  EXPECT_EQ(tables[1].phase, "fwd");
  EXPECT_EQ(tables[2].group, "knl");
}

TEST(Tabulated, HasNoErrorsWhereNothingIsScored) {
  ValidationRow row = scored_row("gemm", 1, 1);
  row.scored = row.covered = false;
  const auto tables = tabulated({row}, 0.8);
  EXPECT_FALSE(tables[0].mape);
  EXPECT_FALSE(tables[0].bias);
  EXPECT_FALSE(tables[0].interval.coverage);
  EXPECT_EQ(tables[0].interval.rows, 0);
}

TEST(Tabulated, ScoresTheBaselineOnTheSameRows) {
  ValidationRow row = scored_row("gemm", 2, 2);
  row.baseline = 1;
  EXPECT_DOUBLE_EQ(*tabulated({row}, 0.8)[0].baseline_mape, 0.5);
  EXPECT_FALSE(tabulated({scored_row("gemm", 2, 2)}, 0.8)[0].baseline_mape);
}

/// `rows` rows of which `hits` lie in their range.
void add(std::vector<ValidationRow>& out, const std::string& table, int rows, int hits) {
  for (int r = 0; r < rows; ++r) out.push_back(scored_row(table, r < hits ? 1 : 10, 1));
}

TEST(IntervalCoverage, IsATablesOwnFromSixtyRowsOn) {
  std::vector<ValidationRow> rows;
  add(rows, "large", 60, 45);
  const auto tables = tabulated(rows, 0.8);
  EXPECT_DOUBLE_EQ(*tables[0].interval.coverage, 0.75);
  EXPECT_EQ(tables[0].interval.rows, 60);
  EXPECT_DOUBLE_EQ(tables[0].interval.level, 0.8);
}

TEST(IntervalCoverage, IsSharedBySmallTablesUntilTheyHaveSixtyRows) {
  std::vector<ValidationRow> rows;
  add(rows, "a", 20, 20);
  add(rows, "large", 100, 10);
  add(rows, "b", 40, 10);  // a and b: 30 of 60
  add(rows, "c", 4, 4);    // joins them: 34 of 64
  const auto tables = tabulated(rows, 0.8);
  EXPECT_DOUBLE_EQ(*tables[0].interval.coverage, 34.0 / 64);
  EXPECT_DOUBLE_EQ(*tables[1].interval.coverage, 0.1);
  EXPECT_DOUBLE_EQ(*tables[2].interval.coverage, 34.0 / 64);
  EXPECT_EQ(tables[3].interval.rows, 64);
}

TEST(IntervalCoverage, SaysHowFewRowsItHasInASmallSuite) {
  std::vector<ValidationRow> rows;
  add(rows, "a", 3, 3);
  add(rows, "b", 1, 0);
  const auto tables = tabulated(rows, 0.8);
  EXPECT_DOUBLE_EQ(*tables[0].interval.coverage, 0.75);
  EXPECT_EQ(tables[1].interval.rows, 4);
}

TEST(Subsets, AreCountedInTheirTableAndInOneOfTheirOwn) {
  std::vector<ValidationRow> rows{
      scored_row("gemm", 1, 1), scored_row("gemm", 2, 1), scored_row("conv", 1, 1)};
  rows[1].subset = "small";
  rows[1].fitted_parameters = 6;
  const auto tables = tabulated(rows, 0.8);
  ASSERT_EQ(tables.size(), 3u);
  EXPECT_EQ(tables[0].rows, 2);
  EXPECT_DOUBLE_EQ(*tables[0].mape, 0.25);  // of 0 and of 1 / 2
  EXPECT_EQ(tables[0].fitted_parameters, 6);
  EXPECT_EQ(tables[1].table, "gemm");
  EXPECT_EQ(tables[1].subset, "small");
  EXPECT_EQ(tables[1].rows, 1);
  EXPECT_DOUBLE_EQ(*tables[1].mape, 0.5);
  EXPECT_EQ(tables[2].table, "conv");
}

TEST(Subsets, HaveTheCoverageOfTheirTableUntilTheyHaveSixtyRows) {
  std::vector<ValidationRow> rows;
  add(rows, "gemm", 100, 90);
  for (std::size_t r = 0; r < 20; ++r) rows[r].subset = "few";
  for (std::size_t r = 20; r < 100; ++r) rows[r].subset = "many";  // 70 of 80 in their range
  const auto tables = tabulated(rows, 0.8);
  ASSERT_EQ(tables.size(), 3u);
  EXPECT_DOUBLE_EQ(*tables[0].interval.coverage, 0.9);
  EXPECT_DOUBLE_EQ(*tables[1].interval.coverage, 0.9);
  EXPECT_EQ(tables[1].interval.rows, 100);
  EXPECT_DOUBLE_EQ(*tables[2].interval.coverage, 70.0 / 80);
  EXPECT_EQ(tables[2].interval.rows, 80);
}

}  // namespace
}  // namespace omniphi::validation
