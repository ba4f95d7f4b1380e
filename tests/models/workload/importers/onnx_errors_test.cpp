#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx.h"
#include "tests/models/workload/importers/onnx_models.h"

namespace omniphi::models {

namespace {

class OnnxErrors : public testing::Test {
 protected:
  /// What is said of the file, without the directory it lies in.
  std::string fault_of(const std::filesystem::path& file) const {
    try {
      read_onnx(file);
    } catch (const ConfigError& error) {
      std::string text = error.what();
      const std::string directory = scratch_.path().string() + "/";
      for (std::size_t at; (at = text.find(directory)) != std::string::npos;) {
        text.erase(at, directory.size());
      }
      return text;
    }
    return "";
  }

  std::string fault_of_bytes(std::string_view bytes) const {
    return fault_of(scratch_.write("m.onnx", bytes));
  }

  std::string fault_of_model(const onnx::ModelProto& model) const {
    return fault_of_bytes(model.SerializeAsString());
  }

  std::string fault_of_graph(std::string_view graph,
                             const Weights& weights = {},
                             int operator_set = 13) const {
    return fault_of_model(model_of(graph, weights, operator_set));
  }

  ScratchDirectory scratch_;
};

const std::filesystem::path kResNet = OMNIPHI_SOURCE_DIR "/tests/data/onnx/light_resnet50.onnx";

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_F(OnnxErrors, NameFilesThatAreNoModels) {
  EXPECT_EQ(fault_of(scratch_.path() / "none.onnx"), "none.onnx: no such file");
  std::filesystem::create_directory(scratch_.path() / "folder.onnx");
  EXPECT_EQ(fault_of(scratch_.path() / "folder.onnx"), "folder.onnx: not a regular file");
  EXPECT_EQ(fault_of_bytes(""), "m.onnx: is empty");
  EXPECT_EQ(fault_of_bytes("\n<!DOCTYPE html><html></html>"),
            "m.onnx: is a web page, no ONNX model");
  EXPECT_EQ(fault_of_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
            "m.onnx: is a Git LFS pointer, not the model it stands for");
  EXPECT_EQ(fault_of_bytes("name: \"AlexNet\"\nlayer {}\n"),
            "m.onnx: is no ONNX model, or a truncated one");
}

TEST_F(OnnxErrors, RefuseAHugeFileUnread) {
  const std::filesystem::path file = scratch_.write("huge.onnx", "");
  std::filesystem::resize_file(file, std::uintmax_t{1} << 36);  // sparse
  EXPECT_EQ(fault_of(file), "huge.onnx: larger than 1073741824 bytes");
}

TEST_F(OnnxErrors, NoticeATruncationAtAnyPlace) {
  const std::string whole = bytes_of(kResNet);
  for (std::size_t size = 1; size < whole.size(); size += 997) {
    EXPECT_EQ(fault_of_bytes(whole.substr(0, size)), "m.onnx: is no ONNX model, or a truncated one")
        << size;
  }
  // The operator sets come last: without them the rest is still a message.
  onnx::ModelProto model;
  ASSERT_TRUE(model.ParseFromString(whole));
  model.clear_opset_import();
  EXPECT_EQ(fault_of_model(model), "m.onnx: names no ONNX operator set; the file may be truncated");
}

TEST_F(OnnxErrors, SurviveDamagedBytes) {
  const std::string whole = bytes_of(OMNIPHI_SOURCE_DIR "/tests/data/onnx/light_bvlc_alexnet.onnx");
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
    const std::string fault = fault_of_bytes(damaged);  // none where the byte does not matter
    EXPECT_TRUE(fault.empty() || fault.starts_with("m.onnx: ")) << at << ": " << fault;
  }
}

TEST_F(OnnxErrors, NameEveryUnknownOperatorAndItsNode) {
  onnx::ModelProto model =
      model_of("g (float[N, 4] x) => (float y) { a = Erf (x)  b = Clip (a)  y = Relu (b) }");
  model.mutable_graph()->mutable_node(1)->set_name("clip_1");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"a\" (Erf): this operator is not supported\n"
            "m.onnx: node \"clip_1\" (Clip): this operator is not supported");
  model.mutable_graph()->mutable_node(0)->set_op_type("Attention");
  model.mutable_graph()->mutable_node(0)->set_domain("com.microsoft");
  model.mutable_graph()->mutable_node(1)->set_op_type("Relu");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"a\" (com.microsoft::Attention): this operator is not supported");
}

TEST_F(OnnxErrors, RefuseOldOperatorSets) {
  EXPECT_EQ(fault_of_graph("g (float[N, 4] x) => (float y) { y = Relu (x) }", {}, 6),
            "m.onnx: uses ONNX operator set 6; 7 is the oldest that can be read");
}

