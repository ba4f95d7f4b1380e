#include "models/workload/importers/onnx.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "models/workload/complexity.h"
#include "tests/models/workload/importers/onnx_models.h"

namespace omniphi::models {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Network read_light(const std::string& name) {
  return read_onnx(model_file("light_" + name));
}

TEST(Onnx, NamesTheNetworkAfterItsFileAndKeepsItsOrigin) {
  const Network network = read_light("resnet50");
  EXPECT_EQ(network.name, "light_resnet50");
  EXPECT_EQ(network.source, "ONNX model \"resnet50\" by \"onnx-caffe2\"");
}

TEST(Onnx, ReadsResidualSumsAndStridedConvolutions) {
  const Network network = read_light("resnet50");
  EXPECT_EQ(count<ElementWise>(network), 16);  // 3 + 4 + 6 + 3 bottlenecks
  const Layer& first = network.layers[1];
  EXPECT_EQ(std::get<Convolution>(first.op).kernel, PerAxis{{7}});
  EXPECT_EQ(first.output, (TensorShape{{64, 112, 112}}));
  EXPECT_EQ(network.layers.back().output, (TensorShape{{1000}}));
}

TEST(Onnx, ReadsCaffeScaleLayersAsOneEach) {
  const Network network = read_light("inception_v2");
  EXPECT_EQ(count<BatchNormalization>(network), 69);
  EXPECT_EQ(count<Scale>(network), 69);
  EXPECT_EQ(count<ElementWise>(network), 0);
}

TEST(Onnx, ReadsGroupedConvolutions) {
  // The two towers of AlexNet: its second, fourth and fifth convolutions see half the channels
  // each.
  std::vector<std::int64_t> groups;
  for (const Layer& l : read_light("bvlc_alexnet").layers) {
    if (const auto* op = std::get_if<Convolution>(&l.op)) groups.push_back(op->groups);
  }
  EXPECT_THAT(groups, ElementsAre(1, 2, 1, 2, 2));
}

TEST(Onnx, ReadsTheChannelShuffleOfEachSample) {
  const Network network = read_light("shufflenet");
  EXPECT_EQ(count<Transpose>(network), 16);
  const auto shuffle =
      std::find_if(network.layers.begin(), network.layers.end(), [](const Layer& l) {
        return std::holds_alternative<Transpose>(l.op);
      });
  EXPECT_THAT(std::get<Transpose>(shuffle->op).order, ElementsAre(1, 0, 2, 3));
  EXPECT_EQ(shuffle->output, (TensorShape{{28, 4, 56, 56}}));
}

TEST(Onnx, TakesASymbolicOrUnknownFirstDimensionForTheBatch) {
  const std::string body = " { y = Relu (x) }";
  for (const std::string batch : {"N", "?", "1", "16"}) {
    const Network network = read_graph("g (float[" + batch + ", 3, 8] x) => (float y)" + body);
    EXPECT_EQ(network.layers.back().output, (TensorShape{{3, 8}})) << batch;
  }
}

TEST(Onnx, FollowsAShapeComputedWithinTheGraph) {
  // What PyTorch writes for x.view(x.size(0), -1).
  const std::string before = R"(g (float[N, 3, 8, 8] x) => (float[N, M] y) {
    zero = Constant <value = int64 {0}> ()
    rest = Constant <value = int64[1] {-1}> ()
    axes = Constant <value = int64[1] {0}> ()
    shape = Shape (x)
    batch = Gather <axis = 0> (shape, zero)
    first = )";
  const std::string after = R"(
    target = Concat <axis = 0> (first, rest)
    y = Reshape (x, target)
  })";
  for (const Network& network :
       {read_graph(before + "Unsqueeze <axes = [0]> (batch)" + after, {}, 9),
        read_graph(before + "Unsqueeze (batch, axes)" + after, {}, 13)}) {
    EXPECT_THAT(op_names(network), ElementsAre("input", "reshape"));
    EXPECT_EQ(network.layers.back().output, (TensorShape{{192}}));
  }
}

struct Padding {
  std::string mode;
  std::int64_t before;
  std::int64_t after;
  std::int64_t output;
};

TEST(Onnx, ResolvesAutomaticPadding) {
  // Input 8, kernel 3, stride 2: SAME gives ceil(8 / 2) = 4 windows, which span 3 * 2 + 3 = 9, one
  // more than there is. VALID gives floor((8 - 3) / 2) + 1 = 3.
  for (const Padding& expected : {Padding{"SAME_UPPER", 0, 1, 4},
                                  Padding{"SAME_LOWER", 1, 0, 4},
                                  Padding{"VALID", 0, 0, 3}}) {
    const Network network =
        read_graph("g (float[1, 3, 8, 8] x) => (float y) { y = Conv <auto_pad = \"" +
                       expected.mode + "\", strides = [2, 2]> (x, w) }",
                   {{"w", {4, 3, 3, 3}}});
    const auto& op = std::get<Convolution>(network.layers.back().op);
    EXPECT_EQ(op.pad, PerAxis{{expected.before}}) << expected.mode;
    EXPECT_EQ(op.pad_end.value_or(op.pad), PerAxis{{expected.after}}) << expected.mode;
    EXPECT_EQ(network.layers.back().output, (TensorShape{{4, expected.output, expected.output}}));
  }
}

