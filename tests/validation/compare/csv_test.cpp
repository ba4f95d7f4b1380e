#include "validation/compare/csv.h"

#include <gtest/gtest.h>

#include "tests/support/faults.h"
#include "tests/validation/compare/files.h"

namespace omniphi::validation {
namespace {

using test::faults;

class Csv : public test::DataFolder {
 protected:
  std::vector<CsvRow> read(const std::string& text, const CsvColumns& columns) {
    file_ = write("x.csv", text);
    return read_csv(file_, columns, diagnostics_);
  }

  std::string file_;
  Diagnostics diagnostics_;
};

TEST_F(Csv, FindsColumnsByNameInAnyOrder) {
  const auto rows = read("b,extra,a\n2, \"x, \"\"y\"\"\",1\n3,,4\n", {{"a", "b"}, {"c", "extra"}});
  ASSERT_EQ(faults(diagnostics_), "");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].text("a"), "1");
  EXPECT_EQ(rows[0].text("extra"), "x, \"y\"");
  EXPECT_EQ(rows[1].count("b", diagnostics_), 3);
  EXPECT_FALSE(rows[1].given("extra"));
  EXPECT_FALSE(rows[1].given("c"));  // no such column in the file
  EXPECT_EQ(rows[1].place().line, 3);
}

TEST_F(Csv, NamesTheColumnsThatAreMissing) {
  EXPECT_TRUE(read("a,b\n1,2\n", {{"a", "m", "n"}, {}}).empty());
  EXPECT_EQ(
      faults(diagnostics_),
      file_ + ":1: the column \"m\" is missing\n" + file_ + ":1: the column \"n\" is missing");
}

TEST_F(Csv, StopsAtALineOfAnotherLength) {
  EXPECT_EQ(read("a,b\n1,2\n1\n", {{"a"}, {}}).size(), 1u);
  EXPECT_EQ(faults(diagnostics_), file_ + ":3: fewer cells than the header has");
  read("a,b\n1,2,3\n", {{"a"}, {}});
  EXPECT_EQ(faults(diagnostics_), file_ + ":2: more cells than the header has");
}

TEST_F(Csv, RefusesQuotesThatDoNotCloseAndColumnsThatAreThereTwice) {
  read("a,b\n\"1,2\n", {{"a"}, {}});
  EXPECT_EQ(faults(diagnostics_), file_ + ":2: a quoted cell does not end on its line");
  read("a,a\n1,2\n", {{"a"}, {}});
  EXPECT_EQ(faults(diagnostics_), file_ + ":1: the column \"a\" is there twice");
  read("", {{"a"}, {}});
  EXPECT_EQ(faults(diagnostics_), file_ + ":1: expected a line of column names");
}

TEST_F(Csv, SaysWhereANumberIsWrong) {
  const auto rows = read("a\nx\n-1\n1.5\nnan\n1e400\n", {{"a"}, {}});
  ASSERT_EQ(rows.size(), 5u);
  rows[0].positive("a", diagnostics_);
  EXPECT_EQ(faults(diagnostics_), file_ + ":2: a: expected a number above 0, got \"x\"");
  rows[1].positive("a", diagnostics_);
  EXPECT_EQ(faults(diagnostics_), file_ + ":3: a: expected a number above 0, got \"-1\"");
  rows[2].count("a", diagnostics_);
  EXPECT_EQ(faults(diagnostics_), file_ + ":4: a: expected a whole number from 1 on, got \"1.5\"");
  rows[3].positive("a", diagnostics_);
  EXPECT_EQ(faults(diagnostics_), file_ + ":5: a: expected a number above 0, got \"nan\"");
  rows[4].positive("a", diagnostics_);
  EXPECT_EQ(faults(diagnostics_), file_ + ":6: a: expected a number above 0, got \"1e400\"");
}

TEST_F(Csv, TakesNumbersAsPrinted) {
  const auto rows = read("a\n1.25e-3\n0\n", {{"a"}, {}});
  EXPECT_DOUBLE_EQ(rows[0].positive("a", diagnostics_), 0.00125);
  EXPECT_EQ(rows[1].count("a", diagnostics_, true), 0);
  EXPECT_EQ(faults(diagnostics_), "");
}

TEST_F(Csv, RefusesAFileThatIsTooLarge) {
  file_ = write("x.csv", "a\n" + std::string((16u << 20) + 1, '1'));
  EXPECT_THROW(read_csv(file_, {{"a"}, {}}, diagnostics_), ConfigError);
}

}  // namespace
}  // namespace omniphi::validation
