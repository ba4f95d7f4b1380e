#include "sim/report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run.h"
#include "tests/support/designs.h"

namespace omniphi::sim {
namespace {

TEST(TextTable, AlignsNumbersRightAndWordsLeft) {
  EXPECT_EQ(text_table({{"name", "count"}, {"a", "1"}, {"long", "1234"}}),
            "name  count\n"
            "a         1\n"
            "long   1234\n");
}

TEST(ReportText, NamesWhatItPromises) {
  const auto outcome = run(test::quick_start(), Fidelity::Analytical);
  const std::string text = report_text(std::get<models::Report>(outcome));
  for (const char* word : {"throughput",
                           "step time",
                           "exposed communication",
                           "energy per sample",
                           "power",
                           "capital cost",
                           "memory of a rank",
                           "accuracy (top-1)",
                           "limited by",
                           "25557032 parameters",
                           "4.089 GMAC",
                           "layers that cost most"}) {
    EXPECT_THAT(text, testing::HasSubstr(word));
  }
}

TEST(ReportText, SaysUnknownForWhatNobodyKnows) {
  const auto outcome = run(test::quick_start({"workload.dataset=synthetic"}), Fidelity::Analytical);
  EXPECT_THAT(report_text(std::get<models::Report>(outcome)),
              testing::ContainsRegex("accuracy \\(top-1\\) +unknown"));
}

}  // namespace
}  // namespace omniphi::sim