TEST(Onnx, KeepsPaddingKernelAndStrideOfEachAxisApart) {
  const Network network = read_graph(
      "g (float[1, 3, 9, 9] x) => (float y) { y = Conv <pads = [0, 3, 1, 2], strides = [1, 2]> (x, "
      "w) }",
      {{"w", {4, 3, 1, 7}}});
  const auto& op = std::get<Convolution>(network.layers.back().op);
  EXPECT_EQ(op.kernel, (PerAxis{{1, 7}}));
  EXPECT_EQ(op.stride, (PerAxis{{1, 2}}));
  EXPECT_EQ(op.pad, (PerAxis{{0, 3}}));
  EXPECT_EQ(op.pad_end, (PerAxis{{1, 2}}));
  EXPECT_FALSE(op.bias);
  // 9 + 1 - 1 + 1 = 10 rows; floor((9 + 5 - 7) / 2) + 1 = 4 columns.
  EXPECT_EQ(network.layers.back().output, (TensorShape{{4, 10, 4}}));
}

TEST(Onnx, RoundsPoolingUpWhereAsked) {
  // (112 - 3) / 2 = 54.5, so 55 windows fit and a 56th sticks out.
  const auto pooled = [](const std::string& attribute) {
    return read_graph(
               "g (float[1, 64, 112, 112] x) => (float y) { y = MaxPool <kernel_shape = [3, 3], "
               "strides = [2, 2]" +
               attribute + "> (x) }")
        .layers.back()
        .output;
  };
  EXPECT_EQ(pooled(""), (TensorShape{{64, 55, 55}}));
  EXPECT_EQ(pooled(", ceil_mode = 1"), (TensorShape{{64, 56, 56}}));
}

TEST(Onnx, TakesAConstantAddedToABiaslessProductForItsBias) {
  const Network network =
      read_graph("g (float[N, 20] x) => (float[N, 10] y) { p = MatMul (x, w)  y = Add (b, p) }",
                 {{"w", {20, 10}}, {"b", {10}}});
  EXPECT_THAT(op_names(network), ElementsAre("input", "inner-product"));
  EXPECT_EQ(complexity(network).parameters, 20 * 10 + 10);
}

TEST(Onnx, LeavesAProductAloneWhoseValueIsUsedElsewhere) {
  const Network network = read_graph(
      "g (float[N, 20] x) => (float y) { p = MatMul (x, w)  q = Add (p, b)  y = Mul (p, q) }",
      {{"w", {20, 10}}, {"b", {10}}});
  EXPECT_THAT(op_names(network), ElementsAre("input", "inner-product", "scale", "element-wise"));
  const auto& shift = std::get<Scale>(network.layers[2].op);
  EXPECT_FALSE(shift.scale);
  EXPECT_TRUE(shift.shift);
}

TEST(Onnx, TakesAProductOfActivationsElementByElement) {
  const Network network = read_graph(
      "g (float[N, 4, 8] x) => (float y) { a = Sigmoid (x)  b = Tanh (x)  y = Mul (a, b) }");
  EXPECT_EQ(std::get<ElementWise>(network.layers.back().op).combination, Combination::Product);
  EXPECT_EQ(network.layers.back().inputs.size(), 2u);
}

TEST(Onnx, DropsIdentitiesAndKeepsDropout) {
  const Network network = read_graph(R"(g (float[N, 8] x) => (float y) {
    ratio = Constant <value = float {0.25}> ()
    a = Identity (x)
    b, mask = Dropout (a, ratio)
    y = Sum (b)
  })");
  EXPECT_THAT(op_names(network), ElementsAre("input", "dropout"));
  EXPECT_EQ(std::get<Dropout>(network.layers.back().op).ratio, 0.25);
}

TEST(Onnx, TurnsChangesOfShapeIntoReshapesOfTheSample) {
  const Network network = read_graph(R"(g (float[N, 8, 1, 1] x) => (float y) {
    s = Constant <value = int64[2] {2, 3}> ()
    u = Constant <value = int64[1] {-1}> ()
    a = Squeeze (x, s)
    b = Unsqueeze (a, u)
    c = Flatten (b)
    d = Concat <axis = -1> (c, a)
    y = Softmax (d)
  })");
  EXPECT_EQ(layer(network, "a").output, (TensorShape{{8}}));
  EXPECT_EQ(layer(network, "b").output, (TensorShape{{8, 1}}));
  EXPECT_EQ(layer(network, "c").output, (TensorShape{{8}}));
  EXPECT_EQ(std::get<Concatenation>(layer(network, "d").op).axis, 0);
  EXPECT_EQ(layer(network, "y").output, (TensorShape{{16}}));
}

TEST(Onnx, NeverOpensExternalData) {
  onnx::ModelProto model = model_of(
      "g (float[N, 20] x) => (float y) { y = Gemm <transB = 1> (x, w) }", {{"w", {10, 20}}});
  onnx::TensorProto& weights = *model.mutable_graph()->mutable_initializer(0);
  weights.set_data_location(onnx::TensorProto::EXTERNAL);
  onnx::StringStringEntryProto& location = *weights.add_external_data();
  location.set_key("location");
  location.set_value("no-such-file");
  const ScratchDirectory scratch;
  const Network network = read_onnx(scratch.write("g.onnx", model.SerializeAsString()));
  EXPECT_EQ(complexity(network).parameters, 200);
}

TEST(Onnx, NamesLayersAfterNodesAndTellsApartThoseOfOneName) {
  onnx::ModelProto model =
      model_of("g (float[N, 4] x) => (float y) { a = Relu (x)  b = Relu (a)  y = Relu (b) }");
  model.mutable_graph()->mutable_node(0)->set_name("first");
  model.mutable_graph()->mutable_node(1)->set_name("first");
  const ScratchDirectory scratch;
  const Network network = read_onnx(scratch.write("g.onnx", model.SerializeAsString()));
  std::vector<std::string> names;
  for (const Layer& l : network.layers) names.push_back(l.name);
  EXPECT_THAT(names, ElementsAre("x", "first", "first_2", "y"));
}

}  // namespace

}  // namespace omniphi::models
