// Families of operators, each against figures worked by hand.

#include <string>

#include <gmock/gmock.h>

#include "models/workload/complexity.h"
#include "tests/models/workload/importers/onnx_models.h"

namespace omniphi::models {

namespace {

using testing::ElementsAre;

std::int64_t macs(const Network& network) {
  return complexity(network).macs();
}

std::int64_t parameters(const Network& network) {
  return complexity(network).parameters;
}

TEST(OnnxConvolution, CountsFramesOfAVideoAsOneSample) {
  // 5 frames of 3 x 8 x 8, folded into the batch for a 2-D convolution: 5 x 4 x 64 outputs of 27
  // products.
  const Network network = read_graph(R"(g (float[N, 5, 3, 8, 8] x) => (float y) {
    s = Constant <value = int64[4] {-1, 3, 8, 8}> ()
    f = Reshape (x, s)
    y = Conv <pads = [1, 1, 1, 1]> (f, w)
  })",
                                     {{"w", {4, 3, 3, 3}}});
  EXPECT_EQ(macs(network), 5 * 4 * 64 * 27);
  EXPECT_EQ(parameters(network), 4 * 27);
}

TEST(OnnxConvolution, CountsAWholeBatchWhereSamplesMix) {
  const std::string conv = "g (float[16, 3, 8, 8] x) => (float y) { a = Conv (x, w) ";
  const Weights weights{{"w", {4, 3, 1, 1}}};
  EXPECT_EQ(macs(read_graph(conv + "y = Relu (a) }", weights)), 4 * 64 * 3);
  const Network mixed = read_graph(conv + "y = ReduceSum (a) }", weights);
  EXPECT_EQ(macs(mixed), 16 * 4 * 64 * 3);
  EXPECT_TRUE(
      has_note(mixed,
               NoteKind::Approximated,
               "(ReduceSum): works across the batch of 16, which is counted as one sample"));
}

TEST(OnnxConvolution, ReadsTransposedOnes) {
  // 2 (8 - 1) - 2 x 1 + (4 - 1) + 1 = 16: each of 8 x 8 x 6 inputs meets 3 x 16 weights.
  const Network network = read_graph(
      "g (float[N, 6, 8, 8] x) => (float y) { y = ConvTranspose <strides = [2, 2], pads = [1, 1, "
      "1, "
      "1]> (x, w) }",
      {{"w", {6, 3, 4, 4}}});
  EXPECT_EQ(output_of(network), (TensorShape{{3, 16, 16}}));
  EXPECT_EQ(macs(network), 8 * 8 * 6 * 3 * 16);
}

TEST(OnnxConvolution, PadsTransposedOnesToTheShapeAskedFor) {
  // Unpadded 3 (10 - 1) + 3 = 30, asked for 32: two elements more at the end.
  const Network network = read_graph(
      "g (float[N, 1, 10] x) => (float y) { y = ConvTranspose <strides = [3], output_shape = [32]> "
      "(x, w) }",
      {{"w", {1, 2, 3}}});
  EXPECT_EQ(output_of(network), (TensorShape{{2, 32}}));
  EXPECT_EQ(only<TransposedConvolution>(network).output_pad, PerAxis{{2}});
}

TEST(OnnxConvolution, TakesGraphInputsForWeightsWhereTheyCanBeNothingElse) {
  const Network network = read_graph(
      "g (float[N, 3, 8, 8] x, float[4, 3, 3, 3] w, float[4] b) => (float y) { y = Conv (x, w, b) "
      "}");
  EXPECT_EQ(parameters(network), 4 * 27 + 4);
  EXPECT_EQ(count<Input>(network), 1);
  EXPECT_TRUE(has_note(network, NoteKind::Folded, "2 graph input, the first \"w\""));
}

TEST(OnnxProducts, MultiplyPositionsWithTheSameWeights) {
  const Network network =
      read_graph("g (float[N, 7, 16] x) => (float y) { p = MatMul (x, w)  y = Add (p, b) }",
                 {{"w", {16, 32}}, {"b", {32}}});
  EXPECT_EQ(macs(network), 7 * 16 * 32);
  EXPECT_EQ(parameters(network), 16 * 32 + 32);
  EXPECT_THAT(op_names(network), ElementsAre("input", "inner-product"));
}

TEST(OnnxProducts, MultiplyActivationsHeadByHead) {
  // Attention as its parts: 4 heads, 9 queries, 11 keys of 8, then of 8 again.
  const Network network = read_graph(R"(g (float[N, 4, 9, 8] q, float[N, 4, 11, 8] k) => (float y) {
    t = Transpose <perm = [0, 1, 3, 2]> (k)
    s = MatMul (q, t)
    p = Softmax (s)
    y = MatMul (p, k)
  })");
  EXPECT_EQ(macs(network), 2 * 4 * 9 * 11 * 8);
  EXPECT_EQ(output_of(network), (TensorShape{{4, 9, 8}}));
  EXPECT_EQ(only<Softmax>(network).axis, 2);
}

