#include "models/workload/op/normalization.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

// 4 positions of 8 features: 32 elements at 5 flop; dx 5 flop, sums for the gradients 4 flop. Each
// pass of sums and each of results reads the tensor anew.
TEST(LayerNormalization, LearnsANumberForEachFeature) {
  const Complexity c = of_layer("[4, 8]", "op: layer-normalization");
  EXPECT_EQ(c.parameters, 16);
  EXPECT_EQ(c.statistics, 0);
  expect_phases(c, work(0, 160, 64, 32, 16), work(0, 160, 64, 32, 8), work(0, 128, 64, 0, 0, 16));
  EXPECT_EQ(of_layer("[4, 8]", "op: layer-normalization, shift: false").parameters, 8);
  EXPECT_EQ(of_layer("[4, 8]", "op: layer-normalization, axis: 0").parameters, 64);
}

// Without a mean: 3 flop forward (square, sum, product), and 3 fewer of 9 backward.
TEST(RmsNormalization, HasNoMean) {
  const Complexity c = of_layer("[4, 8]", "op: rms-normalization");
  EXPECT_EQ(c.parameters, 8);
  expect_phases(c, work(0, 96, 64, 32, 8), work(0, 64, 64, 32, 8), work(0, 128, 64, 0, 0, 8));
}

TEST(GroupNormalization, LearnsTwoNumbersForEachChannel) {
  const Complexity c = of_layer("[8, 2, 2]", "op: group-normalization, groups: 4");
  EXPECT_EQ(c.parameters, 16);
  EXPECT_EQ(c.phase(Phase::Forward), work(0, 160, 64, 32, 16));
  EXPECT_EQ(shape_or_fault(GroupNormalization{.groups = 3}, {{{8, 2, 2}}}),
            "3 groups do not divide 8 channels evenly");
}

// Nothing learnt: the sums belong to the gradient of the input, 9 flop an element in two passes.
TEST(InstanceNormalization, WithoutLearntNumbersHasOnlyAGradientOfItsInput) {
  const Complexity c = of_layer("[8, 2, 2]", "op: instance-normalization, affine: false");
  EXPECT_EQ(c.parameters, 0);
  expect_phases(c, work(0, 160, 64, 32), work(0, 288, 128, 32), {});
  EXPECT_EQ(of_layer("[8, 2, 2]", "op: instance-normalization").parameters, 16);
}

}  // namespace
}  // namespace omniphi::models
