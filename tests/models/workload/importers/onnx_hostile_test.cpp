// Files made to mislead, crash or exhaust: each ends in one clear line, soon and without much
// memory.

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/models/workload/importers/onnx_models.h"
#include "tests/support/bounded_test.h"

namespace omniphi::models {

namespace {

class HostileOnnx : public BoundedTest {};

onnx::GraphProto& body_of(onnx::NodeProto& node, const std::string& name) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::GRAPH);
  return *attribute.mutable_g();
}

/// Branches of one If in another.
onnx::ModelProto nested_ifs(int depth) {
  onnx::ModelProto model =
      model_of("g (bool condition, float[N, 4] data) => (float y) { y = Relu (data) }");
  onnx::GraphProto* graph = model.mutable_graph();
  for (int i = 0; i < depth; ++i) {
    onnx::NodeProto& node = *graph->mutable_node(0);
    node.set_op_type("If");
    node.set_input(0, "condition");
    onnx::GraphProto& other = body_of(node, "else_branch");
    onnx::GraphProto& body = body_of(node, "then_branch");
    for (onnx::GraphProto* branch : {&other, &body}) {
      onnx::NodeProto& inner = *branch->add_node();
      inner.set_op_type("Relu");
      inner.add_input("data");
      inner.add_output(fmt::format("y{}", i));
      branch->add_output()->set_name(inner.output(0));
    }
    graph = &body;
  }
  return model;
}

TEST_F(HostileOnnx, NestsBodiesAThousandDeep) {
  const std::string fault = fault_of_model(nested_ifs(1000));
  EXPECT_EQ(fault, "m.onnx: node \"y31\" (If): bodies are nested more than 32 deep");
}

TEST_F(HostileOnnx, NestsMessagesUntilTheStackWouldEnd) {
  EXPECT_EQ(fault_of_model(nested_ifs(2000)), "m.onnx: is no ONNX model, or a truncated one");
  // A type: sequences of sequences of ..., each of which says how long the rest is.
  onnx::ModelProto model = model_of("g (float[N, 4] x) => (float y) { y = Relu (x) }");
  onnx::TypeProto* type = model.mutable_graph()->mutable_input(0)->mutable_type();
  for (int i = 0; i < 3000; ++i) type = type->mutable_sequence_type()->mutable_elem_type();
  EXPECT_EQ(fault_of_model(model), "m.onnx: is no ONNX model, or a truncated one");
}

TEST_F(HostileOnnx, LoopsForEver) {
  const auto looping = [](std::int64_t trips) {
    onnx::ModelProto model = model_of(
        "g (float[N, 4] x) => (float y) { m = Constant <value = int64 {0}> ()  y = Relu (m, x) }");
    auto& nodes = *model.mutable_graph()->mutable_node();
    nodes[0].mutable_attribute(0)->mutable_t()->set_int64_data(0, trips);
    nodes[1].set_op_type("Loop");
    nodes[1].set_input(1, "");
    nodes[1].add_input("x");
    onnx::GraphProto& body = body_of(nodes[1], "body");
    for (const char* name : {"i", "go_in", "in"}) body.add_input()->set_name(name);
    for (const auto& [op, from, to] :
         {std::tuple{"Identity", "go_in", "go"}, {"Relu", "in", "out"}}) {
      onnx::NodeProto& node = *body.add_node();
      node.set_op_type(op);
      node.add_input(from);
      node.add_output(to);
      body.add_output()->set_name(to);
    }
    return model;
  };
  EXPECT_EQ(fault_of_model(looping(std::int64_t{1} << 40)),
            "m.onnx: node \"y\" (Loop): runs 1099511627776 times, more than the 100000 that are "
            "unrolled");
  EXPECT_EQ(fault_of_model(looping(100'000)),
            "m.onnx: node \"go\" (Identity): unrolled and inlined, the model has more than 100000 "
            "nodes");
  EXPECT_EQ(fault_of_model(looping(3)), "");
}

onnx::FunctionProto& function_of(onnx::ModelProto& model, const std::string& name) {
  onnx::FunctionProto& function = *model.add_functions();
  function.set_domain("mine");
  function.set_name(name);
  function.add_input("a");
  function.add_output("b");
  function.add_opset_import()->set_version(13);
  return function;
}

void add_node(google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes,
              const std::string& domain,
              const std::string& op,
              const std::string& from,
              const std::string& to) {
  onnx::NodeProto& node = *nodes.Add();
  node.set_domain(domain);
  node.set_op_type(op);
  node.add_input(from);
  node.add_output(to);
}

TEST_F(HostileOnnx, CallsItself) {
  onnx::ModelProto model = model_of("g (float[N, 4] x) => (float y) { y = Relu (x) }");
  model.mutable_graph()->mutable_node(0)->set_domain("mine");
  model.mutable_graph()->mutable_node(0)->set_op_type("f");
  add_node(*function_of(model, "f").mutable_node(), "mine", "h", "a", "b");
  add_node(*function_of(model, "h").mutable_node(), "mine", "f", "a", "b");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: function \"f\": calls itself\n"
            "m.onnx: function \"h\": calls itself");
}

TEST_F(HostileOnnx, CallsTwiceWhatCallsTwice) {
  onnx::ModelProto model = model_of("g (float[N, 4] x) => (float y) { y = Relu (x) }");
  model.mutable_graph()->mutable_node(0)->set_domain("mine");
  model.mutable_graph()->mutable_node(0)->set_op_type("f0");
  constexpr int kFunctions = 40;
  for (int i = 0; i < kFunctions; ++i) {
    auto& nodes = *function_of(model, fmt::format("f{}", i)).mutable_node();
    const std::string called = fmt::format("f{}", i + 1);
    add_node(nodes, "mine", called, "a", "c");
    add_node(nodes, "mine", called, "c", "b");
  }
  add_node(
      *function_of(model, fmt::format("f{}", kFunctions)).mutable_node(), "", "Identity", "a", "b");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"b\" (mine::f39): unrolled and inlined, the model has more than 100000 "
            "nodes");
}