TEST(OnnxProducts, TakeATransposedWeightForTheWeight) {
  // A tied embedding: the table that ids are looked up in makes the scores too.
  const Network network = read_graph(R"(g (int64[N, 5] ids) => (float y) {
    e = Gather (table, ids)
    t = Transpose (table)
    y = MatMul (e, t)
  })",
                                     {{"table", {100, 16}}});
  EXPECT_EQ(parameters(network), 100 * 16);
  EXPECT_EQ(macs(network), 5 * 16 * 100);
}

TEST(OnnxProducts, ReadEinsteinSums) {
  const auto sum = [](const std::string& equation) {
    return read_graph(
        "g (float[N, 6, 4, 8] a, float[N, 5, 4, 8] b) => (float y) { y = Einsum "
        "<equation = \"" +
        equation + "\"> (a, b) }");
  };
  EXPECT_EQ(macs(sum("bqhd,bkhd->bhqk")), 4 * 6 * 5 * 8);
  EXPECT_EQ(macs(sum("bqhd, bkhd -> bhqk")), 4 * 6 * 5 * 8);
  EXPECT_EQ(macs(sum("bqhd,bkhd->bqk")), 6 * 5 * 4 * 8);
}

TEST(OnnxProducts, ShareABiasThatSeveralLayersAdd) {
  const Network network = read_graph(R"(g (float[N, 8] x) => (float y) {
    p = Gemm (x, w, b)
    y = Gemm (p, v, b)
  })",
                                     {{"w", {8, 8}}, {"v", {8, 8}}, {"b", {8}}});
  EXPECT_EQ(parameters(network), 64 + 64 + 8);
}

TEST(OnnxCombinations, BroadcastActivations) {
  const Network network =
      read_graph("g (float[N, 4, 6] x, float[N, 4, 1] s) => (float y) { y = Mul (x, s) }");
  EXPECT_EQ(only<ElementWise>(network).combination, Combination::Product);
  EXPECT_EQ(output_of(network), (TensorShape{{4, 6}}));
}

TEST(OnnxCombinations, TakeConstantsForLearntOnlyIfTheyAreMany) {
  const std::string graph = "g (float[N, 4, 6] x) => (float y) { y = Mul (x, w) }";
  EXPECT_EQ(parameters(read_graph(graph, {{"w", {4, 6}}})), 24);
  EXPECT_EQ(parameters(read_graph(graph, {{"w", {6}}})), 6);
  EXPECT_EQ(parameters(read_graph(graph, {{"w", {1}}})), 0);
  // A causal mask is no weight.
  EXPECT_EQ(parameters(read_graph(R"(g (float[N, 2, 2] x) => (float y) {
    mask = Constant <value = bool[2, 2] {1, 0, 1, 1}> ()
    low = Constant <value = float {-10000}> ()
    y = Where (mask, x, low)
  })")),
            0);
}

TEST(OnnxReductions, TellTheAxesOfTheSample) {
  const Network network = read_graph(
      "g (float[N, 4, 6, 8] x) => (float y) { y = ReduceMean <axes = [2, -1], keepdims = 0> (x) }");
  EXPECT_THAT(only<Reduction>(network).axes, ElementsAre(1, 2));
  EXPECT_EQ(output_of(network), (TensorShape{{4}}));
}

TEST(OnnxReductions, ReadSoftmaxOverAllThatFollowsUpToOperatorSet12) {
  const std::string graph = "g (float[N, 4, 6] x) => (float y) { y = Softmax <axis = 1> (x) }";
  EXPECT_EQ(only<Softmax>(read_graph(graph, {}, 12)).axis, std::nullopt);
  EXPECT_EQ(only<Softmax>(read_graph(graph, {}, 13)).axis, 0);
}

TEST(OnnxNormalizations, CountScaleAndShift) {
  EXPECT_EQ(parameters(read_graph(
                "g (float[N, 5, 16] x) => (float y) { y = LayerNormalization (x, s, b) }",
                {{"s", {16}}, {"b", {16}}},
                17)),
            32);
  EXPECT_EQ(parameters(read_graph(
                "g (float[N, 6, 4] x) => (float y) { y = InstanceNormalization (x, s, b) }",
                {{"s", {6}}, {"b", {6}}})),
            12);
}

TEST(OnnxShapes, CostNothing) {
  const Network network = read_graph(R"(g (float[N, 4, 6] x) => (float y) {
    s = Shape (x)
    n = Size (x)
    o = ConstantOfShape (s)
    e = Expand (x, s)
    a = Constant <value = int64[1] {0}> ()
    u = Unsqueeze (e, a)
    y = Flatten (u)
  })");
  EXPECT_EQ(complexity(network).phase(Phase::Forward), PhaseWork{});
  EXPECT_TRUE(has_note(network,
                       NoteKind::Free,
                       "Shape \"s\": costs nothing, since no sample changes what it gives"));
}

TEST(OnnxShapes, DropWhatHasNoElements) {
  const Network network = read_graph(
      "g (float[N, 0, 6] past, float[N, 4, 6] x) => (float y) { a = Concat <axis = 1> (past, x)  y "
      "= "
      "Relu (a) }");
  EXPECT_THAT(op_names(network), ElementsAre("input", "activation"));
  EXPECT_EQ(output_of(network), (TensorShape{{4, 6}}));
}