TEST_F(OnnxErrors, NameCyclesDanglingInputsAndDuplicates) {
  EXPECT_EQ(
      fault_of_graph("g (float[N, 4] x) => (float y) { a = Add (x, y)  y = Relu (a) }"),
      "m.onnx: node \"a\" (Add): takes \"y\" before it is produced: the graph is cyclic or not "
      "sorted");
  EXPECT_EQ(fault_of_graph("g (float[N, 4] x) => (float y) { y = Add (x, z) }"),
            "m.onnx: node \"y\" (Add): takes \"z\", which nothing produces");
  EXPECT_EQ(fault_of_graph("g (float[N, 4] x) => (float y) { y = Relu (x)  y = Tanh (x) }"),
            "m.onnx: node \"y\" (Tanh): \"y\" is defined twice");
  EXPECT_EQ(fault_of_graph("g (float[N, 4] x) => (float z) { y = Relu (x) }"),
            "m.onnx: nothing produces the graph output \"z\"");
  EXPECT_EQ(fault_of_graph("g (float[N, 4] x) => (float x) { }"), "m.onnx: the graph has no nodes");
}

TEST_F(OnnxErrors, HoldNodesAgainstTheOnnxSchema) {
  EXPECT_EQ(fault_of_graph("g (float[N, 3, 8, 8] x) => (float y) { y = Conv (x) }"),
            "m.onnx: node \"y\" (Conv): Node () has input size 1 not in range [min=2, max=3].");
}

TEST_F(OnnxErrors, RefuseWindowsThatCannotBe) {
  const Weights weights{{"w", {4, 3, 3, 3}}};
  const auto fault = [&](const std::string& attribute) {
    return fault_of_graph(
        "g (float[N, 3, 8, 8] x) => (float y) { y = Conv <" + attribute + "> (x, w) }", weights);
  };
  EXPECT_EQ(fault("strides = [0, 1]"),
            "m.onnx: node \"y\" (Conv): strides must be from 1 to 1048576");
  EXPECT_EQ(fault("strides = [-1, 1]"),
            "m.onnx: node \"y\" (Conv): strides must be from 1 to 1048576");
  EXPECT_EQ(fault("dilations = [1, 9223372036854775807]"),
            "m.onnx: node \"y\" (Conv): dilations must be from 1 to 1048576");
  EXPECT_EQ(fault("pads = [0, 0, -1, 0]"),
            "m.onnx: node \"y\" (Conv): pads must be from 0 to 1048576");
  EXPECT_EQ(fault("group = 0"), "m.onnx: node \"y\" (Conv): group must be from 1 to 1048576");
  EXPECT_EQ(fault("group = 3"), "m.onnx: node \"y\" (Conv): 3 groups do not divide 4 filters");
  EXPECT_EQ(
      fault("group = 2"),
      "m.onnx: node \"y\" (Conv): has weights for 2 groups of 3 channels but gets 3 channels");
  EXPECT_EQ(fault_of_graph("g (float[N, 3, 8, 8] x) => (float y) { y = Conv (x, w) }",
                           {{"w", {4, 3, 9, 9}}}),
            "m.onnx: node \"y\" (Conv): dimension 2 of \"y\" is 0");
}

TEST_F(OnnxErrors, RefuseDimensionsThatCannotBe) {
  const std::string graph = "g (float[N, 20] x) => (float y) { y = MatMul (x, w) }";
  EXPECT_EQ(fault_of_graph(graph, {{"w", {20, -10}}}),
            "m.onnx: \"w\" has a negative dimension, -10");
  EXPECT_EQ(fault_of_graph(graph, {{"w", {std::int64_t{1} << 40, std::int64_t{1} << 40}}}),
            "m.onnx: \"w\" has more than 1099511627776 elements");
  EXPECT_EQ(fault_of_graph("g (float[N, 4294967296, 4294967296] x) => (float y) { y = Relu (x) }"),
            "m.onnx: \"x\" has more than 1099511627776 elements");
  EXPECT_EQ(fault_of_graph("g (float[N, 3, H, 8] x) => (float y) { y = Relu (x) }"),
            "m.onnx: dimension 2 of \"x\" has no number, only the name \"H\"");
}

TEST_F(OnnxErrors, TakeNoTimeOverAHugeInput) {
  // ONNX 1.12 would subtract the stride from 2^63 - 1 until nothing is left.
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4, 9, 9223372036854775807] x) => (float y) {
    y = MaxPool <kernel_shape = [3, 3], strides = [2, 2], auto_pad = "SAME_UPPER"> (x)
  })"),
            "m.onnx: \"x\" has more than 1099511627776 elements");
}

TEST_F(OnnxErrors, RefuseDataThatDoesNotFillItsShape) {
  onnx::ModelProto model =
      model_of("g (float[N, 20] x) => (float y) { y = Reshape (x, s) }", {{"s", {2}}});
  onnx::TensorProto& shape = *model.mutable_graph()->mutable_initializer(0);
  shape.set_data_type(onnx::TensorProto::INT64);
  shape.set_raw_data("12345678901");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: \"s\" has 11 bytes of data where its shape asks for 16");
}

TEST_F(OnnxErrors, ReportWhatShapeInferenceFinds) {
  EXPECT_EQ(
      fault_of_graph("g (float[N, 20] x) => (float y) { y = MatMul (x, w) }", {{"w", {21, 10}}}),
      "m.onnx: shapes cannot be inferred: (op_type:MatMul): Incompatible dimensions for matrix "
      "multiplication");
}

