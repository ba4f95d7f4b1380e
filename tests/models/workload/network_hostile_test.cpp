// Descriptions in YAML that are wrong or made to exhaust: one clear line, soon and without much
// memory.

#include <ctime>
#include <string>

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"
#include "tests/support/bounded_test.h"

namespace omniphi::models {
namespace {

class BadNetwork : public BoundedTest {};

/// Of a layer after an input of [6, 4, 8], in line 2.
std::string fault_of_layer(const std::string& layer) {
  return faults_of("layers:\n  - {name: x, op: input, shape: [6, 4, 8]}\n  - {name: l, " + layer +
                   "}\n");
}

TEST_F(BadNetwork, IsCutShort) {
  EXPECT_EQ(faults_of("layers:\n  - {name: x, op: input, sha"),
            "net.yaml:2:1: end of map flow not found");
}

TEST_F(BadNetwork, HasACycle) {
  EXPECT_EQ(faults_of("layers:\n"
                      "  - {name: a, op: activation, from: b}\n"
                      "  - {name: b, op: activation, from: a}\n"),
            "net.yaml:2:5: a: its inputs lead back to itself: a -> b -> a");
}

TEST_F(BadNetwork, NamesWhatIsNotThereOrThereTwice) {
  EXPECT_EQ(fault_of_layer("op: activation, from: xx"),
            "net.yaml:3:5: l: there is no layer \"xx\" (did you mean \"x\"?)");
  EXPECT_EQ(fault_of_layer("op: activation}\n  - {name: l, op: activation"),
            "net.yaml:4:5: l: another layer has this name");
}

TEST_F(BadNetwork, HasWindowsThatCannotBe) {
  EXPECT_EQ(fault_of_layer("op: convolution, channels: 4, kernel: 3, stride: 0"),
            "net.yaml:3:64: l.stride: must be at least 1, got \"0\"");
  EXPECT_EQ(fault_of_layer("op: convolution, channels: 4, groups: 4"),
            "net.yaml:3:5: l: 4 groups do not divide 6 input channels and 4 filters evenly");
}

TEST_F(BadNetwork, HasDimensionsThatOverflow) {
  EXPECT_EQ(fault_of_layer("op: inner-product, features: 9223372036854775807"),
            "net.yaml:3:5: l: the number of elements, 9223372036854775807, is above the limit of "
            "1099511627776");
  EXPECT_EQ(fault_of_layer("op: inner-product, features: 9223372036854775808"),
            "net.yaml:3:44: l.features: expected a whole number, got \"9223372036854775808\"");
  EXPECT_EQ(faults_of("layers: [{name: x, op: input, shape: [4294967296, 4294967296]}]"),
            "net.yaml:1:10: x: the number of elements, 4294967296 x 4294967296, is above the limit "
            "of 1099511627776");
}

/// b0 holds b1 twice, which holds b2 twice, ...
TEST_F(BadNetwork, NestsBlocksAThousandDeep) {
  const auto nested = [](int depth, const std::string& uses) {
    std::string text = "blocks:\n";
    for (int i = 0; i < depth; ++i) {
      text += "  b" + std::to_string(i) + ": {layers: [{name: l, block: b" + std::to_string(i + 1) +
              uses + "}]}\n";
    }
    return text + "  b" + std::to_string(depth) +
           ": {layers: [{name: l, op: activation}]}\n"
           "layers: [{name: x, op: input, shape: [4]}, {name: n, block: b0}]\n";
  };
  std::string name = "n";
  for (int i = 0; i < 32; ++i) name += ".l";
  EXPECT_EQ(faults_of(nested(1000, "")),
            "net.yaml:33:35: " + name + ".block: blocks nested more than 32 deep");
  EXPECT_EQ(faults_of(nested(30, ", repeat: 2")),
            "net.yaml:32:18: layers: the blocks unfold to more than 33554432 characters");
}

TEST_F(BadNetwork, IsReadInATwinklingIfItIsMerelyLong) {
  std::string text = "layers:\n  - {name: x, op: input, shape: [16, 8, 8]}\n";
  for (int i = 0; i < 1000; ++i) {
    text += "  - {name: l" + std::to_string(i) +
            ", op: convolution, channels: 16, kernel: 3, pad: 1}\n";
  }
  const std::clock_t begin = std::clock();
  EXPECT_EQ(complexity(network_from(text)).macs(), std::int64_t{1000} * 16 * 64 * 16 * 9);
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 0.3);
}

}  // namespace
}  // namespace omniphi::models
