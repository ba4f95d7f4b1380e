#include "models/workload/op/product.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

// 10 positions share weights of 16 x 4: 640 products, 64 weights, 4 biases.
TEST(InnerProduct, SharesItsWeightsAmongPositions) {
  const Complexity c = of_layer("[10, 16]", "op: inner-product, features: 4, axis: -1");
  EXPECT_EQ(c.parameters, 68);
  expect_phases(
      c, work(640, 40, 160, 40, 68), work(640, 0, 40, 160, 64), work(640, 40, 200, 0, 0, 68));
}

TEST(MatrixProduct, BroadcastsWhatItMultiplies) {
  EXPECT_EQ(shape_or_fault(MatrixProduct{}, {{{8, 10, 16}}, {{16, 12}}}), "8 x 10 x 12");
  EXPECT_EQ(shape_or_fault(MatrixProduct{.transpose_a = true, .transpose_b = true},
                           {{{8, 16, 10}}, {{12, 16}}}),
            "8 x 10 x 12");
  EXPECT_EQ(shape_or_fault(MatrixProduct{}, {{{2, 3}}, {{4, 5}}}),
            "its inputs do not multiply: 2 x 3 and 4 x 5");
}

// 8 products of [10, 16] and [16, 12]: 15,360 MACs; A 1280, B 1536, C 960 elements. Backward is dA
// from C and B, and dB from C and A.
TEST(MatrixProduct, HasAProductForTheGradientOfEachInput) {
  const Complexity c = of_two("[8, 10, 16]", "[8, 16, 12]", "op: matrix-product");
  EXPECT_EQ(c.parameters, 0);
  expect_phases(c,
                work(15360, 0, 2816, 960),
                work(2 * 15360, 0, (960 + 1536) + (960 + 1280), 1280 + 1536),
                {});
}

// 20 of 1000 rows of 16: the rows are copied, the gradient is as large as the table.
TEST(Embedding, CopiesRowsAndUpdatesTheWholeTable) {
  const Complexity c = of_layer("[20]", "op: embedding, entries: 1000, features: 16");
  EXPECT_EQ(c.parameters, 16000);
  expect_phases(c, work(0, 0, 340, 320), {}, work(0, 320, 660, 0, 0, 16000));
  EXPECT_EQ(c.phase(Phase::Update), work(0, 64000, 0, 0, 48000, 32000));
}

}  // namespace
}  // namespace omniphi::models