TEST(OnnxImages, ResizeToScalesAndSizes) {
  const Network scaled = read_graph(R"(g (float[N, 3, 5, 7] x) => (float y) {
    s = Constant <value = float[4] {1.0, 1.0, 2.0, 1.5}> ()
    y = Resize <mode = "linear"> (x, , s)
  })");
  EXPECT_EQ(output_of(scaled), (TensorShape{{3, 10, 10}}));  // floor(7 x 1.5) = 10
  EXPECT_EQ(only<Resize>(scaled).mode, Interpolation::Linear);
}

TEST(OnnxRecurrent, CountsBothDirectionsAndGates) {
  // LSTM of 5 steps, 6 features, 2 directions of 8: 4 gates x 8 x (6 + 8) weights each and 2
  // biases.
  const Network network = read_graph(
      "g (float[5, N, 6] x) => (float y) { y, h, c = LSTM <hidden_size = 8, direction = "
      "\"bidirectional\"> (x, w, r, b) }",
      {{"w", {2, 32, 6}}, {"r", {2, 32, 8}}, {"b", {2, 64}}});
  EXPECT_EQ(macs(network), 5 * 2 * 32 * (6 + 8));
  EXPECT_EQ(parameters(network), 2 * 32 * (6 + 8) + 2 * 64);
  const auto& op = only<Recurrent>(network);
  EXPECT_TRUE(op.bidirectional);
  EXPECT_EQ(op.biases, 2);
}

TEST(OnnxRecurrent, GivesTheLastStateAlone) {
  const Network network =
      read_graph("g (float[5, N, 6] x) => (float h) { y, h = GRU <hidden_size = 8> (x, w, r) }",
                 {{"w", {1, 24, 6}}, {"r", {1, 24, 8}}});
  EXPECT_EQ(macs(network), 5 * 24 * (6 + 8));
  EXPECT_EQ(output_of(network).elements(), 8);
}

TEST(OnnxQuantised, FoldsPairsIntoTheFormatsOfLayers) {
  onnx::ModelProto model = model_of(R"(g (float[N, 8] x) => (float y) {
    s = Constant <value = float {0.1}> ()
    z = Constant <value = int8 {0}> ()
    q = QuantizeLinear (x, s, z)
    d = DequantizeLinear (q, s, z)
    wd = DequantizeLinear (w, s, z)
    p = MatMul (d, wd)
    r = QuantizeLinear (p, s, z)
    y = DequantizeLinear (r, s, z)
  })",
                                    {{"w", {8, 4}}});
  model.mutable_graph()->mutable_initializer(0)->set_data_type(onnx::TensorProto::INT8);
  const Network network = read_model(model);
  EXPECT_THAT(op_names(network), ElementsAre("input", "conversion", "inner-product"));
  EXPECT_EQ(network.layers.back().format, ElementFormat::Int8);
}

TEST(OnnxQuantised, CountsIntegerOperatorsAsTheirTwins) {
  onnx::ModelProto conv = model_of(
      "g (uint8[N, 3, 8, 8] x, float xs, uint8 xz, float ws, uint8 wz, float ys, uint8 yz) => "
      "(uint8 "
      "y) { y = QLinearConv (x, xs, xz, w, ws, wz, ys, yz) }",
      {{"w", {4, 3, 1, 1}}});
  conv.mutable_graph()->mutable_initializer(0)->set_data_type(onnx::TensorProto::UINT8);
  EXPECT_EQ(macs(read_model(conv)), 64 * 12);
  EXPECT_EQ(read_model(conv).layers.back().format, ElementFormat::Int8);
  EXPECT_EQ(
      macs(read_graph(
          "g (uint8[N, 4, 8] a, uint8[N, 8, 5] b) => (int32 y) { y = MatMulInteger (a, b) }")),
      4 * 8 * 5);
}

TEST(OnnxOperatorSets, AreReadFromTheFirstToThoseOfTomorrow) {
  // Operator set 1 matched the second input from an axis.
  const Network old = read_graph(
      "g (float[N, 4, 6, 6] x) => (float y) { y = Add <broadcast = 1, axis = 1> (x, b) }",
      {{"b", {4}}},
      1);
  EXPECT_THAT(only<Scale>(old).shape, ElementsAre(4, 1, 1));
  // Reductions take their axes as an input since 18; 24 is later than the library's last.
  const Network later = read_graph(R"(g (float[N, 4, 6] x) => (float y) {
    a = Constant <value = int64[1] {2}> ()
    y = ReduceMax (x, a)
  })",
                                   {},
                                   24);
  EXPECT_EQ(output_of(later), (TensorShape{{4, 1}}));
}

TEST(OnnxLosses, GiveOneNumberASample) {
  const Network network = read_graph(
      "g (float[16, 10] x, int64[16] t) => (float y) { y = SoftmaxCrossEntropyLoss (x, t) }");
  EXPECT_EQ(only<Loss>(network).function, LossFunction::SoftmaxCrossEntropy);
  EXPECT_EQ(network.layers[0].output, (TensorShape{{10}}));
}

}  // namespace

}  // namespace omniphi::models
