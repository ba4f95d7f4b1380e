#include "hw/base/config_node.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"

namespace omniphi {
namespace {

ConfigNode tree(std::string_view text) {
  Diagnostics diagnostics;
  ConfigNode node = read_yaml(text, "test.yaml", diagnostics);
  diagnostics.throw_if_any();
  return node;
}

std::string overlay(std::string_view base, std::string_view change) {
  return write_yaml(overlaid(tree(base), tree(change)));
}

TEST(ConfigNode, DescribesItselfForMessages) {
  EXPECT_EQ(ConfigNode{}.described(), "nothing");
  EXPECT_EQ(ConfigNode::map().described(), "a map");
  EXPECT_EQ(ConfigNode::sequence().described(), "a list");
  EXPECT_EQ(ConfigNode::text("12 GB").described(), "\"12 GB\"");
  EXPECT_EQ(tree("'12'").described(), "the quoted text \"12\"");
}

TEST(ConfigNode, FindsKeysOfMapsOnly) {
  EXPECT_EQ(tree("{a: 1, b: 2}").find("b")->scalar, "2");
  EXPECT_EQ(tree("{a: 1}").find("b"), nullptr);
  EXPECT_EQ(tree("[a]").find("a"), nullptr);
}

TEST(ConfigNode, SetsReplacesAndErases) {
  ConfigNode node;
  node.set("a", ConfigNode::text("1"));
  node.set("b", ConfigNode::text("2"));
  node.set("a", ConfigNode::text("3"));
  EXPECT_EQ(write_yaml(node), "a: 3\nb: 2\n");
  node.erase("a");
  EXPECT_EQ(write_yaml(node), "b: 2\n");
  node.at_or_new("c").set("d", ConfigNode::text("4"));
  EXPECT_EQ(write_yaml(node), "b: 2\nc:\n  d: 4\n");
}

TEST(Overlay, MergesMapsKeyByKey) {
  EXPECT_EQ(overlay("{a: {x: 1, y: 2}, b: 3}", "{a: {y: 9}, c: 4}"),
            "a:\n  x: 1\n  y: 9\nb: 3\nc: 4\n");
}

TEST(Overlay, ReplacesListsWhole) {
  EXPECT_EQ(overlay("{a: [1, 2, 3]}", "{a: [4]}"), "a: [4]\n");
}

TEST(Overlay, ReplacesAMapOfAnotherKind) {
  EXPECT_EQ(overlay("{a: {kind: gpu, sms: 80}}", "{a: {kind: cpu, cores: 4}}"),
            "a:\n  kind: cpu\n  cores: 4\n");
  EXPECT_EQ(overlay("{a: {kind: cpu, cores: 2}}", "{a: {kind: cpu, clock: 1}}"),
            "a:\n  kind: cpu\n  cores: 2\n  clock: 1\n");
}

TEST(Overlay, ReplacesAFigureWithItsRange) {
  EXPECT_EQ(overlay("{price: {value: 3, low: 2, high: 4}}", "{price: {value: 9}}"),
            "price:\n  value: 9\n");
  EXPECT_EQ(overlay("{price: {value: 3, low: 2}}", "{price: {low: 1}}"),
            "price:\n  value: 3\n  low: 1\n");
  EXPECT_EQ(overlay("{price: {value: 3, low: 2}}", "{price: {basis: unknown}}"),
            "price:\n  basis: unknown\n");
}

TEST(Overlay, TakesAValueAwayWithNull) {
  EXPECT_EQ(overlay("{a: {x: 1}}", "{a: ~}"), "a: ~\n");
}

TEST(Overlay, KeepsThePlaceOfEachValue) {
  const ConfigNode merged = overlaid(tree("a: 1\nb: 2"), tree("\n\n\nb: 3"));
  EXPECT_EQ(merged.find("a")->place.line, 1);
  EXPECT_EQ(merged.find("b")->place.line, 4);
}

// Ten times the keys may not cost a hundred times the time: 1e10 comparisons would take minutes.
TEST(Overlay, OfLargeMapsIsNotQuadratic) {
  ConfigNode large = ConfigNode::map();
  for (int i = 0; i < 100'000; ++i)
    large.entries.push_back({"key" + std::to_string(i), {}, ConfigNode::text("1")});
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(overlaid(large, large).entries.size(), 100'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

}  // namespace
}  // namespace omniphi
