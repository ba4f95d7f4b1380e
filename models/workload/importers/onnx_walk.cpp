#include "models/workload/importers/onnx_walk.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_node.h"
#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_proto.h"

namespace omniphi::models {

namespace {

/// What a walk may cost, with some 3 us a node: loops are unrolled and functions inlined.
constexpr std::int64_t kMostNodes = 100'000;
constexpr std::int64_t kMostFolded = std::int64_t{1} << 25;  // numbers
constexpr int kDeepest = 64;                                 // bodies and functions in one another

using Nodes = google::protobuf::RepeatedPtrField<onnx::NodeProto>;

/// Ends the walk; the fault has been reported.
struct Exhausted {};

bool refers_to_attributes(const onnx::NodeProto& node) {
  return std::ranges::any_of(node.attribute(), [](const onnx::AttributeProto& attribute) {
    if (!attribute.ref_attr_name().empty()) return true;
    return attribute.has_g() && std::ranges::any_of(attribute.g().node(), refers_to_attributes);
  });
}

/// Attributes that stand for the caller's get its values, or vanish if it gives none.
void bind_attributes(onnx::NodeProto& node, const onnx::NodeProto& caller) {
  onnx::NodeProto bound;
  for (onnx::AttributeProto& attribute : *node.mutable_attribute()) {
    if (attribute.ref_attr_name().empty()) {
      for (onnx::NodeProto& inner : *attribute.mutable_g()->mutable_node()) {
        bind_attributes(inner, caller);
      }
      bound.add_attribute()->Swap(&attribute);
    } else if (const auto* given = find_attribute(caller, attribute.ref_attr_name())) {
      onnx::AttributeProto& copy = *bound.add_attribute();
      copy = *given;
      copy.set_name(attribute.name());
    }
  }
  node.mutable_attribute()->Swap(bound.mutable_attribute());
}

OnnxValue of_kind(OnnxValue::Kind kind) {
  OnnxValue value;
  value.kind = kind;
  return value;
}

}  // namespace

OnnxOperatorSets operator_sets(
    const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto>& imports) {
  OnnxOperatorSets sets;
  for (const onnx::OperatorSetIdProto& set : imports) {
    sets[std::string(short_domain(set.domain()))] = set.version();
  }
  return sets;
}

const OnnxValue* OnnxScope::find(const std::string& name) const {
  for (const OnnxScope* scope = this; scope; scope = scope->outer) {
    const auto found = scope->values.find(name);
    if (found != scope->values.end()) return &found->second;
  }
  return nullptr;
}

OnnxWalk::OnnxWalk(const onnx::ModelProto& model,
                   OnnxBatch batch,
                   const Place& place,
                   Diagnostics& diagnostics)
    : model_(model),
      batch_(batch),
      place_(place),
      diagnostics_(diagnostics),
      sets_(operator_sets(model.opset_import())) {
  for (const onnx::FunctionProto& function : model.functions()) {
    functions_[fmt::format("{}::{}", short_domain(function.domain()), function.name())] = &function;
  }
}

void OnnxWalk::run(std::unordered_map<std::string, OnnxValue> inputs) try {
  OnnxScope scope;
  scope.sets = &sets_;
  scope.values = std::move(inputs);
  const onnx::GraphProto& graph = model_.graph();
  enter(graph, scope);
  visit_all(graph.node(), scope);
  for (const onnx::ValueInfoProto& output : graph.output()) add_output(output, scope);
  if (layers_.size() == 0) refuse_nothing();

} catch (const Exhausted&) {
}

void OnnxWalk::add_output(const onnx::ValueInfoProto& output, const OnnxScope& scope) {
  const OnnxValue* found = scope.find(output.name());
  if (!found) return;
  note_other_shape(output, *found);
  std::vector<OnnxValue> left{*found};
  while (!left.empty()) {
    const OnnxValue value = std::move(left.back());
    left.pop_back();
    if (value.is_activation()) outputs_.push_back(value.layer);
    if (value.items) left.insert(left.end(), value.items->begin(), value.items->end());
    // A model without samples still has what comes out of it.
    const bool lone = value.is_constant() && layers_.size() == 0 && element_count(value.shape) > 0;
    if (!lone) continue;
    Dimensions shape = value.shape;
    if (shape.empty()) shape.push_back(1);
    outputs_.push_back(layers_.add({output.name(), Constant{shape, false}}));
  }
}

void OnnxWalk::note_other_shape(const onnx::ValueInfoProto& output, const OnnxValue& value) {
  if (!value.is_tensor() || !output.type().tensor_type().has_shape()) return;
  const auto& declared = output.type().tensor_type().shape().dim();
  bool same = static_cast<std::size_t>(declared.size()) == value.rank();
  for (std::size_t axis = 0; same && axis < value.rank(); ++axis) {
    const auto& dimension = declared[static_cast<int>(axis)];
    const bool open = !dimension.has_dim_value() || dimension.dim_value() <= 0;
    same = open || dimension.dim_value() == value.shape[axis];
  }
  if (same) return;
  notes_.add(NoteKind::Approximated,
             "output",
             output.name(),
             fmt::format("comes out as {}, not as the file says", shape_text(value.shape)));
}

void OnnxWalk::refuse_nothing() {
  const onnx::NodeProto& last = *model_.graph().node().rbegin();
  if (!diagnostics_.empty()) return;
  diagnostics_.error(place_,
                     node_label(last),
                     is_training(last) ? "belongs to training, and there is no forward part to read"
                                       : "nothing is left to describe: what comes out is empty");
}

std::vector<OnnxValue> OnnxWalk::run_body(const onnx::GraphProto& body,
                                          std::vector<OnnxValue> inputs,
                                          OnnxScope scope) {
  if (++scope.depth > kDeepest) refuse(fmt::format("lies in more than {} bodies", kDeepest));
  if (static_cast<int>(inputs.size()) != body.input_size()) {
    refuse(fmt::format("its body takes {} values, not {}", body.input_size(), inputs.size()));
  }
  for (int i = 0; i < body.input_size(); ++i) {
    scope.values[body.input(i).name()] = std::move(inputs[static_cast<std::size_t>(i)]);
  }
  enter(body, scope);
  visit_all(body.node(), scope);
  std::vector<OnnxValue> outputs;
  for (const onnx::ValueInfoProto& output : body.output()) {
    const OnnxValue* value = scope.find(output.name());
    outputs.push_back(value ? *value : of_kind(OnnxValue::Kind::Faulty));
  }
  return outputs;
}

void OnnxWalk::spend(std::int64_t numbers) {
  numbers_ += numbers;
  if (numbers_ <= kMostFolded) return;
  diagnostics_.error(place_, "", "has more constants to fold than any network needs");
  throw Exhausted{};
}

Network OnnxWalk::finish() && {
  return std::move(layers_).finish(outputs_, notes_, place_, diagnostics_);
}

void OnnxWalk::enter(const onnx::GraphProto& graph, OnnxScope& scope) {
  for (const onnx::TensorProto& tensor : graph.initializer()) {
    try {
      OnnxValue value = constant(tensor);
      if (value.numbers) spend(static_cast<std::int64_t>(value.numbers->size()));
      value.tensor = scope.identity + tensor.name();
      scope.values[tensor.name()] = std::move(value);
    } catch (const std::invalid_argument& error) {
      if (reported_.insert(tensor.name()).second) diagnostics_.error(place_, "", error.what());
      scope.values[tensor.name()] = of_kind(OnnxValue::Kind::Faulty);
    }
  }
  for (const onnx::SparseTensorProto& sparse : graph.sparse_initializer()) {
    const std::string& name = sparse.values().name();
    try {
      OnnxValue value =
          constant(sparse.values().data_type(), {sparse.dims().begin(), sparse.dims().end()});
      value.tensor = scope.identity + name;
      scope.values[name] = std::move(value);
    } catch (const std::invalid_argument& error) {
      diagnostics_.error(place_, "", fmt::format("{} {}", in_quotes(name), error.what()));
      scope.values[name] = of_kind(OnnxValue::Kind::Faulty);
    }
  }
  for (const auto* values : {&graph.value_info(), &graph.output()}) {
    for (const onnx::ValueInfoProto& value : *values) {
      scope.declared.emplace(value.name(), &value.type());
    }
  }
}

void OnnxWalk::visit_all(const Nodes& nodes, OnnxScope& scope) {
  for (const onnx::NodeProto& node : nodes) visit(node, scope);
}

void OnnxWalk::visit(const onnx::NodeProto& node, OnnxScope& scope) {
  const auto set_all = [&](OnnxValue::Kind kind) {
    for (const std::string& output : node.output()) {
      if (!output.empty()) scope.values[output] = of_kind(kind);
    }
  };
  const auto takes = [&](OnnxValue::Kind kind) {
    return std::ranges::any_of(node.input(), [&](const std::string& input) {
      const OnnxValue* value = input.empty() ? nullptr : scope.find(input);
      return value && value->kind == kind;
    });
  };
  if (++nodes_ > kMostNodes) {
    diagnostics_.error(
        place_,
        node_label(node),
        fmt::format("unrolled and inlined, the model has more than {} nodes", kMostNodes));
    throw Exhausted{};
  }
  if (takes(OnnxValue::Kind::Faulty)) return set_all(OnnxValue::Kind::Faulty);
  if (is_training(node) || takes(OnnxValue::Kind::Gradient)) {
    notes_.add(NoteKind::NotModelled,
               operator_name(node),
               node.output_size() > 0 ? node.output(0) : node.name(),
               "belongs to training, of which only the forward part is read");
    return set_all(OnnxValue::Kind::Gradient);
  }
  const std::string label = node_label(node);
  try {
    const std::size_t before = layers_.size();
    translate(node, scope);
    note_outcome(node, scope, before);
  } catch (const std::invalid_argument& error) {
    if (reported_.insert(label).second) diagnostics_.error(place_, label, error.what());
    set_all(OnnxValue::Kind::Faulty);
  }
}

void OnnxWalk::translate(const onnx::NodeProto& node, OnnxScope& scope) {
  if (const OnnxOperator* known = find_operator(node)) {
    OnnxNode translated(node, scope, *this);
    known->translate(translated);
  } else if (const onnx::FunctionProto* function = function_of(node)) {
    call(*function, node, scope);
  } else {
    refuse("this operator is not supported");
  }
}

const onnx::FunctionProto* OnnxWalk::function_of(const onnx::NodeProto& node) const {
  const auto found = functions_.find(fmt::format("{}::{}", domain_of(node), node.op_type()));
  return found == functions_.end() ? nullptr : found->second;
}

void OnnxWalk::call(const onnx::FunctionProto& function,
                    const onnx::NodeProto& node,
                    OnnxScope& scope) {
  if (scope.depth >= kDeepest) {
    refuse(fmt::format("functions call one another more than {} deep", kDeepest));
  }
  OnnxNode caller(node, scope, *this);
  const OnnxOperatorSets sets = operator_sets(function.opset_import());
  OnnxScope inner;
  inner.sets = &sets;
  inner.depth = scope.depth + 1;
  inner.prefix = scope.prefix + (node.name().empty() ? function.name() : node.name()) + "/";
  inner.identity = function.name() + "/";
  for (int i = 0; i < function.input_size(); ++i) {
    inner.values[function.input(i)] =
        caller.has(i) ? caller.value(i) : of_kind(OnnxValue::Kind::Missing);
  }
  for (const onnx::NodeProto& original : function.node()) {
    if (refers_to_attributes(original)) {
      onnx::NodeProto bound = original;
      bind_attributes(bound, node);
      visit(bound, inner);
    } else {
      visit(original, inner);
    }
  }
  for (int i = 0; i < function.output_size(); ++i) {
    const OnnxValue* value = inner.find(function.output(i));
    if (!value) refuse(fmt::format("its function does not make {}", in_quotes(function.output(i))));
    caller.set(i, *value);
  }
}

void OnnxWalk::note_outcome(const onnx::NodeProto& node,
                            const OnnxScope& scope,
                            std::size_t layers_before) {
  if (!find_operator(node) || !bodies_of(node).empty()) return;
  for (std::size_t layer = layers_before; layer < layers_.size(); ++layer) {
    if (!std::holds_alternative<Reshape>(layers_[layer].op)) return;
  }
  const bool fixed = std::ranges::all_of(node.output(), [&](const std::string& output) {
    const OnnxValue* value = output.empty() ? nullptr : scope.find(output);
    return !value || value->is_constant();
  });
  notes_.add(NoteKind::Free,
             operator_name(node),
             node.name().empty() && node.output_size() > 0 ? node.output(0) : node.name(),
             fixed ? "costs nothing, since no sample changes what it gives"
                   : "costs nothing, since it changes no element");
}

}  // namespace omniphi::models
