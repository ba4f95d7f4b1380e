#include "models/mapping/primitives.h"

#include <gtest/gtest.h>

namespace omniphi::models {
namespace {

Network one_layer(Op op, std::vector<std::int64_t> shape) {
  Diagnostics diagnostics;
  NetworkBuilder builder;
  builder.add("data", Input{std::move(shape)}, {}, {});
  builder.add(
      "first", Scale{}, {"data"}, {});  // something learnt, so that a gradient is due
  builder.add("layer", std::move(op), {"first"}, {});
  Network network = std::move(builder).finish(diagnostics);
  diagnostics.throw_if_any();
  return network;
}

std::optional<Primitive> primitive(const Network& network, Phase phase, std::int64_t batch) {
  const Layer& layer = network.layers.back();
  return primitive_of(network, layer, complexity(network, layer), phase, batch);
}

TEST(Primitives, OfAConvolutionKeepItsShapeInEveryPhase) {
  Convolution op;
  op.channels = 64;
  op.kernel = {{7}};
  op.stride = {{2}};
  op.pad = {{3}};
  const Network network = one_layer(op, {3, 224, 224});
  const auto forward = std::get<ConvolutionPrimitive>(*primitive(network, Phase::Forward, 32));
  EXPECT_EQ(forward.pass, ConvolutionPass::Forward);
  EXPECT_EQ(forward.batch, 32);
  EXPECT_EQ(forward.input_channels, 3);
  EXPECT_EQ(forward.output_height, 112);
  EXPECT_EQ(forward.macs(), 32 * 64LL * 112 * 112 * 3 * 7 * 7);
  const auto weights =
      std::get<ConvolutionPrimitive>(*primitive(network, Phase::BackwardWeights, 32));
  EXPECT_EQ(weights.pass, ConvolutionPass::BackwardWeights);
  EXPECT_EQ(weights.macs(), forward.macs());
}

TEST(Primitives, OfAnInnerProductAreThreeProductsOfTheSameWork) {
  InnerProduct op;
  op.features = 1000;
  const Network network = one_layer(op, {2048, 1, 1});
  const auto forward = std::get<MatrixProductPrimitive>(*primitive(network, Phase::Forward, 64));
  EXPECT_EQ(forward.m, 1000);
  EXPECT_EQ(forward.n, 64);
  EXPECT_EQ(forward.k, 2048);
  for (const Phase phase : {Phase::BackwardData, Phase::BackwardWeights}) {
    EXPECT_EQ(std::get<MatrixProductPrimitive>(*primitive(network, phase, 64)).macs(),
              forward.macs());
  }
  EXPECT_EQ(std::get<MatrixProductPrimitive>(*primitive(network, Phase::BackwardWeights, 64)).k,
            64);
}

TEST(Primitives, OfAnUpdateDoNotGrowWithTheBatch) {
  InnerProduct op;
  op.features = 10;
  op.bias = false;
  const Network network = one_layer(op, {100});
  const auto update = std::get<StreamPrimitive>(*primitive(network, Phase::Update, 64));
  EXPECT_EQ(update.elements_read, 3 * 1000);  // weight, gradient, momentum
  EXPECT_EQ(update.elements_written, 2 * 1000);
}

TEST(Primitives, AreNoneForWhatCostsNothing) {
  const Network network = one_layer(Reshape{{-1}}, {4, 2, 2});
  EXPECT_FALSE(primitive(network, Phase::Forward, 8));
}

}  // namespace
}  // namespace omniphi::models