TEST_F(OnnxErrors, SurviveTheShapeOfAValueThatCouldNotBeInferred) {
  // Following that shape, ONNX 1.12 would read through a null pointer.
  EXPECT_EQ(
      fault_of_graph(R"(g (float[N, 20] x) => (float y) {
    a = MatMul (x, w)
    s = Shape (a)
    y = Reshape (x, s)
  })",
                     {{"w", {21, 10}}}),
      "m.onnx: shapes cannot be inferred: (op_type:MatMul): Incompatible dimensions for matrix "
      "multiplication");
}

TEST_F(OnnxErrors, RefuseWhatMixesTheBatchWithTheSample) {
  const auto fault = [&](const std::string& body) {
    return fault_of_graph("g (float[N, 4, 6] x) => (float y) { " + body + " }", {}, 12);
  };
  const std::string shape = "s = Constant <value = int64[2] {4, 6}> () ";
  EXPECT_EQ(
      fault(shape + "y = Reshape (x, s)"),
      "m.onnx: node \"y\" (Reshape): the shape of \"y\", [4, 6], does not begin with the batch, "
      "1, followed by a sample");
  EXPECT_EQ(
      fault("y = Flatten <axis = 2> (x)"),
      "m.onnx: node \"y\" (Flatten): flattens from another axis than the first of the sample");
  EXPECT_EQ(fault("y = Transpose <perm = [1, 0, 2]> (x)"),
            "m.onnx: node \"y\" (Transpose): moves the batch");
  EXPECT_EQ(fault("y = Transpose (x)"), "m.onnx: node \"y\" (Transpose): moves the batch");
  EXPECT_EQ(fault("y = Concat <axis = 0> (x, x)"),
            "m.onnx: node \"y\" (Concat): joins along the batch");
  EXPECT_EQ(fault("y = Softmax <axis = 0> (x)"),
            "m.onnx: node \"y\" (Softmax): mixes the batch with the sample");
  EXPECT_EQ(fault("y = Unsqueeze <axes = [0]> (x)"),
            "m.onnx: node \"y\" (Unsqueeze): puts in or takes out an axis before the sample's");
  EXPECT_EQ(fault("y = Squeeze <axes = [-3]> (x)"),
            "m.onnx: node \"y\" (Squeeze): puts in or takes out an axis before the sample's");
}

TEST_F(OnnxErrors, RefuseWhatTheLayerGraphCannotSay) {
  const auto fault = [&](const std::string& body, const Weights& weights = {}) {
    return fault_of_graph("g (float[N, 4, 6] x) => (float y) { " + body + " }", weights);
  };
  EXPECT_EQ(fault("y = MatMul (x, w)", {{"w", {6, 2}}}),
            "m.onnx: node \"y\" (MatMul): multiplies 4 x 6 per sample, not a vector");
  EXPECT_EQ(fault("a = Transpose <perm = [0, 2, 1]> (x)  y = MatMul (a, x)"),
            "m.onnx: node \"y\" (MatMul): \"x\" is computed by the network, not a weight");
  EXPECT_EQ(
      fault("y = Mul (x, w)", {{"w", {4, 6}}}),
      "m.onnx: node \"y\" (Mul): the constant \"w\" is not one number for each of 4 channels");
  EXPECT_EQ(fault("y = Sum (x, x, w)", {{"w", {4, 1}}}),
            "m.onnx: node \"y\" (Sum): combines a constant with more than one activation");
  EXPECT_EQ(fault("y = Softmax (x)"),
            "m.onnx: node \"y\" (Softmax): covers only a part of the sample, 4 x 6");
  EXPECT_EQ(fault("y = Concat <axis = 1> (x, w)", {{"w", {1, 4, 6}}}),
            "m.onnx: node \"y\" (Concat): takes the constant \"w\" as if it were an activation");
  EXPECT_EQ(
      fault_of_graph("g (float[N, 4] x) => (bool y) { a, m = Dropout (x)  y = Identity (m) }"),
      "m.onnx: node \"y\" (Identity): takes \"m\", a further output of a node, which is not "
      "supported");
  EXPECT_EQ(fault("y = Gather (x, i)", {{"i", {1}}}),
            "m.onnx: node \"y\" (Gather): is supported among constants, not for activations");
}

TEST_F(OnnxErrors, ReportEveryFaultOnceAndNotWhatFollowsFromIt) {
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4, 6] x) => (float y, float z) {
    a = Transpose (x)
    b = Relu (a)
    y = Softmax <axis = 0> (b)
    z = Softmax <axis = 0> (x)
  })"),
            "m.onnx: node \"a\" (Transpose): moves the batch\n"
            "m.onnx: node \"z\" (Softmax): mixes the batch with the sample");
}

TEST_F(OnnxErrors, NameInputsThatDoNotBroadcast) {
  EXPECT_EQ(
      fault_of_graph("g (float[N, 4, 6] x, float[N, 4, 5] s) => (float y) { y = Mul (x, s) }"),
      "m.onnx: shapes cannot be inferred: (op_type:Mul): Incompatible dimensions");
}

}  // namespace

}  // namespace omniphi::models
