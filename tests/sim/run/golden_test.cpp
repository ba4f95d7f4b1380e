#include <cmath>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/report/json.h"
#include "sim/run/run.h"
#include "tests/support/catalog_parts.h"

namespace omniphi::sim {
namespace {

const std::filesystem::path kSource = OMNIPHI_SOURCE_DIR;

/// Every number of `expected` that stands in `actual` too is the same, but for rounding.
void expect_same(const nlohmann::json& expected,
                 const nlohmann::json& actual,
                 const std::string& path) {
  if (expected.is_number()) {
    ASSERT_TRUE(actual.is_number()) << path;
    const double value = expected.get<double>();
    EXPECT_NEAR(actual.get<double>(), value, 1e-9 * std::abs(value)) << path;
  } else if (expected.is_structured()) {
    ASSERT_EQ(actual.size(), expected.size()) << path;
    for (const auto& [key, value] : expected.items()) {
      const nlohmann::json::json_pointer pointer("/" + key);
      ASSERT_TRUE(actual.contains(pointer)) << path << '/' << key;
      expect_same(value, actual.at(pointer), path + '/' + key);
    }
  } else {
    EXPECT_EQ(actual, expected) << path;
  }
}

/// What is shipped answers as it did. After a change that was meant to change answers, read the
/// difference, and store it by: omniphi predict scenarios/NAME.yaml --json tests/golden/NAME.json
TEST(Scenarios, AnswerAsStored) {
  int compared = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "scenarios")) {
    if (entry.path().extension() != ".yaml") continue;
    const auto outcome =
        run(read_scenario(entry.path(), {}, test::catalog()), Fidelity::Analytical);
    const std::string name = entry.path().stem().string() + ".json";
    std::ifstream stored(kSource / "tests/golden" / name);
    ASSERT_TRUE(stored) << "no tests/golden/" << name;
    expect_same(nlohmann::json::parse(stored),
                nlohmann::json::parse(report_json(std::get<models::Report>(outcome))),
                name);
    ++compared;
  }
  EXPECT_GE(compared, 2);
}

}  // namespace
}  // namespace omniphi::sim
