#include <string>

#include <gmock/gmock.h>

#include "models/workload/complexity.h"
#include "tests/models/workload/importers/onnx_models.h"

namespace omniphi::models {

namespace {

using testing::ElementsAre;

/// A graph attribute from ONNX's textual form.
void set_body(onnx::NodeProto& node, const std::string& name, const onnx::ModelProto& body) {
  onnx::AttributeProto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::GRAPH);
  *attribute.mutable_g() = body.graph();
}

onnx::NodeProto& last_node(onnx::ModelProto& model) {
  return *model.mutable_graph()->mutable_node(model.graph().node_size() - 1);
}

TEST(OnnxControlFlow, UnrollsALoopWhoseWeightsAreCountedOnce) {
  // Three times a product with the same 8 x 8 weights and a sum of the outputs of all runs.
  onnx::ModelProto model = model_of(R"(g (float[N, 8] x) => (float y, float all) {
    m = Constant <value = int64 {3}> ()
    go = Constant <value = bool {1}> ()
    y, all = Loop (m, go, x)
  })",
                                    {{"w", {8, 8}}});
  set_body(last_node(model),
           "body",
           model_of(R"(b (int64 i, bool c, float h) => (bool d, float k, float s) {
    d = Identity (c)
    p = MatMul (h, w)
    k = Relu (p)
    s = Identity (k)
  })"));
  const Network network = read_model(model);
  EXPECT_EQ(complexity(network).macs(), 3 * 64);
  EXPECT_EQ(complexity(network).parameters, 64);
  EXPECT_EQ(count<InnerProduct>(network), 3);
  EXPECT_EQ(layer(network, "y/runs-0").output, (TensorShape{{3, 1, 8}}));  // all runs side by side
  EXPECT_TRUE(layer(network, "y/1/p").shares.has_value());
}

TEST(OnnxControlFlow, EndsALoopWhereItsConditionDoes) {
  // Counts up while below 5, from 0: five runs.
  onnx::ModelProto model = model_of(R"(g (float[N, 8] x) => (float y) {
    zero = Constant <value = int64 {0}> ()
    go = Constant <value = bool {1}> ()
    n, y = Loop (go, go, zero, x)
  })");
  set_body(last_node(model),
           "body",
           model_of(R"(b (int64 i, bool c, int64 n, float h) => (bool d, int64 m, float k) {
    one = Constant <value = int64 {1}> ()
    five = Constant <value = int64 {5}> ()
    m = Add (n, one)
    d = Less (m, five)
    k = Sigmoid (h)
  })"));
  last_node(model).set_input(0, "");  // no trip count, which the textual form cannot say
  EXPECT_EQ(count<Activation>(read_model(model)), 5);
}

TEST(OnnxControlFlow, TakesANumberForATripCountThatIsAnInput) {
  onnx::ModelProto model = model_of(R"(g (float[N, 8] x, int64 trips, bool go) => (float y) {
    y = Loop (trips, go, x)
  })");
  set_body(last_node(model),
           "body",
           model_of("b (int64 i, bool c, float h) => (bool c, float k) { k = Tanh (h) }"));
  EXPECT_EQ(fault_of_model(model),
            "m.onnx: node \"y\" (Loop): how often it runs is the input \"trips\"; give it a number "
            "with --dimension trips=NUMBER");
  const Network network = read_model(model, {{"trips", 4}});
  EXPECT_EQ(count<Activation>(network), 4);
  EXPECT_TRUE(has_note(network, NoteKind::Approximated, "may end early; counted for all its runs"));
}

TEST(OnnxControlFlow, TakesTheBranchOfAConditionThatIsKnown) {
  onnx::ModelProto model = model_of(R"(g (float[N, 8] x) => (float y) {
    c = Constant <value = bool {1}> ()
    y = If (c)
  })");
  set_body(last_node(model), "then_branch", model_of("t () => (float a) { a = Relu (x) }"));
  set_body(last_node(model),
           "else_branch",
           model_of("e () => (float b) { b = MatMul (x, w) }", {{"w", {8, 8}}}));
  EXPECT_THAT(op_names(read_model(model)), ElementsAre("input", "activation"));
}

