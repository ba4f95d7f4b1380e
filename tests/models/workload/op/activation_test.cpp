#include "models/workload/op/activation.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

// 12 elements: a comparison and a product each; a slope's gradient is the sum of x dy where x < 0.
TEST(ParametricRelu, LearnsASlopeForEachChannel) {
  const Complexity c = of_layer("[3, 4]", "op: parametric-relu");
  EXPECT_EQ(c.parameters, 3);
  expect_phases(c, work(0, 24, 12, 12, 3), work(0, 24, 24, 12, 3), work(0, 36, 24, 0, 0, 3));
  EXPECT_EQ(of_layer("[3, 4]", "op: parametric-relu, shape: [1]").parameters, 1);
  EXPECT_EQ(of_layer("[3, 4]", "op: parametric-relu, shape: [3, 4]").parameters, 12);
}

// Quantisation scales, rounds, shifts and clips at both ends: 5 flop an element; a cast has none.
TEST(Conversion, CostsArithmeticOnlyWithAScale) {
  expect_phases(
      of_layer("[10]", "op: conversion, format: fp16"), work(0, 0, 10, 10), work(0, 0, 10, 10), {});
  expect_phases(of_layer("[10]", "op: conversion, scaled: true, format: int8"),
                work(0, 50, 10, 10),
                work(0, 0, 10, 10),
                {});
}

}  // namespace
}  // namespace omniphi::models
