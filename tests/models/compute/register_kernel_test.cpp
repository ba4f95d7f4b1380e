#include "models/compute/register_kernel.h"

#include <gtest/gtest.h>

#include "tests/support/catalog_parts.h"

namespace omniphi::models {
namespace {

RegisterKernel kernel() {
  return {test::cpu("knl-7250").vector, *test::stack("intel-caffe-mlsl").kernels};
}

TEST(RegisterKernel, TakesTheLongestOfUnitsIssueAndLatency) {
  // 28 sums of one block: max(28 * 0.59, (28 + 1 + 2) / 2, 6) = 16.52 cycles.
  EXPECT_DOUBLE_EQ(kernel().step(1, 28), 16.52);
  // 16 sums: 9.44 by the units, (16 + 1 + 2) / 2 by issue.
  EXPECT_DOUBLE_EQ(kernel().step(1, 16), 9.5);
  // 4 sums: 2.36 by the units, 3.5 by issue, but each sum waits 6 cycles for its last product.
  EXPECT_DOUBLE_EQ(kernel().step(1, 4), 6);
}

TEST(RegisterKernel, DealsColumnsToPassesEvenly) {
  // 56 columns are two passes of 28; 60 are three of 20; 87 are three of 22 and one of 21.
  EXPECT_DOUBLE_EQ(kernel().row(1, 56), 2 * 16.52);
  EXPECT_DOUBLE_EQ(kernel().row(1, 60), 3 * kernel().step(1, 20));
  EXPECT_DOUBLE_EQ(kernel().row(1, 87), 3 * kernel().step(1, 22) + kernel().step(1, 21));
}

TEST(RegisterKernel, FillsRegistersWithSeveralBlocksWhenRowsAreShort) {
  // 7 columns by 4 blocks: 28 sums in max(28 * 0.59, (28 + 4 + 2) / 2, 6) = 17 cycles, against four
  // times 6 one after the other.
  EXPECT_DOUBLE_EQ(kernel().tile(4, 7), 17);
  EXPECT_DOUBLE_EQ(kernel().tile(1, 7), 6);
}

TEST(RegisterKernel, NeverBeatsTheUnits) {
  for (const std::int64_t blocks : {1, 2, 3, 7, 32}) {
    for (const std::int64_t columns : {1, 5, 28, 29, 300}) {
      EXPECT_GE(kernel().tile(blocks, columns),
                0.59 * static_cast<double>(blocks * columns) * (1 - 1e-12));
    }
  }
}

}  // namespace
}  // namespace omniphi::models