TEST(OnnxControlFlow, CountsTheLongerBranchOtherwise) {
  onnx::ModelProto model = model_of("g (float[N, 8] x, bool c) => (float y) { y = If (c) }");
  set_body(last_node(model), "then_branch", model_of("t () => (float a) { a = Relu (x) }"));
  set_body(last_node(model),
           "else_branch",
           model_of("e () => (float b) { a = Relu (x)  b = MatMul (a, w) }", {{"w", {8, 8}}}));
  const Network network = read_model(model);
  EXPECT_EQ(complexity(network).macs(), 64);
  EXPECT_TRUE(
      has_note(network, NoteKind::Approximated, "which branch runs depends on the samples"));
}

TEST(OnnxControlFlow, ScansASequenceStepByStep) {
  // h = tanh(x_t W + h R) over 5 steps: what an RNN node does.
  onnx::ModelProto model = model_of(
      "g (float[N, 8] h, float[5, N, 4] x) => (float last, float all) { last, all = Scan "
      "<num_scan_inputs = 1> (h, x) }",
      {{"w", {4, 8}}, {"r", {8, 8}}});
  set_body(last_node(model), "body", model_of(R"(b (float h, float x) => (float k, float y) {
    a = MatMul (x, w)
    b = MatMul (h, r)
    s = Add (a, b)
    k = Tanh (s)
    y = Identity (k)
  })"));
  const Complexity found = complexity(read_model(model));
  EXPECT_EQ(found.macs(), 5 * (4 * 8 + 8 * 8));
  EXPECT_EQ(found.parameters, 4 * 8 + 8 * 8);
}

TEST(OnnxControlFlow, InlinesFunctionsWithTheirAttributes) {
  onnx::ModelProto model =
      model_of("g (float[N, 8] x) => (float y) { a = Relu (x)  y = Relu (a) }", {});
  for (onnx::NodeProto& node : *model.mutable_graph()->mutable_node()) {
    node.set_domain("mine");
    node.set_op_type("leaky");
    onnx::AttributeProto& slope = *node.add_attribute();
    slope.set_name("slope");
    slope.set_type(onnx::AttributeProto::FLOAT);
    slope.set_f(0.25f);
  }
  onnx::FunctionProto& function = *model.add_functions();
  function.set_domain("mine");
  function.set_name("leaky");
  function.add_input("a");
  function.add_output("b");
  function.add_attribute("slope");
  function.add_opset_import()->set_version(13);
  onnx::NodeProto& node = *function.add_node();
  node.set_op_type("LeakyRelu");
  node.add_input("a");
  node.add_output("b");
  onnx::AttributeProto& alpha = *node.add_attribute();
  alpha.set_name("alpha");
  alpha.set_type(onnx::AttributeProto::FLOAT);
  alpha.set_ref_attr_name("slope");
  const Network network = read_model(model);
  ASSERT_EQ(count<Activation>(network), 2);
  EXPECT_EQ(std::get<Activation>(network.layers[1].op).alpha, 0.25);
  EXPECT_EQ(network.layers[1].name, "leaky/b");
}

TEST(OnnxControlFlow, FollowsSequencesOfKnownLength) {
  const Network network = read_graph(R"(g (float[N, 4] x, float[N, 4] y) => (float z) {
    s = SequenceConstruct (x, y)
    a = Relu (x)
    t = SequenceInsert (s, a)
    z = ConcatFromSequence <axis = 1> (t)
  })");
  EXPECT_EQ(output_of(network), (TensorShape{{12}}));
}

TEST(OnnxControlFlow, DescribesTheForwardPartOfATrainingGraph) {
  onnx::ModelProto model =
      model_of("g (float[N, 8] x) => (float y, float d) { y = MatMul (x, w)  d = Relu (x, y) }",
               {{"w", {8, 8}}});
  onnx::NodeProto& gradient = last_node(model);
  gradient.set_op_type("Gradient");
  gradient.set_domain("ai.onnx.preview.training");
  const Network network = read_model(model);
  EXPECT_EQ(complexity(network).macs(), 64);
  EXPECT_TRUE(has_note(network,
                       NoteKind::NotModelled,
                       "ai.onnx.preview.training::Gradient \"d\": belongs to training"));
}

}  // namespace

}  // namespace omniphi::models
