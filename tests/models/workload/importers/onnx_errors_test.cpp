#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx.h"
#include "tests/models/workload/importers/onnx_models.h"

namespace omniphi::models {

namespace {

const std::filesystem::path kResNet = model_file("light_resnet50");

std::string fault_of_file(const std::filesystem::path& file) {
  try {
    read_onnx(file);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(OnnxErrors, NameFilesThatAreNoModels) {
  const ScratchDirectory scratch;
  const std::string folder = scratch.path().string();
  EXPECT_EQ(fault_of_file(scratch.path() / "none.onnx"), folder + "/none.onnx: no such file");
  std::filesystem::create_directory(scratch.path() / "folder.onnx");
  EXPECT_EQ(fault_of_file(scratch.path() / "folder.onnx"),
            folder + "/folder.onnx: not a regular file");
  EXPECT_EQ(fault_of_bytes(""), "m.onnx: is empty");
  EXPECT_EQ(fault_of_bytes("\n<!DOCTYPE html><html></html>"),
            "m.onnx: is a web page, no ONNX model");
  EXPECT_EQ(fault_of_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
            "m.onnx: is a Git LFS pointer, not the file it stands for");
  EXPECT_EQ(fault_of_bytes("name: \"AlexNet\"\nlayer {}\n"),
            "m.onnx: is no ONNX model, or a truncated one");
}

TEST(OnnxErrors, RefuseAHugeFileUnread) {
  const ScratchDirectory scratch;
  const std::filesystem::path file = scratch.write("huge.onnx", "");
  std::filesystem::resize_file(file, std::uintmax_t{1} << 36);  // sparse
  EXPECT_EQ(fault_of_file(file), file.string() + ": larger than 1073741824 bytes");
}

TEST(OnnxErrors, NoticeATruncationAtAnyPlace) {
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

TEST(OnnxErrors, SurviveDamagedBytes) {
  const std::string whole = bytes_of(model_file("light_bvlc_alexnet"));
  for (std::size_t at = 0; at < whole.size(); at += 13) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
    const std::string fault = fault_of_bytes(damaged);  // none where the byte does not matter
    EXPECT_TRUE(fault.empty() || fault.starts_with("m.onnx: ")) << at << ": " << fault;
  }
}

TEST(OnnxErrors, NameEveryUnknownOperatorAndItsNode) {
  onnx::ModelProto model =
      model_of("g (float[N, 4] x) => (float y) { a = Erf (x)  b = Clip (a)  y = Relu (b) }");
  auto& nodes = *model.mutable_graph()->mutable_node();
  nodes[0].set_op_type("Erff");
  nodes[1].set_name("clip_1");
  nodes[1].set_op_type("StringNormalizer");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"a\" (Erff): this operator is not supported\n"
            "m.onnx: node \"clip_1\" (StringNormalizer): this operator is not supported");
  nodes[0].set_op_type("TreeEnsembleClassifier");
  nodes[0].set_domain("ai.onnx.ml");
  nodes[1].set_op_type("Relu");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"a\" (ai.onnx.ml::TreeEnsembleClassifier): this operator is not "
            "supported");
}

TEST(OnnxErrors, NameAnOperatorSetThatIsMissing) {
  onnx::ModelProto model = model_of("g (float[N, 4] x) => (float y) { y = Relu (x) }");
  model.mutable_opset_import(0)->set_domain("com.microsoft");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"y\" (Relu): the model names no ONNX operator set that it could be of");
}

TEST(OnnxErrors, NameCyclesDanglingInputsAndDuplicates) {
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

TEST(OnnxErrors, HoldNodesAgainstTheOnnxSchema) {
  EXPECT_EQ(fault_of_graph("g (float[N, 3, 8, 8] x) => (float y) { y = Conv (x) }"),
            "m.onnx: node \"y\" (Conv): has 1 inputs, not 2 to 3");
  EXPECT_EQ(fault_of_graph("g (float[N, 3, 8, 8] x) => (float y) { y = Relu <slope = 2> (x) }"),
            "m.onnx: node \"y\" (Relu): Unrecognized attribute: slope for operator Relu");
  EXPECT_EQ(
      fault_of_graph(
          "g (float[N, 3, 8, 8] x) => (float y) { y = Softmax <axis = \"last\"> (x) }", {}, 99),
      "m.onnx: node \"y\" (Softmax): its attribute \"axis\" is no whole number");
}

TEST(OnnxErrors, RefuseWindowsThatCannotBe) {
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
  EXPECT_EQ(
      fault_of_graph("g (float[N, 3, 8, 8] x) => (float y) { y = Conv (x, w) }",
                     {{"w", {4, 3, 9, 9}}}),
      "m.onnx: node \"y\" (Conv): the kernel's extent 9 is larger than the padded input 8 on axis "
      "1");
}

TEST(OnnxErrors, RefuseDimensionsThatCannotBe) {
  const std::string graph = "g (float[N, 20] x) => (float y) { y = MatMul (x, w) }";
  EXPECT_EQ(fault_of_graph(graph, {{"w", {20, -10}}}),
            "m.onnx: \"w\" has a negative dimension, -10");
  EXPECT_EQ(fault_of_graph(graph, {{"w", {std::int64_t{1} << 40, std::int64_t{1} << 40}}}),
            "m.onnx: \"w\" has more than 1099511627776 elements");
  EXPECT_EQ(fault_of_graph("g (float[N, 4294967296, 4294967296] x) => (float y) { y = Relu (x) }"),
            "m.onnx: input \"x\": has more than 1099511627776 elements");
  EXPECT_EQ(fault_of_graph("g (float[N, 3, H, 8] x) => (float y) { y = Relu (x) }"),
            "m.onnx: input \"x\": dimension 2 has no number, only the name \"H\"; give it one with "
            "--dimension H=NUMBER");
}

TEST(OnnxErrors, TakeNoTimeOverAHugeInput) {
  // ONNX 1.12 would subtract the stride from 2^63 - 1 until nothing is left.
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4, 9, 9223372036854775807] x) => (float y) {
    y = MaxPool <kernel_shape = [3, 3], strides = [2, 2], auto_pad = "SAME_UPPER"> (x)
  })"),
            "m.onnx: input \"x\": has more than 1099511627776 elements");
}

