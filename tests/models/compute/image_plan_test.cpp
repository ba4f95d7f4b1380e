#include "models/compute/kernel_plan.h"
#include "tests/models/compute/worker_fixture.h"

namespace omniphi::models {
namespace {

class ImagePlan : public test::On7250 {
 protected:
  /// N images of C channels, H x H, K filters of R x R, stride s, padded to P = H / s.
  static ConvolutionPrimitive square(ConvolutionPass pass,
                                     std::int64_t n,
                                     std::int64_t c,
                                     std::int64_t h,
                                     std::int64_t k,
                                     std::int64_t r,
                                     std::int64_t stride = 1) {
    return {pass, n, c, h, h, k, h / stride, h / stride, r, r, stride, stride, 1};
  }
};

TEST(TapsInside, LeavesOutThePadding) {
  // 3 taps over 7 outputs of 7 inputs, one of padding on each side: the first and last lack one.
  EXPECT_EQ(taps_inside(7, 7, 3, 1), 19);
  // 224 inputs, 7 taps, stride 2, 112 outputs: 3 before, 2 after. Outputs 0 and 1 lack 3 and 1,
  // the last lacks 2.
  EXPECT_EQ(taps_inside(224, 112, 7, 2), 112 * 7 - 3 - 1 - 2);
  EXPECT_EQ(taps_inside(341, 166, 10, 2), 166 * 10);  // no padding
}

TEST(MissShare, RisesFromTheCapacityToTwice) {
  EXPECT_EQ(miss_share(Bytes(100), Bytes(100)), 0);
  EXPECT_DOUBLE_EQ(miss_share(Bytes(150), Bytes(100)), 0.5);
  EXPECT_EQ(miss_share(Bytes(1000), Bytes(100)), 1);
}

TEST_F(ImagePlan, DealsWholeRowsToThreads) {
  // One image of ten rows of 28 and one block of channels is ten pieces: 15 threads are as slow as
  // 10, and 9 take two turns.
  const ConvolutionPrimitive c{ConvolutionPass::Forward, 1, 16, 10, 28, 16, 10, 28, 3, 3, 1, 1, 1};
  const double ten = image_plan(c, worker(10)).cycles;
  // 16 channels, 28 of 30 row taps and 82 of 84 column taps meet the image, 16.52 cycles a step.
  EXPECT_NEAR(ten, 16 * (28.0 / 10) * (82.0 / 28) * 16.52, 1e-9);
  EXPECT_DOUBLE_EQ(image_plan(c, worker(15)).cycles, ten);
  EXPECT_DOUBLE_EQ(image_plan(c, worker(9)).cycles, 2 * ten);
}

TEST_F(ImagePlan, PadsChannelsToWholeVectorsButNotTheThreeOfAnImage) {
  const auto cycles = [&](std::int64_t inputs, std::int64_t outputs) {
    return image_plan(square(ConvolutionPass::Forward, 64, inputs, 28, outputs, 3), worker(64))
        .cycles;
  };
  EXPECT_DOUBLE_EQ(cycles(64, 17), cycles(64, 32));
  EXPECT_DOUBLE_EQ(cycles(6, 64), 2 * cycles(3, 64));
  EXPECT_DOUBLE_EQ(cycles(17, 64), cycles(32, 64));
}

TEST_F(ImagePlan, DealsPassesOfPixelsToThreadsForPointwiseFilters) {
  // 8 images of 14 x 14 are 56 passes of 28 pixels: one for each of 56 threads, which meets all 16
  // blocks of 256 channels.
  const auto c = square(ConvolutionPass::Forward, 8, 256, 14, 256, 1);
  EXPECT_DOUBLE_EQ(image_plan(c, worker(68)).cycles, 16 * 256 * 16.52);
  // 8 images of 7 x 7 are 16 passes of 25: teams of four threads share the 32 blocks of 512.
  const auto small = square(ConvolutionPass::Forward, 8, 512, 7, 512, 1);
  EXPECT_DOUBLE_EQ(image_plan(small, worker(68)).cycles, 8 * 512 * 14.75);
}

TEST_F(ImagePlan, FetchesWeightsThatTheL2CannotHold) {
  const auto panels = [&](std::int64_t channels, bool warm) {
    return image_plan(square(ConvolutionPass::Forward, 8, channels, 7, 2048, 1), worker(68, warm))
        .panel_elements;
  };
  EXPECT_EQ(panels(64, true), 0);
  // 1024 channels in, 32 of 128 blocks of 16 out for each of four threads: 2 MiB each.
  EXPECT_DOUBLE_EQ(panels(1024, true), 32 * 16 * 1024);
  EXPECT_GT(panels(64, false), 0);  // cold ones come from memory, however few
}

TEST_F(ImagePlan, LosesWarmWeightsWhereRowsOfBlocksFallIntoTheSameSets) {
  // Backward by the data the sum runs over K, whose blocks are a row of C / 16 KiB apart: 512
  // channels use half of the L2's sets, 832 all of them.
  const auto panels = [&](std::int64_t c) {
    return image_plan(square(ConvolutionPass::BackwardData, 16, c, 7, 512, 1), worker(68))
        .panel_elements;
  };
  EXPECT_GT(panels(512), 0);
  EXPECT_EQ(image_plan(square(ConvolutionPass::BackwardData, 16, 832, 7, 256, 1), worker(68))
                .panel_elements,
            0);
}

TEST_F(ImagePlan, ReadsTheL2AgainWhereAWindowOverflowsTheL1) {
  // 5 x 5 filters of 16 by 16 channels are 25.6 KB; with stride 2, 5 rows of 59 pixels are 18.9 KB
  // more: over 32 KiB. 3 x 3 filters and their rows are 15 KB.
  const ConvolutionPrimitive wide{
      ConvolutionPass::Forward, 16, 64, 80, 350, 128, 39, 174, 5, 5, 2, 2, 1};
  EXPECT_GT(image_plan(wide, worker(68)).l2_elements, 0);
  EXPECT_EQ(
      image_plan(square(ConvolutionPass::Forward, 16, 64, 112, 128, 3), worker(68)).l2_elements, 0);
}

TEST_F(ImagePlan, ScattersTheGradientOfAStridedPointwiseFilter) {
  const auto c = square(ConvolutionPass::BackwardData, 8, 256, 56, 128, 1, 2);
  EXPECT_DOUBLE_EQ(image_plan(c, worker(68)).streamed, 2.0 * 8 * 256 * 56 * 56);
}

TEST_F(ImagePlan, RunsLanesOverTheGroupsOfADepthwiseFilter) {
  ConvolutionPrimitive c = square(ConvolutionPass::Forward, 64, 512, 14, 512, 3);
  c.groups = 512;
  const KernelPlan plan = image_plan(c, worker(64));
  EXPECT_DOUBLE_EQ(plan.macs, 64.0 * 512 * 40 * 40);  // 40 of 42 taps a row and column
  // Sixteen results a vector: 64 images of 32 blocks of 14 rows, at best one tap of 14 pixels by
  // four blocks in max(56 / 2 blocks...) cycles; it is far from a channel at a time.
  EXPECT_LT(plan.cycles, plan.macs / 64 / 16 * 2);
}

TEST_F(ImagePlan, NeverBeatsTheUnits) {
  for (const auto pass : {ConvolutionPass::Forward, ConvolutionPass::BackwardData}) {
    for (const std::int64_t stride : {1, 2}) {
      for (const std::int64_t kernel : {1, 3}) {
        const KernelPlan plan =
            image_plan(square(pass, 32, 128, 56, 256, kernel, stride), worker(64));
        EXPECT_GE(plan.cycles, plan.macs / 16 * 0.59 / 64 * (1 - 1e-12));
        EXPECT_LT(plan.cycles, 1.5 * plan.macs / 16 * 0.59 / 64);  // these shapes suit it
      }
    }
  }
}

}  // namespace
}  // namespace omniphi::models
