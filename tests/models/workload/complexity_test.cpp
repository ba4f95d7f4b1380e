#include "models/workload/complexity.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

TEST(Convolution, CostsItsTapsForEachOutput) {
  // y = 10 x 6 x 6 = 360, x = 8 x 6 x 6 = 288, taps = 8 / 2 x 3 x 3 = 36: 360 x 36 = 12,960 MACs.
  const Complexity c =
      of_layer("[8, 6, 6]", "op: convolution, channels: 10, kernel: 3, pad: 1, groups: 2");
  EXPECT_EQ(c.parameters, 10 * 36 + 10);
  EXPECT_EQ(c.macs(), 12960);
  EXPECT_EQ(c.activations, 360);
  expect_phases(c,
                work(12960, 360, 288, 360, 370, 0),
                work(12960, 0, 360, 288, 360, 0),
                work(12960, 360, 648, 0, 0, 370));
  EXPECT_EQ(c.phase(Phase::Update), work(0, 4 * 370, 0, 0, 3 * 370, 2 * 370));
}

TEST(Convolution, WithoutBiasHasNeitherItsParametersNorItsAdditions) {
  const Complexity c = of_layer("[4, 8]", "op: convolution, channels: 2, kernel: 1, bias: false");
  EXPECT_EQ(c.parameters, 8);
  expect_phases(c, work(64, 0, 32, 16, 8, 0), work(64, 0, 16, 32, 8, 0), work(64, 0, 48, 0, 0, 8));
}

TEST(Complexity, NeedsNoGradientOfTheNetworksInput) {
  const Network network = network_from(
      "layers: [{name: data, op: input, shape: [4, 8]}, {name: x, op: convolution, channels: 2}]");
  const Complexity c = complexity(network, network.layers[1]);
  EXPECT_EQ(c.phase(Phase::BackwardData), PhaseWork{});
  EXPECT_EQ(c.phase(Phase::BackwardWeights).macs, 64);
}

TEST(InnerProduct, CostsAMacForEachWeight) {
  const Complexity c = of_layer("[8, 3, 3]", "op: inner-product, features: 5");
  EXPECT_EQ(c.parameters, 72 * 5 + 5);
  expect_phases(
      c, work(360, 5, 72, 5, 365, 0), work(360, 0, 5, 72, 360, 0), work(360, 5, 77, 0, 0, 365));
}

TEST(Gemm, ReadsBothOperandsAndHasNoBackward) {
  const Network network = network_from("layers: [{name: c, op: gemm, m: 1760, n: 16, k: 1024}]");
  const Complexity c = complexity(network);
  EXPECT_EQ(c.parameters, 0);
  expect_phases(c, work(28835840, 0, 1024 * (1760 + 16), 1760 * 16, 0, 0), {}, {});
}

TEST(Pooling, VisitsEachElementOfEachWindow) {
  // y = 2 x 3 x 3 = 18 of x = 2 x 6 x 6 = 72; 4 elements a window.
  expect_phases(of_layer("[2, 6, 6]", "op: pooling, mode: max, kernel: 2, stride: 2"),
                work(0, 72, 72, 18, 0, 0),
                work(0, 18, 18, 72, 0, 0),
                {});
  expect_phases(of_layer("[2, 6, 6]", "op: pooling, mode: average, kernel: 2, stride: 2"),
                work(0, 72, 72, 18, 0, 0),
                work(0, 72, 18, 72, 0, 0),
                {});
}

TEST(GlobalPooling, ReadsAllAndWritesAnElementAChannel) {
  expect_phases(of_layer("[2, 6, 6]", "op: global-pooling"),
                work(0, 72, 72, 2, 0, 0),
                work(0, 72, 2, 72, 0, 0),
                {});
}

TEST(BatchNormalization, ReadsItsInputTwiceEachWay) {
  // x = 4 x 10 = 40; forward 3 + 2 flop an element, backward 4 + 5.
  const Complexity c = of_layer("[4, 10]", "op: batch-normalization");
  EXPECT_EQ(c.parameters, 8);
  EXPECT_EQ(c.statistics, 8);
  expect_phases(
      c, work(0, 200, 80, 40, 8, 0), work(0, 200, 80, 40, 4, 0), work(0, 160, 80, 0, 0, 8));
}

TEST(BatchNormalization, WithoutLearntFactorsHasOnlyAGradientOfItsInput) {
  const Complexity c = of_layer("[4, 10]", "op: batch-normalization, affine: false");
  EXPECT_EQ(c.parameters, 0);
  expect_phases(c, work(0, 200, 80, 40, 0, 0), work(0, 360, 160, 40, 0, 0), {});
}

