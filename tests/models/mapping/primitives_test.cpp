#include "models/mapping/primitives.h"

#include <gtest/gtest.h>

namespace omniphi::models {
namespace {

Network one_layer(Op op, std::vector<std::int64_t> shape) {
  Diagnostics diagnostics;
  NetworkBuilder builder;
  builder.add("data", Input{std::move(shape)}, {}, {});
  builder.add("first", Scale{}, {"data"}, {});  // something learnt, so that a gradient is due
  builder.add("layer", std::move(op), {"first"}, {});
  Network network = std::move(builder).finish(diagnostics);
  diagnostics.throw_if_any();
  return network;
}

/// Of the last layer.
std::vector<KernelCalls> calls(const Network& network, Phase phase, std::int64_t batch) {
  const Layer& layer = network.layers.back();
  return calls_of(network, layer, complexity(network, layer), phase, batch);
}

/// The only call of the last layer.
Primitive primitive(const Network& network, Phase phase, std::int64_t batch) {
  const std::vector<KernelCalls> all = calls(network, phase, batch);
  EXPECT_EQ(all.size(), 1);
  EXPECT_EQ(all.at(0).count, 1);
  return all.at(0).primitive;
}

TEST(Primitives, OfAConvolutionKeepItsShapeInEveryPhase) {
  Convolution op;
  op.channels = 64;
  op.kernel = {{7}};
  op.stride = {{2}};
  op.pad = {{3}};
  const Network network = one_layer(op, {3, 224, 224});
  const auto forward = std::get<ConvolutionPrimitive>(primitive(network, Phase::Forward, 32));
  EXPECT_EQ(forward.pass, ConvolutionPass::Forward);
  EXPECT_EQ(forward.batch, 32);
  EXPECT_EQ(forward.input_channels, 3);
  EXPECT_EQ(forward.output_height, 112);
  EXPECT_EQ(forward.macs(), 32 * 64LL * 112 * 112 * 3 * 7 * 7);
  const auto weights =
      std::get<ConvolutionPrimitive>(primitive(network, Phase::BackwardWeights, 32));
  EXPECT_EQ(weights.pass, ConvolutionPass::BackwardWeights);
  EXPECT_EQ(weights.macs(), forward.macs());
}

TEST(Primitives, OfAnInnerProductAreThreeProductsOfTheSameWork) {
  InnerProduct op;
  op.features = 1000;
  const Network network = one_layer(op, {2048, 1, 1});
  const auto forward = std::get<MatrixProductPrimitive>(primitive(network, Phase::Forward, 64));
  EXPECT_EQ(forward.m, 1000);
  EXPECT_EQ(forward.n, 64);
  EXPECT_EQ(forward.k, 2048);
  for (const Phase phase : {Phase::BackwardData, Phase::BackwardWeights}) {
    EXPECT_EQ(std::get<MatrixProductPrimitive>(primitive(network, phase, 64)).macs(),
              forward.macs());
  }
  EXPECT_EQ(std::get<MatrixProductPrimitive>(primitive(network, Phase::BackwardWeights, 64)).k, 64);
}

TEST(Primitives, OfAnUpdateDoNotGrowWithTheBatch) {
  InnerProduct op;
  op.features = 10;
  op.bias = false;
  const Network network = one_layer(op, {100});
  const auto update = std::get<StreamPrimitive>(primitive(network, Phase::Update, 64));
  EXPECT_EQ(update.elements_read, 3 * 1000);  // weight, gradient, momentum
  EXPECT_EQ(update.elements_written, 2 * 1000);
}

TEST(Primitives, AreNoneForWhatCostsNothing) {
  const Network network = one_layer(Reshape{{-1}}, {4, 2, 2});
  EXPECT_TRUE(calls(network, Phase::Forward, 8).empty());
}

std::int64_t macs_of(const std::vector<KernelCalls>& all) {
  double flop = 0;
  for (const KernelCalls& c : all) {
    if (!std::holds_alternative<StreamPrimitive>(c.primitive)) {
      flop += work(c.primitive).value() * static_cast<double>(c.count);
    }
  }
  return static_cast<std::int64_t>(flop / 2);
}

TEST(Primitives, OfATransposedConvolutionAreAConvolutionsTheOtherWayRound) {
  TransposedConvolution op;
  op.channels = 8;
  op.kernel = {{4}};
  op.stride = {{2}};
  op.pad = {{1}};
  const Network network = one_layer(op, {16, 10, 10});  // to [8, 20, 20]
  const auto forward = std::get<ConvolutionPrimitive>(primitive(network, Phase::Forward, 2));
  EXPECT_EQ(forward.pass, ConvolutionPass::BackwardData);
  EXPECT_EQ(forward.input_channels, 8);
  EXPECT_EQ(forward.input_width, 20);
  EXPECT_EQ(forward.output_channels, 16);
  EXPECT_EQ(forward.output_width, 10);
  EXPECT_EQ(forward.macs(), 2 * 16 * 100 * 8 * 16);  // each input element meets 8 x 4 x 4 taps
  EXPECT_EQ(std::get<ConvolutionPrimitive>(primitive(network, Phase::BackwardData, 2)).pass,
            ConvolutionPass::Forward);
}

TEST(Primitives, OfAnInnerProductOverTheLastAxisTakeEachPositionForASample) {
  InnerProduct op;
  op.features = 32;
  op.axis = -1;
  const Network network = one_layer(op, {16, 64});
  const auto forward = std::get<MatrixProductPrimitive>(primitive(network, Phase::Forward, 8));
  EXPECT_EQ(forward.m, 32);
  EXPECT_EQ(forward.n, 8 * 16);
  EXPECT_EQ(forward.k, 64);
}

TEST(Primitives, OfALongShortTermMemoryMultiplyItsStateStepByStep) {
  Recurrent op;
  op.hidden = 32;
  op.layers = 2;
  op.bidirectional = true;
  const Network network = one_layer(op, {16, 48});
  const std::vector<KernelCalls> forward = calls(network, Phase::Forward, 4);
  ASSERT_EQ(forward.size(), 5);  // input and state of each of the two layers, and the gates
  const auto input = std::get<MatrixProductPrimitive>(forward[0].primitive);
  EXPECT_EQ(input.m, 4 * 32);
  EXPECT_EQ(input.n, 16 * 4);
  EXPECT_EQ(input.k, 48);
  EXPECT_EQ(forward[0].count, 2);
  const auto state = std::get<MatrixProductPrimitive>(forward[1].primitive);
  EXPECT_EQ(state.n, 4);
  EXPECT_EQ(state.k, 32);
  EXPECT_EQ(forward[1].count, 2 * 16);
  EXPECT_EQ(std::get<MatrixProductPrimitive>(forward[2].primitive).k, 64);
}

TEST(Primitives, OfAttentionAreAProductForEachHeadAndSample) {
  Attention op;
  op.heads = 4;
  const Network network = one_layer(op, {16, 96});  // heads of 96 / 12 = 8
  const std::vector<KernelCalls> forward = calls(network, Phase::Forward, 2);
  ASSERT_EQ(forward.size(), 3);
  const auto scores = std::get<MatrixProductPrimitive>(forward[0].primitive);
  EXPECT_EQ(scores.m, 16);
  EXPECT_EQ(scores.n, 16);
  EXPECT_EQ(scores.k, 8);
  EXPECT_EQ(scores.products, 4 * 2);
}

/// Whatever a layer's rule counts, its calls do.
TEST(Primitives, DoTheMultiplyAccumulatesThatTheLayerCounts) {
  Recurrent gru{.cell = Cell::Gru, .hidden = 24, .layers = 3};
  Recurrent lstm{.hidden = 24, .layers = 2, .bidirectional = true};
  Convolution depth_wise;
  depth_wise.channels = 16;
  depth_wise.kernel = {{3}};
  depth_wise.groups = 16;
  TransposedConvolution up;
  up.channels = 8;
  up.kernel = {{3}};
  up.groups = 4;
  const std::vector<std::pair<Op, std::vector<std::int64_t>>> cases{
      {gru, {10, 36}},
      {lstm, {10, 36}},
      {depth_wise, {16, 9, 7}},
      {up, {16, 9, 7}},
      {Attention{.heads = 3, .past = 5}, {10, 36}},
      {InnerProduct{.features = 11, .axis = 1}, {4, 5, 6}}};
  for (const auto& [op, shape] : cases) {
    const Network network = one_layer(op, shape);
    const Complexity c = complexity(network, network.layers.back());
    for (const Phase phase : {Phase::Forward, Phase::BackwardData, Phase::BackwardWeights}) {
      EXPECT_EQ(macs_of(calls(network, phase, 7)), 7 * c.phase(phase).macs)
          << op_name(op) << ' ' << phase_name(phase);
    }
  }
}

}  // namespace
}  // namespace omniphi::models