TEST(OnnxErrors, RefuseDataThatDoesNotFillItsShape) {
  onnx::ModelProto model =
      model_of("g (float[N, 20] x) => (float y) { y = Reshape (x, s) }", {{"s", {2}}});
  onnx::TensorProto& shape = *model.mutable_graph()->mutable_initializer(0);
  shape.set_data_type(onnx::TensorProto::INT64);
  shape.set_raw_data("12345678901");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: \"s\" has 11 bytes of data where its shape asks for 16");
}

TEST(OnnxErrors, NameAFactorThatDoesNotFit) {
  EXPECT_EQ(
      fault_of_graph("g (float[N, 20] x) => (float y) { y = MatMul (x, w) }", {{"w", {21, 10}}}),
      "m.onnx: node \"y\" (MatMul): its inputs do not multiply: [1, 20] and [21, 10]");
}

TEST(OnnxErrors, RefuseWhatTheLayersCannotSay) {
  const auto fault = [&](const std::string& body, const Weights& weights = {}) {
    return fault_of_graph("g (float[N, 4, 6] x) => (float y) { " + body + " }", weights);
  };
  EXPECT_EQ(fault("a = Relu (x)  y = Conv (x, a)"),
            "m.onnx: node \"y\" (Conv): \"a\" is computed by the network, not a weight");
  EXPECT_EQ(
      fault("s = Shape (x)  t = Cast <to = 1> (x)  u = Cast <to = 7> (t)  y = Reshape (x, u)"),
      "m.onnx: node \"y\" (Reshape): its shape is computed from the samples");
}

TEST(OnnxErrors, ReportEveryFaultOnceAndNotWhatFollowsFromIt) {
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4, 6] x) => (float y, float z) {
    a = Transpose <perm = [0, 1]> (x)
    b = Relu (a)
    y = Softmax <axis = 9> (b)
    z = Softmax <axis = 9> (x)
  })"),
            "m.onnx: node \"a\" (Transpose): perm does not name each of 3 axes once\n"
            "m.onnx: node \"z\" (Softmax): has axis 9 of 3");
}

TEST(OnnxErrors, NameInputsThatDoNotBroadcast) {
  EXPECT_EQ(
      fault_of_graph("g (float[N, 4, 6] x, float[N, 4, 5] s) => (float y) { y = Mul (x, s) }"),
      "m.onnx: node \"y\" (Mul): its inputs differ in shape: [1, 4, 6] and [1, 4, 5]");
}

TEST(OnnxErrors, NameANumberForWhatIsNotThere) {
  const onnx::ModelProto model =
      model_of("g (float[N, height, 8] x) => (float y) { y = Relu (x) }");
  EXPECT_EQ(fault_of_model(model, {{"heigth", 4}, {"height", 4}}),
            "m.onnx: --dimension \"heigth\": no input has it (did you mean \"height\"?)");
  EXPECT_EQ(fault_of_model(model, {{"height", 4}}), "");
}

}  // namespace

}  // namespace omniphi::models
