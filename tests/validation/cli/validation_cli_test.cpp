#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "tests/support/scratch_directory.h"

namespace {

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// `omniphi validate`, as users run it: through the program beside it.
class Validate : public testing::Test {
 protected:
  struct Result {
    int status = 0;
    std::string out;
    std::string err;
  };

  [[nodiscard]] Result run(const std::string& arguments,
                           const std::string& program = "validate") const {
    const std::string command = "cd '" + folder_.string() + "' && '" OMNIPHI_PROGRAM "' " +
                                program + ' ' + arguments + " >out 2>err";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), contents(folder_ / "out"), contents(folder_ / "err")};
  }

  const omniphi::ScratchDirectory scratch_;
  const std::filesystem::path folder_ = scratch_.path();
};

TEST_F(Validate, GivesTheKeysThatScriptsRelyOn) {
  const Result result = run("deepbench --json -");
  ASSERT_EQ(result.status, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["suite"], "deepbench");
  EXPECT_EQ(json["fidelity"], "analytical");
  EXPECT_TRUE(json["data"].is_string());
  EXPECT_EQ(json["calibration"], "gpu-deepbench, knl-deepbench, knl-deepbench-impi");
  EXPECT_EQ(json["refits"], "refitted without each row's family, 5 folds");
  const auto& table = json["tables"][0];
  EXPECT_EQ(table["table"], "knl7250_gemm");
  EXPECT_TRUE(table["phase"].is_null());
  EXPECT_TRUE(table["group"].is_null());
  EXPECT_EQ(table["rows"], 106);
  EXPECT_EQ(table["scored"], 106);
  for (const char* key : {"mape", "median_ape", "max_ape", "bias"}) {
    EXPECT_TRUE(table[key].is_number()) << key;
  }
  EXPECT_EQ(table["fitted_parameters"], 6);
  EXPECT_TRUE(table["interval"]["level"].is_number());
  EXPECT_TRUE(table["interval"]["coverage"].is_number());
  const auto& row = json["rows"][0];
  EXPECT_EQ(row["table"], "knl7250_gemm");
  EXPECT_EQ(row["source_row"], 4);
  EXPECT_EQ(row["unit"], "s");
  EXPECT_EQ(row["scored"], true);
  EXPECT_DOUBLE_EQ(row["measured"], 0.0773564e-3);
  EXPECT_LT(row["low"], row["predicted"]);
  EXPECT_GT(row["high"], row["predicted"]);
}

TEST_F(Validate, HasATableForEachPhaseAndNullForWhatIsNotPredicted) {
  const auto json =
      nlohmann::json::parse(run("deepbench --calibration knl-deepbench --json -").out);
  std::vector<std::string> phases;
  for (const auto& table : json["tables"]) {
    if (table["table"] == "knl7250_conv") phases.push_back(table["phase"]);
  }
  EXPECT_THAT(phases, testing::ElementsAre("fwd", "bwd_inputs", "bwd_params"));
  for (const auto& row : json["rows"]) {
    if (row["covered"] == false) {
      EXPECT_TRUE(row["predicted"].is_null());
      EXPECT_EQ(row["scored"], false);
      EXPECT_TRUE(row["note"].is_string());
    }
  }
}

TEST_F(Validate, PrintsATableForPeople) {
  for (const char* suite : {"deepbench --calibration knl-deepbench", "published", "memory"}) {
    const Result result = run(suite);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, testing::HasSubstr("MAPE"));
  }
}

TEST_F(Validate, EndsWithTwoAndFileAndLineForAMalformedFile) {
  std::ofstream(folder_ / "knl7250_gemm.csv") << "source_row,m,n,k,time_ms\n4,1,2,3,x\n";
  const Result result = run("deepbench --data . --json out.json");
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "./knl7250_gemm.csv:2: time_ms: expected a number above 0, got \"x\"\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.json"));
}

TEST_F(Validate, EndsWithTwoForFoldersCalibrationsAndSuitesThatDoNotExist) {
  EXPECT_EQ(run("deepbench --data nowhere").err, "nowhere: no such folder of data\n");
  EXPECT_EQ(run("deepbench --data nowhere").status, 2);
  EXPECT_EQ(run("deepbench --calibration nothing").status, 2);
  EXPECT_EQ(run("deepbench --fidelity exact").status, 2);
  EXPECT_EQ(run("nonsense").status, 2);
}

TEST_F(Validate, WritesAPageOfAllSuitesThatKnowsNoClock) {
  const std::string page_of_a_day = "page --date 2025-01-02 --calibration knl-deepbench --output ";
  ASSERT_EQ(run(page_of_a_day + "a.md").status, 0);
  ASSERT_EQ(run(page_of_a_day + "b.md").status, 0);
  const std::string page = contents(folder_ / "a.md");
  EXPECT_EQ(page, contents(folder_ / "b.md"));
  EXPECT_THAT(page, testing::HasSubstr("2025-01-02"));
  for (const char* heading : {"## deepbench", "## published", "## memory"}) {
    EXPECT_THAT(page, testing::HasSubstr(heading));
  }
  EXPECT_THAT(page, testing::Not(testing::HasSubstr(OMNIPHI_SOURCE_DIR)));
}

TEST_F(Validate, HasAProgramBesideItThatFits) {
  const Result help = run("--help", "calibrate");
  EXPECT_EQ(help.status, 0) << help.err;
  EXPECT_THAT(help.out, testing::HasSubstr("Example: omniphi calibrate"));
  const Result memory = run("--memory", "calibrate");
  EXPECT_EQ(memory.status, 0) << memory.err;
  EXPECT_THAT(memory.out, testing::HasSubstr("knl-7210"));
  EXPECT_EQ(run("--memory --record knl-deepbench", "calibrate").status, 2);
}

TEST_F(Validate, HelpsWithExamples) {
  for (const char* command : {"deepbench", "published", "memory", "page"}) {
    const Result result = run(std::string(command) + " --help");
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, testing::HasSubstr("Example: omniphi validate "));
  }
}

}  // namespace
