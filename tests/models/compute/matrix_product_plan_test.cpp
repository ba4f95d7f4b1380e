#include "models/compute/kernel_plan.h"
#include "tests/models/compute/worker_fixture.h"

namespace omniphi::models {
namespace {

class MatrixProductPlan : public test::On7250 {};

TEST_F(MatrixProductPlan, PacksOperandsBeforeItMultiplies) {
  // 8448 rows are 528 vectors, 8 for each of 66 threads; 16 columns stay together.
  const KernelPlan plan = matrix_product_plan({8448, 16, 2816}, worker(66));
  EXPECT_DOUBLE_EQ(plan.streamed, 8448.0 * 2816 + 2816.0 * 16 + 2 * 8448.0 * 16);
  // Four blocks by seven columns are 17 cycles a step: 8 blocks by 16 columns in passes of 6, 6, 4
  // are cheaper as single blocks of 16, 9.5 cycles each.
  EXPECT_DOUBLE_EQ(plan.cycles, 2816 * 8 * 9.5);
  EXPECT_EQ(plan.regions, 2);
}

TEST_F(MatrixProductPlan, SplitsALongSumWhereTheResultIsSmall) {
  const KernelPlan plan = matrix_product_plan({512, 8, 500000}, worker(66));
  EXPECT_GT(plan.streamed, 512.0 * 500000 + 500000.0 * 8 + 2 * 512.0 * 8);
  EXPECT_LT(plan.cycles, matrix_product_plan({512, 8, 500000}, worker(8)).cycles / 5);
}

TEST_F(MatrixProductPlan, RunsALargeProductNearTheUnitsRate) {
  const MatrixProductPrimitive g{2560, 7000, 2560};
  const double bound = static_cast<double>(g.macs()) / 16 * 0.59 / 66;
  const double cycles = matrix_product_plan(g, worker(66)).cycles;
  EXPECT_GE(cycles, bound);
  EXPECT_LT(cycles, 1.15 * bound);
}

TEST_F(MatrixProductPlan, OfAVectorIsBoundByMemory) {
  for (const MatrixProductPrimitive& gemv :
       {MatrixProductPrimitive{1, 7680, 2560}, MatrixProductPrimitive{7680, 1, 2560}}) {
    const KernelPlan::Time time = matrix_product_plan(gemv, worker(66)).time(worker(66));
    EXPECT_GT(time.streamed, time.compute);
  }
}

}  // namespace
}  // namespace omniphi::models
