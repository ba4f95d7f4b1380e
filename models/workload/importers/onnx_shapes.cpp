#include "models/workload/importers/onnx_shapes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <onnx/shape_inference/implementation.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_node.h"

namespace omniphi::models {

namespace {

onnx::TensorProto integer_tensor(const std::vector<std::int64_t>& values) {
  onnx::TensorProto tensor;
  tensor.set_data_type(onnx::TensorProto::INT64);
  tensor.add_dims(static_cast<std::int64_t>(values.size()));
  tensor.mutable_int64_data()->Add(values.begin(), values.end());
  return tensor;
}

/// The value of a Constant node, taken out of it; none for other nodes and for values that shape
/// nothing.
std::optional<onnx::TensorProto> constant_tensor(onnx::NodeProto& node) {
  if (node.op_type() != "Constant" || node.attribute().empty()) return {};
  onnx::AttributeProto& value = *node.mutable_attribute(0);
  if (value.name() == "value_ints") {
    return integer_tensor({value.ints().begin(), value.ints().end()});
  }
  onnx::TensorProto tensor;
  if (value.name() == "value") {
    tensor.Swap(value.mutable_t());
  } else if (value.name() == "value_int") {
    tensor.set_data_type(onnx::TensorProto::INT64);
    tensor.add_int64_data(value.i());
  } else if (value.name() == "value_float") {
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    tensor.add_float_data(value.f());
  } else {
    return {};
  }
  return tensor;
}

/// ONNX's schemas, but newer ones of those operators that had the same meaning before, yet only
/// since then follow the values of shapes (Shape, Gather, Concat, then Reshape).
class SchemasThatFollowShapes : public onnx::ISchemaRegistry {
 public:
  const onnx::OpSchema* GetSchema(const std::string& type,
                                  const int operator_set,
                                  const std::string& domain) const override {
    constexpr int kFirstThatFollows = 14;
    constexpr std::array kOperators{"Cast", "Concat", "Gather", "Reshape", "Unsqueeze"};
    const bool newer = std::find(kOperators.begin(), kOperators.end(), type) != kOperators.end();
    return onnx::OpSchemaRegistry::Instance()->GetSchema(
        type, newer ? std::max(operator_set, kFirstThatFollows) : operator_set, domain);
  }
};

/// While it lives, nodes with SAME padding have windows of one element in its place, whose output
/// is the same, ceil(size / stride) per axis: ONNX finds that padding by repeated subtraction,
/// which a huge size makes endless.
class SimpleWindows {
 public:
  explicit SimpleWindows(onnx::GraphProto& graph) {
    for (onnx::NodeProto& node : *graph.mutable_node()) {
      if (!text_attribute(node, "auto_pad", "").starts_with("SAME")) continue;
      const std::vector<std::int64_t> strides = integers_attribute(node, "strides");
      if (strides.empty()) continue;  // strides of one, which it does not subtract
      replaced_.emplace_back(&node, node);
      node.clear_attribute();
      set_attribute(node, "strides", strides);
      set_attribute(node, "kernel_shape", std::vector<std::int64_t>(strides.size(), 1));
    }
  }

  ~SimpleWindows() {
    for (auto& [node, original] : replaced_) node->Swap(&original);
  }

  SimpleWindows(const SimpleWindows&) = delete;
  SimpleWindows& operator=(const SimpleWindows&) = delete;

 private:
  static void set_attribute(onnx::NodeProto& node,
                            const std::string& name,
                            const std::vector<std::int64_t>& values) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(onnx::AttributeProto::INTS);
    attribute.mutable_ints()->Add(values.begin(), values.end());
  }

  std::vector<std::pair<onnx::NodeProto*, onnx::NodeProto>> replaced_;
};

/// What a file says of shapes within the graph may hold for another batch.
void forget_shapes(onnx::GraphProto& graph) {
  graph.clear_value_info();
  for (onnx::ValueInfoProto& output : *graph.mutable_output()) {
    if (!output.type().has_tensor_type()) continue;
    output.mutable_type()->mutable_tensor_type()->clear_shape();
  }
}

constexpr bool kTypesOnly = false;
constexpr bool kShapeValues = true;

void infer(onnx::ModelProto& model, bool follow_shape_values) {
  constexpr bool kCheckTypes = false;
  constexpr int kReportFaults = 1;
  const SchemasThatFollowShapes schemas;
  try {
    onnx::shape_inference::InferShapes(
        model, &schemas, {kCheckTypes, kReportFaults, follow_shape_values});
  } catch (const std::exception& error) {
    throw std::invalid_argument("shapes cannot be inferred: " + library_message(error));
  }
}

void require_types(const onnx::GraphProto& graph) {
  std::unordered_set<std::string_view> typed;
  for (const auto* values : {&graph.value_info(), &graph.output()}) {
    for (const onnx::ValueInfoProto& value : *values) {
      if (value.type().tensor_type().elem_type() != 0) typed.insert(value.name());
    }
  }
  for (const onnx::NodeProto& node : graph.node()) {
    if (typed.contains(node.output(0))) continue;
    throw std::invalid_argument("the type of " + in_quotes(node.output(0)) + " cannot be inferred");
  }
}

void add_initializer_shapes(onnx::GraphProto& graph) {
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    onnx::ValueInfoProto& value = *graph.add_value_info();
    value.set_name(tensor.name());
    auto& shape = *value.mutable_type()->mutable_tensor_type()->mutable_shape();
    for (const std::int64_t dimension : tensor.dims()) shape.add_dim()->set_dim_value(dimension);
  }
}

}  // namespace

void put_constants_in_initializers(onnx::ModelProto& model) {
  // ONNX follows shape values from initialisers, but neither from Constant nodes nor from
  // attributes; and it takes initialisers that are no graph inputs only from IR version 4 on.
  onnx::GraphProto& graph = *model.mutable_graph();
  model.set_ir_version(std::max<std::int64_t>(model.ir_version(), 4));
  onnx::GraphProto rest;
  for (onnx::NodeProto& node : *graph.mutable_node()) {
    if (std::optional<onnx::TensorProto> tensor = constant_tensor(node)) {
      tensor->set_name(node.output(0));
      graph.add_initializer()->Swap(&*tensor);
      continue;
    }
    if (node.op_type() == "Unsqueeze" && node.input_size() == 1) {
      onnx::TensorProto axes = integer_tensor(integers_attribute(node, "axes"));
      axes.set_name(node.output(0) + "/axes");
      node.add_input(axes.name());
      graph.add_initializer()->Swap(&axes);
    }
    rest.add_node()->Swap(&node);
  }
  graph.mutable_node()->Swap(rest.mutable_node());
}

void infer_shapes(onnx::ModelProto& model) {
  onnx::GraphProto& graph = *model.mutable_graph();
  forget_shapes(graph);
  const SimpleWindows simple(graph);
  // ONNX goes on after a fault and then crashes where it follows the shape of a value that has not
  // even a type; so types come first.
  infer(model, kTypesOnly);
  require_types(graph);
  infer(model, kShapeValues);
  add_initializer_shapes(graph);
}

}  // namespace omniphi::models
