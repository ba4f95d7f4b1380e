#include "models/compute/blocked_kernel.h"

#include <gtest/gtest.h>

#include "tests/support/catalog_parts.h"

namespace omniphi::models {
namespace {

class BlockedKernel : public testing::Test {
 protected:
  hw::ManyCoreCpu cpu = test::cpu("knl-7250");
  SoftwareStack stack = test::stack("intel-caffe-mlsl");

  [[nodiscard]] Worker worker(int threads) const {
    return {&cpu, &stack, {}, threads, 1, hw::NumberFormat::Fp32};
  }

  [[nodiscard]] RegisterKernel kernel() const { return {cpu.vector, stack.kernels}; }
};

TEST_F(BlockedKernel, TakesTheLongestOfUnitsIssueAndLatency) {
  // 28 sums of one block: max(28 * 0.59, 29 / 2, 6) = 16.52 cycles a step.
  EXPECT_DOUBLE_EQ(kernel().cycles(1, 28, 1), 16.52);
  // 4 sums: 2.36 by the units, 2.5 by issue, but each sum waits 6 cycles for its last product.
  EXPECT_DOUBLE_EQ(kernel().cycles(1, 4, 1), 6);
}

TEST_F(BlockedKernel, FillsRegistersWithSeveralBlocksWhenRowsAreShort) {
  // 7 columns: four blocks of lanes keep 28 sums in flight, so four blocks cost as one step of 28.
  EXPECT_DOUBLE_EQ(kernel().cycles(4, 7, 10), 10 * 16.52);
  EXPECT_LT(kernel().cycles(4, 4, 10), 4 * kernel().cycles(1, 4, 10));
}

TEST_F(BlockedKernel, GrowsInProportionToDepth) {
  EXPECT_DOUBLE_EQ(kernel().cycles(3, 50, 200), 2 * kernel().cycles(3, 50, 100));
}

TEST_F(BlockedKernel, DealsWholeRowsToThreads) {
  // One image of ten rows and one block of channels is ten pieces: 15 threads are as slow as 10, 9
  // take two turns.
  const ConvolutionPrimitive c{ConvolutionPass::Forward, 1, 16, 10, 28, 16, 10, 28, 3, 3, 1, 1, 1};
  const double one_piece = kernel().cycles(1, 28, 16 * 9);
  EXPECT_DOUBLE_EQ(blocked_cycles(c, worker(10)).cycles, one_piece);
  EXPECT_DOUBLE_EQ(blocked_cycles(c, worker(15)).cycles, one_piece);
  EXPECT_DOUBLE_EQ(blocked_cycles(c, worker(9)).cycles, 2 * one_piece);
}

TEST_F(BlockedKernel, PadsChannelsToWholeVectors) {
  ConvolutionPrimitive c{ConvolutionPass::Forward, 64, 64, 28, 28, 17, 28, 28, 3, 3, 1, 1, 1};
  const double seventeen = blocked_cycles(c, worker(64)).cycles;
  c.output_channels = 32;
  EXPECT_DOUBLE_EQ(seventeen, blocked_cycles(c, worker(64)).cycles);
}

TEST_F(BlockedKernel, DoesNotPadTheThreeChannelsOfAnImage) {
  ConvolutionPrimitive c{ConvolutionPass::Forward, 64, 3, 224, 224, 64, 112, 112, 7, 7, 2, 2, 1};
  const double three = blocked_cycles(c, worker(64)).cycles;
  c.input_channels = 6;
  EXPECT_DOUBLE_EQ(blocked_cycles(c, worker(64)).cycles, 2 * three);
}

TEST_F(BlockedKernel, NeverBeatsTheUnits) {
  // Lower bound: macs / 16 lanes * 0.59 cycles / threads.
  for (const auto pass : {ConvolutionPass::Forward,
                          ConvolutionPass::BackwardData,
                          ConvolutionPass::BackwardWeights}) {
    for (const std::int64_t stride : {1, 2}) {
      const std::int64_t out = 56 / stride;
      const ConvolutionPrimitive c{pass, 32, 128, 56, 56, 256, out, out, 3, 3, stride, stride, 1};
      const double bound = static_cast<double>(c.macs()) / 16 * 0.59 / 64;
      const double cycles = blocked_cycles(c, worker(64)).cycles;
      EXPECT_GE(cycles, bound * (1 - 1e-12));
      EXPECT_LT(cycles, 1.5 * bound);  // and this shape suits every pass
    }
  }
}

TEST_F(BlockedKernel, SplitsTheSumOfAWeightGradientOverImagesWhereWeightsAreFew) {
  // 16 x 1 x 3 x 3 weights: three pieces for 64 threads, so 16 images go to 16 teams and are added
  // up after.
  const ConvolutionPrimitive c{
      ConvolutionPass::BackwardWeights, 16, 1, 480, 48, 16, 480, 48, 3, 3, 1, 1, 1};
  const BlockedCycles split = blocked_cycles(c, worker(64));
  EXPECT_EQ(split.reduction_elements, (16 + 1) * 16 * 9);
  EXPECT_LT(split.cycles, blocked_cycles(c, worker(3)).cycles / 10);
}

TEST_F(BlockedKernel, RunsALargeMatrixProductNearTheUnitsRate) {
  const MatrixProductPrimitive g{2560, 7000, 2560};
  const double bound = static_cast<double>(g.macs()) / 16 * 0.59 / 66;
  const double cycles = blocked_cycles(g, worker(66)).cycles;
  EXPECT_GE(cycles, bound);
  EXPECT_LT(cycles, 1.15 * bound);
}

}  // namespace
}  // namespace omniphi::models