TEST_F(HostileOnnx, DeclaresTensorsThatNoMachineHolds) {
  EXPECT_EQ(fault_of_graph("g (float[N, 20] x) => (float y) { y = Add (x, w) }",
                           {{"w", {std::int64_t{1} << 40, std::int64_t{1} << 40}}}),
            "m.onnx: \"w\" has more than 1099511627776 elements");
  EXPECT_EQ(fault_of_graph("g (float[N, 20] x) => (float y) { y = Add (x, w) }",
                           {{"w", {0, std::int64_t{1} << 40, std::int64_t{1} << 40}}}),
            "m.onnx: \"w\" has more than 1099511627776 elements");
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4] x) => (float y) {
    s = Constant <value = int64[2] {1099511627776, 1099511627776}> ()
    c = ConstantOfShape (s)
    y = Add (x, c)
  })"),
            "m.onnx: node \"c\" (ConstantOfShape): has more than 1099511627776 elements");
  // As large as may be: a shape alone.
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4] x) => (float y) {
    s = Constant <value = int64[1] {1099511627776}> ()
    c = ConstantOfShape (s)
    d = Shape (c)
    y = Add (x, x)
  })"),
            "");
}

TEST_F(HostileOnnx, RepeatsAndCountsWithoutEnd) {
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4] x) => (float y) {
    r = Constant <value = int64[2] {9223372036854775807, 9223372036854775807}> ()
    y = Tile (x, r)
  })"),
            "m.onnx: node \"y\" (Tile): repeats too often");
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4] x) => (float y) {
    a = Constant <value = int64 {0}> ()
    b = Constant <value = int64 {9223372036854775807}> ()
    c = Constant <value = int64 {1}> ()
    y = Range (a, b, c)
  })"),
            "m.onnx: node \"y\" (Range): counts from 0 to 9.223372036854776e+18 in steps of 1");
  EXPECT_EQ(fault_of_graph(R"(g (float[N, 4] x) => (float y) {
    p = Constant <value = int64[4] {0, 9223372036854775807, 0, -9223372036854775807}> ()
    y = Pad (x, p)
  })"),
            "m.onnx: node \"y\" (Pad): pads 9200000000000000000 and -9200000000000000000 are not "
            "possible");
}

// Found by fuzzing: the batch was looked for before the first axis.
TEST_F(HostileOnnx, DeclaresFewerAxesThanItRepeats) {
  EXPECT_EQ(fault_of_graph("g (float[2, 3] x, int64[2] r) => (float[6] y) { y = Tile (x, r) }"),
            "m.onnx: node \"y\" (Tile): the file gives its output another number of axes");
}

TEST_F(HostileOnnx, SlicesAtTheEndsOfTheNumbers) {
  const Network network = read_graph(R"(g (float[N, 10, 10] x) => (float y) {
    b = Constant <value = int64[2] {-9223372036854775807, 9223372036854775807}> ()
    e = Constant <value = int64[2] {9223372036854775807, -9223372036854775807}> ()
    a = Constant <value = int64[2] {1, 2}> ()
    s = Constant <value = int64[2] {3, -3}> ()
    y = Slice (x, b, e, a, s)
  })");
  // 0, 3, 6, 9 one way and 9, 6, 3, 0 the other.
  EXPECT_EQ(output_of(network), (TensorShape{{4, 4}}));
}

TEST_F(HostileOnnx, HasDataOutsideOfItsFolder) {
  onnx::ModelProto model =
      model_of("g (float[N, 20] x) => (float y) { y = MatMul (x, w) }", {{"w", {20, 10}}});
  onnx::TensorProto& weights = *model.mutable_graph()->mutable_initializer(0);
  weights.set_data_location(onnx::TensorProto::EXTERNAL);
  onnx::StringStringEntryProto& entry = *weights.add_external_data();
  entry.set_key("location");
  for (const std::string location : {"/etc/passwd", "../w.bin", "data/../../w.bin"}) {
    entry.set_value(location);
    EXPECT_EQ(fault_of_model(model),
              fmt::format("m.onnx: the data of \"w\" lies outside of the model's folder, at \"{}\"",
                          location));
  }
  for (const std::string location : {"w.bin", "data/w.bin", "data/../w.bin"}) {
    entry.set_value(location);
    EXPECT_EQ(fault_of_model(model), "");
  }
}

TEST_F(HostileOnnx, ClaimsDataThatIsNotThere) {
  onnx::ModelProto model =
      model_of("g (float[N, 20] x) => (float y) { y = Reshape (x, s) }", {{"s", {2}}});
  onnx::TensorProto& shape = *model.mutable_graph()->mutable_initializer(0);
  shape.set_data_type(onnx::TensorProto::INT64);
  shape.set_raw_data("");
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"y\" (Reshape): its shape is computed from the samples");
}

}  // namespace

}  // namespace omniphi::models
