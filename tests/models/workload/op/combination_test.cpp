#include "models/workload/op/combination.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

// y = 6 elements of [2, 3] and [3]. dx = dy and -dy are written anew (a flop each), and the second
// sums over the axis it was repeated along (another).
TEST(ElementWise, SumsTheGradientOfWhatItRepeats) {
  expect_phases(of_two("[2, 3]", "[3]", "op: element-wise, combination: difference"),
                work(0, 6, 9, 6),
                work(0, 6 + 6 + 6, 12, 9),
                {});
  EXPECT_EQ(shape_or_fault(ElementWise{Combination::Select}, {{{2, 3}}, {{3}}}),
            "a select takes 3 inputs, got 2");
}

TEST(Reduction, LeavesTheOtherAxes) {
  const std::vector<TensorShape> input{{{4, 5, 6}}};
  EXPECT_EQ(shape_or_fault(Reduction{.axes = {-1, 0}}, input), "5");
  EXPECT_EQ(shape_or_fault(Reduction{.axes = {-1, 0}, .keep_axes = true}, input), "1 x 5 x 1");
  EXPECT_EQ(shape_or_fault(Reduction{}, input), "1");
}

// 24 elements to 4: a mean spreads dy / 6; a norm needs x, y and dy for dx = dy x / y; the place of
// the largest has no gradient.
TEST(Reduction, HasTheGradientOfItsFunction) {
  const auto of = [](const std::string& function) {
    return of_layer("[4, 6]", "op: reduction, axes: [1], function: " + function);
  };
  expect_phases(of("sum"), work(0, 24, 24, 4), work(0, 0, 4, 24), {});
  expect_phases(of("mean"), work(0, 24, 24, 4), work(0, 24, 4, 24), {});
  expect_phases(of("l2"), work(0, 48, 24, 4), work(0, 48, 32, 24), {});
  expect_phases(of("arg-max"), work(0, 24, 24, 4), {}, {});
}

// Softmax of 10 is 50 flop; the gradient, probability less target, twice 10 with the loss's weight.
TEST(Loss, IsOneNumberFromAPredictionAndATarget) {
  expect_phases(of_layer("[10]", "op: loss"), work(0, 50, 10, 1), work(0, 20, 10, 10), {});
  expect_phases(of_two("[10]", "[10]", "op: loss, function: squared-error"),
                work(0, 30, 20, 1),
                work(0, 20, 20, 10),
                {});
  EXPECT_EQ(shape_or_fault(Loss{}, {}), "takes a prediction and perhaps a target, got 0 inputs");
}

TEST(TopK, ComparesEachElementWithThoseKeptUntilSortingIsCheaper) {
  EXPECT_EQ(of_layer("[100]", "op: top-k, k: 5").phase(Phase::Forward), work(0, 500, 100, 5));
  EXPECT_EQ(of_layer("[100]", "op: top-k, k: 50").phase(Phase::Forward), work(0, 1600, 100, 50));
  EXPECT_EQ(shape_or_fault(TopK{.k = 7}, {{{6}}}), "keeps 7 of 6 elements");
}

}  // namespace
}  // namespace omniphi::models
