#include "models/workload/importers/onnx_node.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_formats.h"
#include "models/workload/importers/onnx_proto.h"

namespace omniphi::models {

namespace {

constexpr std::string_view kAcrossBatch =
    "works across the samples of a batch; counted for a batch of one";

}  // namespace

void refuse(const std::string& sentence) {
  throw std::invalid_argument(sentence);
}

void require(bool holds, std::string_view sentence) {
  if (!holds) refuse(std::string(sentence));
}

std::int64_t OnnxNode::operator_set() const {
  const auto found = scope_.sets->find(domain_of(proto_));
  return found == scope_.sets->end() ? 1 : found->second;
}

bool OnnxNode::has(int index) const {
  return index < proto_.input_size() && !proto_.input(index).empty();
}

const OnnxValue& OnnxNode::value(int index) const {
  if (!has(index)) refuse(fmt::format("lacks its input number {}", index + 1));
  const OnnxValue* found = scope_.find(proto_.input(index));
  if (!found) refuse(fmt::format("takes {}, which has no value", in_quotes(proto_.input(index))));
  return *found;
}

const OnnxValue& OnnxNode::tensor(int index) const {
  const OnnxValue& found = value(index);
  if (!found.is_tensor()) refuse(fmt::format("{} is no tensor", in_quotes(proto_.input(index))));
  return found;
}

const OnnxValue& OnnxNode::weight(int index) const {
  const OnnxValue& found = tensor(index);
  if (!found.is_constant()) {
    refuse(
        fmt::format("{} is computed by the network, not a weight", in_quotes(proto_.input(index))));
  }
  return found;
}

std::optional<std::vector<std::int64_t>> OnnxNode::numbers(int index) const {
  return has(index) ? models::integers(value(index)) : std::nullopt;
}

std::optional<std::vector<std::int64_t>> OnnxNode::numbers(std::string_view attribute,
                                                           int index) const {
  if (has_attribute(attribute)) return integers(attribute);
  return numbers(index);
}

const onnx::AttributeProto* OnnxNode::attribute(std::string_view name,
                                                onnx::AttributeProto::AttributeType type,
                                                std::string_view expected) const {
  const onnx::AttributeProto* found = find_attribute(proto_, name);
  if (!found) return nullptr;
  // Files of IR version 1 do not say the type.
  const bool untyped = found->type() == onnx::AttributeProto::UNDEFINED;
  if (untyped || found->type() == type) return found;
  refuse(fmt::format("its attribute {} is no {}", in_quotes(name), expected));
}

bool OnnxNode::has_attribute(std::string_view name) const {
  return find_attribute(proto_, name) != nullptr;
}

std::int64_t OnnxNode::integer(std::string_view name, std::int64_t otherwise) const {
  const auto* found = attribute(name, onnx::AttributeProto::INT, "whole number");
  return found ? found->i() : otherwise;
}

double OnnxNode::real(std::string_view name, double otherwise) const {
  const auto* found = attribute(name, onnx::AttributeProto::FLOAT, "number");
  return found ? found->f() : otherwise;
}

std::string OnnxNode::text(std::string_view name, const std::string& otherwise) const {
  const auto* found = attribute(name, onnx::AttributeProto::STRING, "text");
  return found ? found->s() : otherwise;
}

std::vector<std::int64_t> OnnxNode::integers(std::string_view name) const {
  const auto* found = attribute(name, onnx::AttributeProto::INTS, "list of whole numbers");
  if (!found) return {};
  return {found->ints().begin(), found->ints().end()};
}

std::vector<double> OnnxNode::reals(std::string_view name) const {
  const auto* found = attribute(name, onnx::AttributeProto::FLOATS, "list of numbers");
  if (!found) return {};
  return {found->floats().begin(), found->floats().end()};
}

std::vector<std::string> OnnxNode::texts(std::string_view name) const {
  const auto* found = attribute(name, onnx::AttributeProto::STRINGS, "list of texts");
  if (!found) return {};
  return {found->strings().begin(), found->strings().end()};
}

const onnx::GraphProto& OnnxNode::body(std::string_view name) const {
  const auto* found = attribute(name, onnx::AttributeProto::GRAPH, "graph");
  if (!found) refuse(fmt::format("has no body {}", in_quotes(name)));
  return found->g();
}

std::size_t OnnxNode::axis(std::int64_t otherwise, std::size_t rank) const {
  const auto axes = static_cast<std::int64_t>(rank);
  const std::int64_t axis = integer("axis", otherwise);
  if (axis < -axes || axis >= axes) refuse(fmt::format("has axis {} of {}", axis, axes));
  return static_cast<std::size_t>(axis < 0 ? axis + axes : axis);
}

bool OnnxNode::makes(int index) const {
  return index < proto_.output_size() && !proto_.output(index).empty();
}

void OnnxNode::set(int index, OnnxValue value) {
  if (!makes(index)) return;
  const std::string& name = proto_.output(index);
  if (value.is_constant() && value.tensor.empty()) value.tensor = scope_.prefix + name;
  scope_.values[name] = std::move(value);
}

namespace {

const onnx::TypeProto* declared(const OnnxScope& scope, const std::string& name) {
  const auto found = scope.declared.find(name);
  return found == scope.declared.end() ? nullptr : found->second;
}

}  // namespace

std::optional<Dimensions> OnnxNode::declared_shape(int index) const {
  if (!makes(index)) return {};
  const onnx::TypeProto* type = declared(scope_, proto_.output(index));
  if (!type || !type->tensor_type().has_shape()) return {};
  Dimensions shape;
  for (const auto& dimension : type->tensor_type().shape().dim()) {
    if (!dimension.has_dim_value() || dimension.dim_value() < 0) return {};
    shape.push_back(dimension.dim_value());
  }
  if (shape.empty()) return {};  // exporters write so what they do not know
  element_count(shape);
  return shape;
}

int OnnxNode::declared_type(int index) const {
  const onnx::TypeProto* type = makes(index) ? declared(scope_, proto_.output(index)) : nullptr;
  const int element = type ? type->tensor_type().elem_type() : 0;
  return element != 0 ? element : static_cast<int>(onnx::TensorProto::FLOAT);
}

Dimensions OnnxNode::sample(const Dimensions& shape, std::optional<std::size_t> batch_axis) const {
  Dimensions sample = shape;
  if (batch_axis) {
    const auto axis = sample.begin() + static_cast<std::ptrdiff_t>(*batch_axis);
    if (*axis % walk_.batch().size != 0) throw OnnxMixedBatch{node_label(proto_)};
    *axis /= walk_.batch().size;
    if (*axis == 1) sample.erase(axis);
  }
  if (sample.empty()) sample.push_back(1);
  return sample;
}

OnnxValue OnnxNode::whole(OnnxValue value) const {
  if (value.batch_axis && walk_.batch().size > 1) throw OnnxMixedBatch{node_label(proto_)};
  if (value.batch_axis && walk_.batch().open) note(NoteKind::Approximated, kAcrossBatch);
  value.batch_axis.reset();
  return value;
}

std::int64_t OnnxNode::sample_axis(const OnnxValue& value, std::size_t axis) const {
  const bool dropped = value.batch_axis && *value.batch_axis < axis &&
                       value.shape[*value.batch_axis] == walk_.batch().size;
  return static_cast<std::int64_t>(axis) - (dropped ? 1 : 0);
}

OnnxValue OnnxNode::layer(Op op,
                          const std::vector<OnnxOperand>& operands,
                          OnnxResult result,
                          const std::vector<const OnnxValue*>& weights,
                          std::string_view part) {
  const bool fixed = std::ranges::all_of(
      operands, [](const OnnxOperand& operand) { return operand.value.is_constant(); });
  if (fixed || element_count(result.shape) == 0) return constant(result.type, result.shape);

  const bool batched = std::ranges::any_of(
      operands, [](const OnnxOperand& operand) { return operand.value.batch_axis.has_value(); });
  if (batched && !result.batch_axis) {
    if (walk_.batch().size > 1) throw OnnxMixedBatch{node_label(proto_)};
    if (walk_.batch().open) note(NoteKind::Approximated, kAcrossBatch);
  }
  OnnxLayerDraft draft{layer_name(part), std::move(op)};
  draft.format = layer_format(operands, weights, result.type);
  for (const OnnxOperand& operand : operands) draft.inputs.push_back(layer_of(operand));
  for (const OnnxValue* weight : weights) draft.tensors.push_back(weight->tensor);

  OnnxValue made;
  made.kind = OnnxValue::Kind::Activation;
  made.type = result.type;
  made.batch_axis = result.batch_axis;
  made.shape = std::move(result.shape);
  made.layer = walk_.layers().add(std::move(draft));
  const TensorShape& found = walk_.layers()[made.layer].output;
  const TensorShape expected{sample(made)};
  if (found.elements() != expected.elements()) {
    refuse(fmt::format("comes out as {} but is {} in ONNX", found.text(), expected.text()));
  }
  return made;
}

void OnnxNode::map(Op op, const std::vector<const OnnxValue*>& weights) {
  const OnnxValue& input = tensor(0);
  set(0, layer(std::move(op), {{input}}, {input.shape, input.batch_axis, input.type}, weights));
}

void OnnxNode::note(NoteKind kind, std::string_view what) const {
  const std::string name =
      proto_.name().empty() && proto_.output_size() > 0 ? proto_.output(0) : proto_.name();
  walk_.notes().add(kind, operator_name(proto_), name, what);
}

std::size_t OnnxNode::layer_of(const OnnxOperand& operand) {
  const OnnxValue& value = operand.value;
  if (!value.is_tensor()) refuse("takes what is no tensor");
  const TensorShape shape{operand.sample ? *operand.sample : sample(value)};
  if (value.is_activation()) return walk_.layers().reshaped(value.layer, shape);
  const bool learnt = is_learnt(value);
  OnnxLayerDraft draft{layer_name("constant"), Constant{shape.dimensions, learnt}};
  draft.format = format_of(value.stored_type != 0 ? value.stored_type : value.type);
  if (learnt) draft.tensors.push_back(value.tensor);
  return walk_.layers().add(std::move(draft));
}

std::string OnnxNode::layer_name(std::string_view part) const {
  std::string name = proto_.name();
  if (name.empty()) {
    const auto named = std::ranges::find_if(
        proto_.output(), [](const std::string& output) { return !output.empty(); });
    name = named == proto_.output().end() ? proto_.op_type() : *named;
  }
  name = scope_.prefix + name;
  return part.empty() ? name : fmt::format("{}/{}", name, part);
}

}  // namespace omniphi::models
