#include "models/compute/kernel_plan.h"
#include "tests/models/compute/worker_fixture.h"

namespace omniphi::models {
namespace {

class WeightGradientPlan : public test::On7250 {
 protected:
  static ConvolutionPrimitive square(
      std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t k, std::int64_t r) {
    return {ConvolutionPass::BackwardWeights, n, c, h, h, k, h, h, r, r, 1, 1, 1};
  }
};

TEST_F(WeightGradientPlan, AddsUpACopyForEachTeamOverImages) {
  // 16 x 1 x 3 x 3 weights are one pair of blocks: 16 images go to 16 teams, whose copies are
  // written and read again.
  const ConvolutionPrimitive c{
      ConvolutionPass::BackwardWeights, 16, 1, 480, 48, 16, 480, 48, 3, 3, 1, 1, 1};
  const KernelPlan plan = weight_gradient_plan(c, worker(64));
  EXPECT_LT(plan.cycles, weight_gradient_plan(c, worker(3)).cycles / 5);
  EXPECT_GE(plan.streamed, (16 + 1) * 16 * 9);
}

TEST_F(WeightGradientPlan, OfOneThreadIsWorkedByHand) {
  // One image of 14 x 14, 16 channels in and out, 3 x 3: 8 channels by 3 taps are 24 sums, twice.
  // 40 of 42 taps meet the image, so a step of 24 * 40 / 42 = 22.86 sums is
  // max(13.49, (22.86 + 3) / 2) = 13.49 cycles; 14 pixels a row, and 24 loads and stores of sums
  // are 24 cycles at two a cycle. 40 rows of filters meet the image.
  const KernelPlan plan = weight_gradient_plan(square(1, 16, 14, 16, 3), worker(1));
  const double step = 24.0 * 40 / 42 * 0.59;
  EXPECT_NEAR(plan.cycles, 40 * (2 * 14 * step + 2 * 24), 1e-9);
  EXPECT_DOUBLE_EQ(plan.streamed, 16 * 16 * 9);  // tensors of 25 KB stay in the L2: weights alone
}

TEST_F(WeightGradientPlan, ReadsImagesThatTheL2CannotHoldForEveryPairOfBlocks) {
  const double small = weight_gradient_plan(square(8, 512, 14, 512, 3), worker(64)).streamed;
  const double large = weight_gradient_plan(square(8, 64, 112, 128, 3), worker(64)).streamed;
  // 112 x 112 images: each tensor is read at least once for every block of the other.
  EXPECT_GT(large, 8.0 * 112 * 112 * (64 + 128) * 2);
  EXPECT_LT(small, large);
}

TEST_F(WeightGradientPlan, FetchesColdTensorsFromMemory) {
  const auto c = square(1, 16, 14, 16, 3);
  EXPECT_DOUBLE_EQ(weight_gradient_plan(c, worker(1, false)).streamed -
                       weight_gradient_plan(c, worker(1, true)).streamed,
                   2.0 * 16 * 14 * 14);
}

TEST_F(WeightGradientPlan, NeverBeatsTheUnits) {
  for (const std::int64_t kernel : {1, 3, 5}) {
    const KernelPlan plan = weight_gradient_plan(square(16, 128, 28, 256, kernel), worker(64));
    EXPECT_GE(plan.cycles, plan.macs / 16 * 0.59 / 64 * (1 - 1e-12));
    EXPECT_LT(plan.cycles, 1.6 * plan.macs / 16 * 0.59 / 64);
  }
}

}  // namespace
}  // namespace omniphi::models
