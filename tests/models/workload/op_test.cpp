#include "models/workload/op.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace omniphi::models {
namespace {

TensorShape shape(const Op& op, std::vector<TensorShape> inputs) {
  return output_shape(op, inputs);
}

std::string fault(const Op& op, std::vector<TensorShape> inputs) {
  try {
    output_shape(op, inputs);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

Convolution convolution(std::int64_t channels,
                        std::int64_t kernel,
                        std::int64_t stride = 1,
                        std::int64_t pad = 0) {
  Convolution op;
  op.channels = channels;
  op.kernel = {{kernel}};
  op.stride = {{stride}};
  op.pad = {{pad}};
  return op;
}

Pooling pooling(std::int64_t kernel, std::int64_t stride, std::int64_t pad, Rounding rounding) {
  Pooling op;
  op.kernel = {{kernel}};
  op.stride = {{stride}};
  op.pad = {{pad}};
  op.rounding = rounding;
  return op;
}

TEST(TensorShape, ReadsAsItsDimensions) {
  EXPECT_EQ((TensorShape{{64, 56, 7}}).text(), "64 x 56 x 7");
}

TEST(Convolution, HasAnOutputForEachPositionOfItsFilter) {
  // (227 - 11) / 4 + 1 = 55; (224 + 6 - 7) / 2 + 1 = 112.5, rounded down
  EXPECT_EQ(shape(convolution(96, 11, 4), {{{3, 227, 227}}}), (TensorShape{{96, 55, 55}}));
  EXPECT_EQ(shape(convolution(64, 7, 2, 3), {{{3, 224, 224}}}), (TensorShape{{64, 112, 112}}));
}

TEST(Convolution, TakesOtherNumbersForEachAxisAndAtTheEnd) {
  Convolution op = convolution(8, 1);
  op.kernel = {{1, 7}};
  op.pad = {{0, 3}};
  op.pad_end = PerAxis{{0, 2}};
  EXPECT_EQ(shape(op, {{{4, 17, 17}}}), (TensorShape{{8, 17, 16}}));  // 17 + 5 - 7 + 1 = 16
}

TEST(Convolution, DilationWidensItsFilter) {
  Convolution op = convolution(8, 3);
  op.dilation = {{2}};
  EXPECT_EQ(shape(op, {{{4, 9}}}), (TensorShape{{8, 5}}));  // extent 2 (3 - 1) + 1 = 5: 9 - 5 + 1
}

TEST(Convolution, RefusesWhatItCannotCover) {
  EXPECT_EQ(fault(convolution(8, 5), {{{3, 4, 9}}}),
            "the kernel's extent 5 is larger than the padded input 4 on axis 1");
  EXPECT_EQ(fault(convolution(8, 1), {{{3, 4}}, {{3, 4}}}), "takes one input, got 2");
  EXPECT_EQ(fault(convolution(8, 1), {{{12}}}),
            "takes an input with channels and at least one more axis, got 12");
  Convolution grouped = convolution(8, 1);
  grouped.groups = 3;
  EXPECT_EQ(fault(grouped, {{{6, 4, 4}}}),
            "3 groups do not divide 6 input channels and 8 filters evenly");
  Convolution flat = convolution(8, 1);
  flat.kernel = {{1, 1, 1}};
  EXPECT_EQ(fault(flat, {{{6, 4, 4}}}), "kernel has 3 numbers for 2 spatial axes");
  Convolution still = convolution(8, 1, 0);
  EXPECT_EQ(fault(still, {{{6, 4, 4}}}), "stride must be between 1 and 1099511627776");
}

TEST(Convolution, RefusesSizesThatWouldOverflow) {
  const std::int64_t huge = kLargestTensor;
  EXPECT_EQ(fault(convolution(huge, 1), {{{1, 4, 4}}}),
            "the number of elements, 1099511627776 x 4 x 4, is above the limit of 1099511627776");
  EXPECT_EQ(fault(convolution(1 << 20, 1024, 1, 512), {{{1 << 20, 1, 1}}}),
            "the number of weights, 1048576 x 1048576 x 1024 x 1024, is above the limit of "
            "1099511627776");
  Convolution wide = convolution(1, huge, 1, huge);
  wide.dilation = {{huge}};
  EXPECT_EQ(
      fault(wide, {{{1, 4}}}),
      "the kernel's extent, 1099511627776 x 1099511627776, is above the limit of 1099511627776");
  EXPECT_EQ(
      fault(convolution(1 << 10, 1 << 10, 1, 1 << 9), {{{1 << 10, 1 << 10, 1 << 10}}}),
      "the number of multiply-accumulates, 1024 x 1024 x 1024 x 1075840000, is above the limit of "
      "17592186044416");
}

TEST(Pooling, RoundsAsItIsTold) {
  // (112 - 3) / 2 + 1 = 55.5
  EXPECT_EQ(shape(pooling(3, 2, 0, Rounding::Floor), {{{64, 112, 112}}}),
            (TensorShape{{64, 55, 55}}));
  EXPECT_EQ(shape(pooling(3, 2, 0, Rounding::Ceil), {{{64, 112, 112}}}),
            (TensorShape{{64, 56, 56}}));
}

TEST(Pooling, DropsALastWindowThatWouldLieInThePaddingAlone) {
  // (4 + 2 - 2) / 3 = 1.33 rounds up to 3 windows, but the third begins at 6 >= 4 + 1.
  EXPECT_EQ(shape(pooling(2, 3, 1, Rounding::Ceil), {{{1, 4}}}), (TensorShape{{1, 2}}));
}

TEST(GlobalPooling, LeavesOneElementAChannel) {
  EXPECT_EQ(shape(GlobalPooling{}, {{{2048, 7, 7}}}), (TensorShape{{2048, 1, 1}}));
}

TEST(InnerProduct, FlattensItsInput) {
  EXPECT_EQ(shape(InnerProduct{.features = 4096}, {{{256, 6, 6}}}), (TensorShape{{4096}}));
}

TEST(Gemm, TakesNoLayerAndYieldsRowsByColumns) {
  EXPECT_EQ(shape(Gemm{.m = 1760, .n = 16, .k = 1024}, {}), (TensorShape{{1760, 16}}));
  EXPECT_EQ(fault(Gemm{.m = 1, .n = 1, .k = 1}, {{{1}}}), "takes no input, got 1");
}

TEST(ElementWise, TakesTwoOrMoreInputsThatBroadcast) {
  EXPECT_EQ(shape(ElementWise{}, {{{8, 4}}, {{8, 4}}, {{8, 4}}}), (TensorShape{{8, 4}}));
  EXPECT_EQ(shape(ElementWise{}, {{{8, 1, 4}}, {{3, 1}}}), (TensorShape{{8, 3, 4}}));
  EXPECT_EQ(fault(ElementWise{}, {{{8, 4}}}), "takes at least two inputs, got 1");
  EXPECT_EQ(fault(ElementWise{}, {{{8, 4}}, {{4, 8}}}),
            "its inputs do not broadcast: 8 x 4 and 4 x 8");
}

TEST(Concatenation, AddsUpOneAxis) {
  EXPECT_EQ(shape(Concatenation{}, {{{64, 7, 7}}, {{32, 7, 7}}, {{1, 7, 7}}}),
            (TensorShape{{97, 7, 7}}));
  EXPECT_EQ(shape(Concatenation{.axis = 1}, {{{2, 3}}, {{2, 5}}}), (TensorShape{{2, 8}}));
  EXPECT_EQ(fault(Concatenation{}, {{{2, 3}}, {{2, 5}}}),
            "its inputs differ on another axis than 0: 2 x 3 and 2 x 5");
  EXPECT_EQ(fault(Concatenation{.axis = 1}, {{{2, 3}}, {{2}}}),
            "its inputs differ on another axis than 1: 2 x 3 and 2");
  EXPECT_EQ(fault(Concatenation{.axis = 2}, {{{2, 3}}}),
            "there is no axis 2 in an input of shape 2 x 3");
}

TEST(Reshape, KeepsTheNumberOfElements) {
  EXPECT_EQ(shape(Reshape{.shape = {-1, 3}}, {{{2, 6}}}), (TensorShape{{4, 3}}));
  EXPECT_EQ(fault(Reshape{.shape = {5, -1}}, {{{2, 6}}}),
            "12 elements do not make a shape of 5 x -1");
  EXPECT_EQ(fault(Reshape{.shape = {-1, -1}}, {{{2, 6}}}),
            "every dimension must be at least 1, got 1 x -1");
}

TEST(Transpose, OrdersTheAxesAnew) {
  EXPECT_EQ(shape(Transpose{.order = {2, 0, 1}}, {{{5, 6, 7}}}), (TensorShape{{7, 5, 6}}));
  EXPECT_EQ(fault(Transpose{.order = {0, 0, 1}}, {{{5, 6, 7}}}),
            "order must name each of the 3 axes of the input once");
}

TEST(Input, RefusesTensorsThatAreTooLargeOrHaveTooManyAxes) {
  EXPECT_EQ(fault(Input{.shape = {std::int64_t{1} << 62, 4}}, {}),
            "the number of elements, 4611686018427387904 x 4, is above the limit of 1099511627776");
  EXPECT_EQ(fault(Input{.shape = std::vector<std::int64_t>(9, 1)}, {}),
            "a tensor has 1 to 8 axes, got 9");
  EXPECT_EQ(fault(Input{}, {}), "a tensor has 1 to 8 axes, got 0");
}

TEST(Op, IsCalledAsInTheYaml) {
  EXPECT_EQ(op_name(Convolution{}), "convolution");
  EXPECT_EQ(op_name(BatchNormalization{}), "batch-normalization");
}

}  // namespace
}  // namespace omniphi::models
