#include "models/workload/op/window.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

TEST(Convolution, WorksOnAnyNumberOfAxes) {
  // 3 filters of 2 x 3 x 3 x 3 = 54 taps at 2 x 2 x 2 places: 24 x 54 MACs.
  const Complexity volume = of_layer("[2, 4, 4, 4]", "op: convolution, channels: 3, kernel: 3");
  EXPECT_EQ(volume.macs(), 24 * 54);
  EXPECT_EQ(volume.parameters, 3 * 54 + 3);
  // 80 mel bands, 16 filters of 80 x 5 at (100 - 5) / 2 + 1 = 48 places
  const Complexity sound =
      of_layer("[80, 100]", "op: convolution, channels: 16, kernel: 5, stride: 2, bias: false");
  EXPECT_EQ(sound.macs(), 16 * 48 * 80 * 5);
}

// MobileNet's first depth-wise layer: 32 channels of 112 x 112, 9 taps each.
TEST(Convolution, IsDepthWiseWithAGroupForEachChannel) {
  const Complexity c =
      of_layer("[32, 112, 112]",
               "op: convolution, channels: 32, kernel: 3, pad: 1, groups: 32, bias: false");
  EXPECT_EQ(c.parameters, 32 * 9);
  EXPECT_EQ(c.macs(), 32 * 9 * 112 * 112);
}

// (5 - 1) 2 - 1 - 1 + (4 - 1) + 1 = 10. Each of 200 elements meets 4 x 16 taps: 12,800 MACs.
TEST(TransposedConvolution, SpreadsEachElementOverAWindow) {
  const Complexity c = of_layer(
      "[8, 5, 5]", "op: transposed-convolution, channels: 4, kernel: 4, stride: 2, pad: 1");
  EXPECT_EQ(c.parameters, 8 * 4 * 16 + 4);
  expect_phases(c,
                work(12800, 400, 200, 400, 516),
                work(12800, 0, 400, 200, 512),
                work(12800, 400, 600, 0, 0, 516));
}

// (5 - 1) 2 - 1 - 1 + (3 - 1) + 1 + 1 = 10; each element meets the 8 / 4 channels of its group.
TEST(TransposedConvolution, HasGroupsAndAnOutputPad) {
  TransposedConvolution op;
  op.channels = 8;
  op.kernel = {{3}};
  op.stride = {{2}};
  op.pad = {{1}};
  op.output_pad = {{1}};
  op.groups = 4;
  EXPECT_EQ(shape_or_fault(op, {{{8, 5, 5}}}), "8 x 10 x 10");
  EXPECT_EQ(of_layer("[8, 5, 5]",
                     "op: transposed-convolution, channels: 8, kernel: 3, stride: 2, pad: 1, "
                     "output_pad: 1, groups: 4, bias: false")
                .macs(),
            200 * 2 * 9);
  op.pad = {{9}};
  EXPECT_EQ(shape_or_fault(op, {{{8, 5, 5}}}), "pads cut 18 off an output of 12 on axis 1");
}

// 4 windows of 2: a power and a sum for each element, both ways.
TEST(Pooling, TakesAPowerOfEachElementForANorm) {
  expect_phases(of_layer("[2, 4]", "op: pooling, mode: lp, kernel: 2, stride: 2"),
                work(0, 16, 8, 4),
                work(0, 16, 8 + 2 * 4, 8),
                {});
}

}  // namespace
}  // namespace omniphi::models
