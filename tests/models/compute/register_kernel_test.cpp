#include "models/compute/register_kernel.h"

#include <gtest/gtest.h>

#include "tests/support/catalog_parts.h"

namespace omniphi::models {
namespace {

RegisterKernel kernel() {
  return {test::cpu("knl-7250"), hw::NumberFormat::Fp32, *test::stack("intel-caffe-mlsl").kernels};
}

RegisterKernel knights_mill(hw::NumberFormat format) {
  return {test::cpu("knm-7295"), format, *test::stack("intel-caffe-mlsl").kernels};
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

TEST(RegisterKernel, ChainsFourStepsInAnInstructionOfKnightsMill) {
  // 32 registers less an address constant and four of weights. 27 sums of one block, four steps at
  // once: 27 * 4 * 0.25 = 27 cycles of the units; 27 instructions, 4 loads and 2 of loop issue in
  // 16.5: 27 / 4 cycles a step, a vector multiply-add in a quarter cycle. Knights Landing takes
  // 27 * 0.59.
  const RegisterKernel chained = knights_mill(hw::NumberFormat::Fp32);
  EXPECT_EQ(chained.accumulators, 27);
  EXPECT_DOUBLE_EQ(chained.step(1, 27), 6.75);
  EXPECT_DOUBLE_EQ(kernel().step(1, 27), 27 * 0.59);
  // 4 sums: (4 + 4 + 2) / 2 = 5 cycles to issue, 4 in the units, but 6 before a sum can be added
  // to.
  EXPECT_DOUBLE_EQ(chained.step(1, 4), 6.0 / 4);
  // Without the chain, two instructions a cycle could not feed the units: (27 + 1 + 2) / 2.
  hw::ManyCoreCpu plain = test::cpu("knm-7295");
  plain.vector.chained = 1;
  const RegisterKernel unchained(
      plain, hw::NumberFormat::Fp32, *test::stack("intel-caffe-mlsl").kernels);
  EXPECT_DOUBLE_EQ(unchained.step(1, 27), 15);
}

TEST(RegisterKernel, MultipliesPairsOfShortIntegers) {
  // 256 operations a cycle of 16 lanes: twice the products of fp32 in the same instructions.
  EXPECT_DOUBLE_EQ(knights_mill(hw::NumberFormat::Int16).step(1, 27), 6.75 / 2);
}

TEST(RegisterKernel, HasOneUnitWithoutChainsForFp64OnKnightsMill) {
  // 16 flop a cycle are one multiply-add of 8 lanes: 28 sums in 28 cycles.
  const RegisterKernel fp64 = knights_mill(hw::NumberFormat::Fp64);
  EXPECT_EQ(fp64.accumulators, 28);
  EXPECT_DOUBLE_EQ(fp64.step(1, 28), 28);
}

}  // namespace
}  // namespace omniphi::models
