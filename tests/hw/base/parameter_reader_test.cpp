#include "hw/base/parameter_reader.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"
#include "tests/hw/base/machine.h"
#include "tests/support/faults.h"

namespace omniphi {
namespace {

using test::Box;
using test::Grid;
using test::Machine;
using test::Paint;
using test::Ring;

/// What reading `text` as a T says, and the T.
template <class T>
struct Reading {
  explicit Reading(std::string_view text) {
    const Catalog catalog("/nowhere");
    Diagnostics diagnostics;
    const ConfigNode node = read_yaml(text, "t.yaml", diagnostics);
    read_parameters(node, "", value, {catalog, diagnostics});
    faults = test::faults(diagnostics);
  }

  T value;
  std::string faults;
};

std::string box_faults(std::string_view text) {
  return Reading<Box>(text).faults;
}

TEST(ReadParameters, FillsAStruct) {
  const Reading<Box> box(
      "{rate: 12.5 GB/s, count: 3, share: 18 %, on: true, name: a box, paint: red}");
  EXPECT_EQ(box.faults, "");
  EXPECT_EQ(box.value.rate, BytesPerSecond(12.5e9));
  EXPECT_EQ(box.value.count, 3);
  EXPECT_EQ(box.value.share, 0.18);
  EXPECT_TRUE(box.value.on);
  EXPECT_EQ(box.value.name, "a box");
  EXPECT_EQ(box.value.paint, Paint::Red);
}

TEST(ReadParameters, KeepsTheDefaultOfWhatIsNotGiven) {
  const Reading<Box> box("rate: 1 B/s");
  EXPECT_EQ(box.faults, "");
  EXPECT_EQ(box.value.count, 1);
  EXPECT_EQ(box.value.paint, Paint::Blue);
}

TEST(ReadParameters, NamesTheQuantityThatIsExpected) {
  EXPECT_EQ(box_faults("rate: 12.5 GB"),
            "t.yaml:1:7: rate: expected a data rate such as \"12.5 GB/s\", got \"12.5 GB\"");
  EXPECT_EQ(box_faults("rate: 12.5"),
            "t.yaml:1:7: rate: expected a data rate such as \"12.5 GB/s\", got \"12.5\"");
  EXPECT_EQ(box_faults("rate: '1 B/s'"),
            "t.yaml:1:7: rate: expected a data rate such as \"12.5 GB/s\", got the quoted text \"1 "
            "B/s\"");
  EXPECT_EQ(box_faults("rate: [1 B/s]"),
            "t.yaml:1:7: rate: expected a data rate such as \"12.5 GB/s\", got a list");
  EXPECT_EQ(box_faults("rate:"),
            "t.yaml:1:1: rate: expected a data rate such as \"12.5 GB/s\", got nothing");
}

TEST(ReadParameters, NamesThePathOfANestedFault) {
  const std::string_view text =
      "\n\n\n\n\n\n\n\n\nboxes:\n- {rate: 1 B/s}\n- rate: 12.5 GB\nnamed: {a: {rate: 0 "
      "B/s}}\nring: {kind: ring}\n";
  EXPECT_EQ(
      Reading<Machine>(text).faults,
      "t.yaml:12:9: boxes[1].rate: expected a data rate such as \"12.5 GB/s\", got \"12.5 GB\"\n"
      "t.yaml:13:19: named.a.rate: must be greater than 0 B/s, got \"0 B/s\"");
}

TEST(ReadParameters, RefusesWhatOnlyLooksLikeANumber) {
  for (const std::string text :
       {"010", "1_000", "yes", "0x10", "1e3", "1.0", "+1", "99999999999999999999", "''", "\"3\""}) {
    const std::string got = text == "''"      ? "the quoted text \"\""
                            : text == "\"3\"" ? "the quoted text \"3\""
                                              : '"' + text + '"';
    EXPECT_EQ(box_faults("{rate: 1 B/s, count: " + text + "}"),
              "t.yaml:1:22: count: expected a whole number, got " + got);
  }
  for (const std::string text : {"010", "1_000", "yes", "nan", "inf", ".inf"}) {
    EXPECT_EQ(box_faults("{rate: 1 B/s, share: " + text + "}"),
              "t.yaml:1:22: share: expected a number such as \"0.5\", got \"" + text + '"');
  }
}

TEST(ReadParameters, TakesOnlyTrueAndFalseForABool) {
  EXPECT_EQ(box_faults("{rate: 1 B/s, on: yes}"),
            "t.yaml:1:19: on: expected true or false, got \"yes\"");
  EXPECT_EQ(box_faults("{rate: 1 B/s, on: 'true'}"),
            "t.yaml:1:19: on: expected true or false, got the quoted text \"true\"");
}

TEST(ReadParameters, HoldsValuesToTheirRange) {
  EXPECT_EQ(box_faults("rate: 0 B/s"),
            "t.yaml:1:7: rate: must be greater than 0 B/s, got \"0 B/s\"");
  EXPECT_EQ(box_faults("rate: -1 kB/s"),
            "t.yaml:1:7: rate: must be greater than 0 B/s, got \"-1 kB/s\"");
  EXPECT_EQ(box_faults("{rate: 1 B/s, count: 0}"),
            "t.yaml:1:22: count: must be at least 1, got \"0\"");
  EXPECT_EQ(box_faults("{rate: 1 B/s, count: 101}"),
            "t.yaml:1:22: count: must be at most 100, got \"101\"");
  EXPECT_EQ(box_faults("{rate: 1 B/s, share: 101 %}"),
            "t.yaml:1:22: share: must be at most 1, got \"101 %\"");
  EXPECT_EQ(box_faults("{rate: 1 B/s, count: 100, share: 100 %}"), "");
}

TEST(ReadParameters, HoldsAnIntToItsType) {
  EXPECT_EQ(Reading<test::Wide>("{small: 2147483648}").faults,
            "t.yaml:1:9: small: must be at most 2147483647, got \"2147483648\"");
  EXPECT_EQ(Reading<test::Wide>("{large: 9223372036854775807}").value.large, 9223372036854775807);
}

TEST(ReadParameters, ListsTheWordsOfAnEnum) {
  EXPECT_EQ(box_faults("{rate: 1 B/s, paint: rde}"),
            "t.yaml:1:22: paint: expected one of red, blue, got \"rde\"");
  EXPECT_EQ(box_faults("{rate: 1 B/s, paint: reed}"),
            "t.yaml:1:22: paint: expected one of red, blue, got \"reed\" (did you mean \"red\"?)");
  EXPECT_EQ(box_faults("{rate: 1 B/s, paint: {}}"),
            "t.yaml:1:22: paint: expected one of red, blue, got a map");
}

TEST(ReadParameters, NamesTheNearestOfAnUnknownKey) {
  EXPECT_EQ(box_faults("{rate: 1 B/s, shaer: 1}"),
            "t.yaml:1:15: unknown key \"shaer\" (did you mean \"share\"?)");
  EXPECT_EQ(Reading<Machine>("ring: {kind: ring, colour: 1}").faults,
            "t.yaml:1:20: ring: unknown key \"colour\" (known: length)");
}

TEST(ReadParameters, SaysWhatAMissingKeyMeans) {
  EXPECT_EQ(box_faults("{count: 1}"), "t.yaml:1:1: the key \"rate\" is missing: how fast it is");
  EXPECT_EQ(Reading<Machine>("boxes:\n- count: 1\nring: {kind: ring}").faults,
            "t.yaml:2:3: boxes[0]: the key \"rate\" is missing: how fast it is");
}

TEST(ReadParameters, WantsTheRightShape) {
  EXPECT_EQ(box_faults("[1]"), "t.yaml:1:1: expected a map of keys and values, got a list");
  EXPECT_EQ(box_faults("{rate: 1 B/s, name: [a]}"),
            "t.yaml:1:21: name: expected a text, got a list");
  EXPECT_EQ(Reading<Machine>("{boxes: 3, named: [], ring: 4}").faults,
            "t.yaml:1:9: boxes: expected a list, got \"3\"\n"
            "t.yaml:1:19: named: expected a map of keys and values, got a list\n"
            "t.yaml:1:29: ring: expected a map of keys and values, got \"4\"");
}

TEST(ReadParameters, ReportsAllFaultsOfAStructInItsOrder) {
  EXPECT_EQ(box_faults("{count: 0, rate: 1, extra: 2}"),
            "t.yaml:1:18: rate: expected a data rate such as \"12.5 GB/s\", got \"1\"\n"
            "t.yaml:1:9: count: must be at least 1, got \"0\"\n"
            "t.yaml:1:21: unknown key \"extra\" (known: rate, count, share, on, name, paint)");
}

TEST(ReadParameters, ReadsOptionalsListsMapsAndVariants) {
  const Reading<Machine> machine(
      "{spare: {rate: 2 B/s}, boxes: [{rate: 1 B/s}, {rate: 3 B/s}], named: {a: {rate: 4 B/s}},\n"
      " ring: {kind: grid, sides: [2, 3]}}");
  EXPECT_EQ(machine.faults, "");
  EXPECT_EQ(machine.value.spare->rate, BytesPerSecond(2));
  EXPECT_EQ(machine.value.boxes.at(1).rate, BytesPerSecond(3));
  EXPECT_EQ(machine.value.named.at("a").rate, BytesPerSecond(4));
  EXPECT_EQ(std::get<Grid>(machine.value.ring).sides, (std::vector<int>{2, 3}));
}

TEST(ReadParameters, TakesAnOptionalAwayWithNull) {
  const Reading<Machine> machine("{spare: ~, ring: {kind: ring, length: 4}}");
  EXPECT_EQ(machine.faults, "");
  EXPECT_FALSE(machine.value.spare);
  EXPECT_EQ(std::get<Ring>(machine.value.ring).length, 4);
}

TEST(ReadParameters, WantsToKnowTheKindOfAVariant) {
  EXPECT_EQ(Reading<Machine>("ring: {length: 4}").faults,
            "t.yaml:1:7: ring: the key \"kind\" is missing: which kind this is");
  EXPECT_EQ(
      Reading<Machine>("ring: {kind: grdi}").faults,
      "t.yaml:1:14: ring.kind: expected one of ring, grid, got \"grdi\" (did you mean \"grid\"?)");
  EXPECT_EQ(Reading<Machine>("ring: {kind: [ring]}").faults,
            "t.yaml:1:14: ring.kind: expected one of ring, grid, got a list");
}

std::string price_faults(const std::string& price) {
  return Reading<test::Priced>("price: " + price).faults;
}

TEST(ReadFigure, TakesItsBareValue) {
  const Reading<test::Priced> part("price: 10 USD");
  EXPECT_EQ(part.faults, "");
  EXPECT_EQ(part.value.price.value, Usd(10));
  EXPECT_EQ(part.value.price.low, Usd(10));
  EXPECT_EQ(part.value.price.high, Usd(10));
}

TEST(ReadFigure, TakesValueEndsAndBasis) {
  const Reading<test::Priced> part(
      "price: {value: 10 USD, high: 12 USD, basis: published, source: p. 3}");
  EXPECT_EQ(part.faults, "");
  EXPECT_EQ(part.value.price.low, Usd(10));
  EXPECT_EQ(part.value.price.high, Usd(12));
  EXPECT_EQ(part.value.price.basis, Basis::Published);
  EXPECT_EQ(part.value.price.source, "p. 3");
}

TEST(ReadFigure, HoldsEachNumberToTheRange) {
  EXPECT_EQ(price_faults("-1 USD"), "t.yaml:1:8: price: must be at least 0 USD, got \"-1 USD\"");
  EXPECT_EQ(price_faults("{value: -1 USD}"),
            "t.yaml:1:16: price.value: must be at least 0 USD, got \"-1 USD\"");
  EXPECT_EQ(price_faults("{value: 1 USD, low: -1 USD}"),
            "t.yaml:1:28: price.low: must be at least 0 USD, got \"-1 USD\"");
}

TEST(ReadFigure, WantsItsValueBetweenItsEnds) {
  EXPECT_EQ(price_faults("{value: 1 USD, low: 2 USD}"),
            "t.yaml:1:8: price: the value must lie between low and high");
  EXPECT_EQ(price_faults("{value: 3 USD, high: 2 USD}"),
            "t.yaml:1:8: price: the value must lie between low and high");
}

TEST(ReadFigure, WantsAValueUnlessItIsUnknown) {
  EXPECT_EQ(price_faults("{low: 2 USD}"),
            "t.yaml:1:8: price: the key \"value\" is missing: the best estimate; none if the basis "
            "is unknown");
  EXPECT_EQ(price_faults("{value: 2 USD, basis: unknown}"),
            "t.yaml:1:8: price: a figure of unknown basis has no value");
  const Reading<test::Priced> part("price: {basis: unknown}");
  EXPECT_EQ(part.faults, "");
  EXPECT_FALSE(part.value.price.known());
}

TEST(ReadFigure, RefusesUnknownKeys) {
  EXPECT_EQ(price_faults("{value: 2 USD, hihg: 3 USD}"),
            "t.yaml:1:23: price: unknown key \"hihg\" (did you mean \"high\"?)");
}

TEST(Rule, CombinesToTheNarrower) {
  EXPECT_FALSE((positive | between(0, 1)).holds(0));
  EXPECT_TRUE((positive | between(1, 2)).holds(1)) << "the stricter bound is inclusive";
  EXPECT_TRUE((at_least(1) | positive).holds(1));
  EXPECT_FALSE((at_least(-1) | positive).holds(0));
  EXPECT_FALSE((between(0, 5) | fraction).holds(2));
  EXPECT_TRUE((required | positive).required);
}

// The nearest key is sought for the faults that are kept only.
TEST(ReadParameters, EndsSoonOnManyUnknownKeys) {
  std::string text = "rate: 1 B/s\n";
  for (int i = 0; i < 100'000; ++i)
    text += "unknown_key_with_a_rather_long_name_" + std::to_string(i) + ": 1\n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(box_faults(text).ends_with("\nand 99900 more faults"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace omniphi
