#include "models/workload/op/arrangement.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

TEST(Slice, CountsElementsAsPythonDoes) {
  const std::vector<TensorShape> input{{{4, 10}}};
  // x[:, 2:-1] has elements 2 to 8; x[:, 9:-11:-3] has 9, 6, 3 and 0; x[:, 5:5] none.
  EXPECT_EQ(shape_or_fault(Slice{.axes = {1}, .begin = {2}, .end = {-1}}, input), "4 x 7");
  EXPECT_EQ(shape_or_fault(Slice{.axes = {-1}, .begin = {9}, .end = {-11}, .step = {-3}}, input),
            "4 x 4");
  EXPECT_EQ(shape_or_fault(Slice{.axes = {1}, .begin = {5}, .end = {5}}, input),
            "keeps no element of 10 on axis 1: 5 to 5");
}

TEST(Slice, ReadsWhatItKeepsAndWritesZerosBesideItsGradient) {
  expect_phases(of_layer("[4, 10]", "op: slice, axes: [1], begin: [2], end: [-1]"),
                work(0, 0, 28, 28),
                work(0, 0, 28, 40),
                {});
}

TEST(Gather, PutsTheIndicesInTheAxisPlace) {
  EXPECT_EQ(shape_or_fault(Gather{.axis = 1, .indices = {{2, 3}}}, {{{5, 7}}}), "5 x 2 x 3");
  EXPECT_EQ(shape_or_fault(Gather{.axis = 1, .indices = {{}}}, {{{5, 7}}}), "5");
  EXPECT_EQ(shape_or_fault(Gather{}, {{{5, 7}}}), "takes 2 inputs, got 1");
}

// Rows 0, 4 and 2 of [5, 7]: 21 elements, and 3 indices where a layer computes them.
TEST(Gather, ReadsIndicesAndRowsAndAddsTheirGradients) {
  expect_phases(
      of_layer("[5, 7]", "op: gather, indices: [3]"), work(0, 0, 21, 21), work(0, 21, 21, 35), {});
  expect_phases(of_two("[5, 7]", "[3]", "op: gather"), work(0, 0, 24, 21), work(0, 21, 24, 35), {});
}

TEST(Pad, AddsABorderOrCutsItOff) {
  expect_phases(of_layer("[2, 3]", "op: pad, begin: [1, 0], end: [0, 2]"),
                work(0, 0, 6, 15),  // 3 x 5
                work(0, 0, 15, 6),
                {});
  EXPECT_EQ(shape_or_fault(Pad{.begin = {0, -1}}, {{{2, 3}}}), "2 x 1");
  EXPECT_EQ(shape_or_fault(Pad{.begin = {1}}, {{{2, 3}}}), "pads 1 axes of 2");
}

TEST(Expand, RepeatsAndAddsTheGradientsOfTheCopies) {
  expect_phases(of_layer("[3, 1]", "op: expand, shape: [2, 3, 4]"),
                work(0, 0, 3, 24),
                work(0, 24, 24, 3),
                {});
  EXPECT_EQ(shape_or_fault(Expand{.shape = {2, 4}}, {{{3, 1}}}), "3 x 1 does not repeat to 2 x 4");
}

// Twice the nearest is a copy of 192 elements; between 2 x 2 neighbours it is a product and a sum
// for each of the 4, on 3 x 6 x 6 elements; between 4 on one axis, on 24 elements.
TEST(Resize, MultipliesEachNeighbour) {
  expect_phases(of_layer("[3, 4, 4]", "op: resize, scale: 2"),
                work(0, 0, 48, 192),
                work(0, 192, 192, 48),
                {});
  expect_phases(of_layer("[3, 4, 4]", "op: resize, mode: linear, size: 6"),
                work(0, 8 * 108, 48, 108),
                work(0, 8 * 108, 108, 48),
                {});
  EXPECT_EQ(of_layer("[2, 4]", "op: resize, mode: cubic, scale: 3").phase(Phase::Forward),
            work(0, 8 * 24, 8, 24));
  EXPECT_EQ(shape_or_fault(Resize{}, {{{3, 4, 4}}}), "needs either a size or a scale");
}

TEST(DepthToSpace, MovesChannelsIntoBlocksAndBack) {
  EXPECT_EQ(shape_or_fault(DepthToSpace{.block = 2}, {{{8, 2, 3}}}), "2 x 4 x 6");
  EXPECT_EQ(shape_or_fault(DepthToSpace{.block = 2, .inverse = true}, {{{2, 4, 6}}}), "8 x 2 x 3");
  EXPECT_EQ(shape_or_fault(DepthToSpace{.block = 3}, {{{8, 2, 3}}}),
            "blocks of 3 do not divide 8 x 2 x 3 evenly");
  expect_phases(of_layer("[8, 2, 3]", "op: depth-to-space, block_size: 2"),
                work(0, 0, 48, 48),
                work(0, 0, 48, 48),
                {});
}

TEST(Pass, CostsWhatItStatesForEachElementOfItsOutput) {
  expect_phases(
      of_layer("[10]", "op: pass, shape: [2, 3], operations: 5"), work(0, 30, 10, 6), {}, {});
  expect_phases(of_layer("[10]", "op: pass, shape: [2, 3], operations: 5, gradient: true"),
                work(0, 30, 10, 6),
                work(0, 30, 16, 10),
                {});
}

}  // namespace
}  // namespace omniphi::models
