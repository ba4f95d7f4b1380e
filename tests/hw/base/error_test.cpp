#include "hw/base/error.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/faults.h"

namespace omniphi {
namespace {

using test::faults;

Place at(const std::string& file, int line, int column) {
  return {std::make_shared<const std::string>(file), line, column};
}

TEST(Place, IsWrittenAsACompilerWould) {
  EXPECT_EQ(at("a.yaml", 3, 9).text(), "a.yaml:3:9");
  EXPECT_EQ(at("a.yaml", 0, 0).text(), "a.yaml");
  EXPECT_EQ(Place{}.text(), "");
}

TEST(Diagnostics, ReportsEveryFaultInTheOrderFound) {
  Diagnostics diagnostics;
  diagnostics.error(at("a.yaml", 3, 9), "fabric.link", "broken");
  diagnostics.error({}, "", "nothing to do");
  EXPECT_EQ(faults(diagnostics), "a.yaml:3:9: fabric.link: broken\nnothing to do");
  EXPECT_TRUE(diagnostics.empty()) << "thrown faults are gone";
}

TEST(Diagnostics, ThrowsNothingWhenAllIsWell) {
  Diagnostics diagnostics;
  EXPECT_NO_THROW(diagnostics.throw_if_any());
}

TEST(Diagnostics, CountsWhatItDoesNotKeep) {
  Diagnostics diagnostics;
  for (int i = 0; i < 103; ++i) diagnostics.error({}, "", "fault " + std::to_string(i));
  EXPECT_TRUE(diagnostics.full());
  EXPECT_EQ(diagnostics.size(), 103u);
  const std::string text = faults(diagnostics);
  EXPECT_TRUE(text.ends_with("\nfault 99\nand 3 more faults")) << text;
}

TEST(Diagnostics, SaysOnceWhoIncludedAFaultyFile) {
  Diagnostics diagnostics;
  diagnostics.error(at("scenario.yaml", 1, 1), "", "older");
  diagnostics.error(at("part.yaml", 2, 1), "node", "broken");
  diagnostics.error(at("scenario.yaml", 4, 1), "", "its own");
  diagnostics.annotate(1, at("scenario.yaml", 3, 9));
  diagnostics.annotate(0, at("other.yaml", 7, 7));
  EXPECT_EQ(faults(diagnostics),
            "scenario.yaml:1:1: older (included from other.yaml:7:7)\n"
            "part.yaml:2:1: node: broken (included from scenario.yaml:3:9)\n"
            "scenario.yaml:4:1: its own (included from other.yaml:7:7)");
}

TEST(InQuotes, StaysOnOneLineAndShort) {
  EXPECT_EQ(in_quotes("a b"), "\"a b\"");
  EXPECT_EQ(in_quotes("a\nb\x1b[31m"), "\"a?b?[31m\"");
  EXPECT_EQ(in_quotes(std::string(61, 'x')), '"' + std::string(60, 'x') + "...\"");
}

TEST(InQuotes, CutsBetweenCharactersOfUtf8) {
  const std::string text =
      std::string(59, 'x') + "\xc3\xa9" + "y";  // the e acute would be cut in two
  EXPECT_EQ(in_quotes(text), '"' + std::string(59, 'x') + "...\"");
}

TEST(Nearest, FindsASlipOfTheFinger) {
  EXPECT_EQ(did_you_mean("bandwith", {"latency", "bandwidth"}), " (did you mean \"bandwidth\"?)");
  EXPECT_EQ(nearest("ndoes", {"node", "nodes"}), "nodes");
}

TEST(Nearest, OffersNothingFarOff) {
  EXPECT_EQ(did_you_mean("colour", {"latency", "bandwidth"}), "");
  EXPECT_EQ(nearest("id", {"op"}), "") << "two slips in two letters are another word";
  EXPECT_EQ(nearest(std::string(1000, 'x'), {"x"}), "");
}

}  // namespace
}  // namespace omniphi