TEST(Scale, CostsAFlopForFactorAndTerm) {
  expect_phases(of_layer("[4, 10]", "op: scale"),
                work(0, 80, 40, 40, 8, 0),
                work(0, 40, 40, 40, 4, 0),
                work(0, 120, 80, 0, 0, 8));
  expect_phases(of_layer("[4, 10]", "op: scale, scale: false"),
                work(0, 40, 40, 40, 4, 0),
                {},
                work(0, 40, 40, 0, 0, 4));
}

TEST(LocalResponseNormalization, GrowsWithItsWindowAndKeepsItsSums) {
  const Complexity c = of_layer("[8, 5]", "op: local-response-normalization, size: 5");
  expect_phases(c, work(0, 9 * 40, 40, 80, 0, 0), work(0, 10 * 40, 160, 40, 0, 0), {});
  EXPECT_EQ(c.activations, 80);
}

TEST(Activation, WorksInPlaceAndReadsOutputAndGradientBack) {
  const Complexity relu = of_layer("[8, 5]", "op: activation");
  expect_phases(relu, work(0, 40, 40, 40, 0, 0), work(0, 40, 80, 40, 0, 0), {});
  EXPECT_EQ(relu.activations, 0);
  expect_phases(of_layer("[8, 5]", "op: activation, function: tanh"),
                work(0, 160, 40, 40, 0, 0),
                work(0, 120, 80, 40, 0, 0),
                {});
}

TEST(ElementWise, SumCopiesItsGradientToEachInputThatHasOne) {
  expect_phases(of_layer("[8, 5]", "op: element-wise, from: [learnt, learnt, data]"),
                work(0, 80, 120, 40, 0, 0),
                work(0, 0, 80, 80, 0, 0),
                {});
}

TEST(ElementWise, ProductMultipliesItsGradientByTheOtherInputs) {
  expect_phases(
      of_layer("[8, 5]", "op: element-wise, combination: product, from: [learnt, learnt, data]"),
      work(0, 80, 120, 40, 0, 0),
      work(0, 160, 240, 80, 0, 0),
      {});
}

TEST(Concatenation, Copies) {
  expect_phases(of_layer("[8, 5]", "op: concatenation, from: [learnt, data]"),
                work(0, 0, 80, 80, 0, 0),
                work(0, 0, 80, 80, 0, 0),
                {});
}

TEST(Softmax, HasTheGradientOfCrossEntropy) {
  expect_phases(
      of_layer("[10]", "op: softmax"), work(0, 50, 10, 10, 0, 0), work(0, 10, 10, 10, 0, 0), {});
}

TEST(Dropout, WorksInPlace) {
  const Complexity c = of_layer("[10]", "op: dropout");
  expect_phases(c, work(0, 10, 10, 10, 0, 0), work(0, 10, 10, 10, 0, 0), {});
  EXPECT_EQ(c.activations, 0);
}

TEST(Reshape, CostsNothing) {
  const Complexity c = of_layer("[2, 6]", "op: reshape, shape: [12]");
  expect_phases(c, {}, {}, {});
  EXPECT_EQ(c.activations, 0);
}

TEST(Transpose, Copies) {
  expect_phases(of_layer("[2, 6]", "op: transpose, order: [1, 0]"),
                work(0, 0, 12, 12, 0, 0),
                work(0, 0, 12, 12, 0, 0),
                {});
}

TEST(Complexity, OfANetworkIsTheSumOverItsLayers) {
  const Network network = network_from(
      "layers: [{name: data, op: input, shape: [4, 8]}, {name: a, op: convolution, channels: 2}, "
      "{name: b, op: batch-normalization}, {name: c, op: inner-product, features: 3}]");
  const Complexity sum = complexity(network);
  EXPECT_EQ(sum.parameters, (4 * 2 + 2) + 4 + (16 * 3 + 3));
  EXPECT_EQ(sum.statistics, 4);
  EXPECT_EQ(sum.macs(), 64 + 48);
  EXPECT_EQ(sum.activations, 32 + 16 + 16 + 3);
}

TEST(Phase, HasANameForReports) {
  EXPECT_EQ(phase_name(Phase::Forward), "forward");
  EXPECT_EQ(phase_name(Phase::BackwardData), "backward-data");
  EXPECT_EQ(phase_name(Phase::BackwardWeights), "backward-weights");
  EXPECT_EQ(phase_name(Phase::Update), "update");
}

}  // namespace
}  // namespace omniphi::models
