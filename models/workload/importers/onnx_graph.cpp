#include "models/workload/importers/onnx_graph.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <onnx/defs/tensor_proto_util.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_check.h"
#include "models/workload/importers/onnx_node.h"
#include "models/workload/importers/onnx_shapes.h"

namespace omniphi::models {

namespace {

template <class... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> text, Args&&... args) {
  throw std::invalid_argument(fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace

OnnxGraph::OnnxGraph(onnx::ModelProto model)
    : model_(std::move(model)), operator_set_(models::operator_set(model_)) {
  put_constants_in_initializers(model_);
  for (const onnx::TensorProto& tensor : proto().initializer()) {
    tensors_.emplace(tensor.name(), &tensor);
    constants_.insert(tensor.name());
  }
  for (const onnx::SparseTensorProto& tensor : proto().sparse_initializer()) {
    constants_.insert(tensor.values().name());
  }
  for (const onnx::NodeProto& node : proto().node()) {
    for (const std::string& input : node.input()) ++uses_[input];
    if (computes_constant(node)) constants_.insert(node.output().begin(), node.output().end());
  }
  for (const onnx::ValueInfoProto& output : proto().output()) ++uses_[output.name()];
  fix_batch();
  infer_shapes(model_);
  index_values();
}

std::vector<std::string> OnnxGraph::inputs() const {
  std::vector<std::string> names;
  for (const onnx::ValueInfoProto& input : proto().input()) {
    if (!is_constant(input.name()) && uses(input.name()) > 0) names.push_back(input.name());
  }
  return names;
}

int OnnxGraph::uses(const std::string& value) const {
  const auto found = uses_.find(value);
  return found == uses_.end() ? 0 : found->second;
}

std::vector<std::int64_t> OnnxGraph::shape(const std::string& value) const {
  const auto type = types_.find(value);
  if (type == types_.end() || !type->second->tensor_type().has_shape()) {
    refuse("the shape of {} cannot be inferred", in_quotes(value));
  }
  std::vector<std::int64_t> dimensions;
  std::int64_t elements = 1;
  for (const auto& dimension : type->second->tensor_type().shape().dim()) {
    if (!dimension.has_dim_value()) {
      refuse(
          "dimension {} of {} has no number{}",
          dimensions.size(),
          in_quotes(value),
          dimension.has_dim_param() ? ", only the name " + in_quotes(dimension.dim_param()) : "");
    }
    if (dimension.dim_value() < 1) {
      refuse(
          "dimension {} of {} is {}", dimensions.size(), in_quotes(value), dimension.dim_value());
    }
    if (dimension.dim_value() > kLargestTensor / elements) {
      refuse("{} has more than {} elements", in_quotes(value), kLargestTensor);
    }
    elements *= dimension.dim_value();
    dimensions.push_back(dimension.dim_value());
  }
  return dimensions;
}

TensorShape OnnxGraph::sample_shape(const std::string& value) const {
  const std::vector<std::int64_t> dimensions = shape(value);
  if (dimensions.size() < 2 || dimensions[0] != batch_) {
    refuse("the shape of {}, [{}], does not begin with the batch, {}, followed by a sample",
           in_quotes(value),
           fmt::join(dimensions, ", "),
           batch_);
  }
  return {{dimensions.begin() + 1, dimensions.end()}};
}

std::optional<std::vector<std::int64_t>> OnnxGraph::integers(const std::string& value) const {
  const onnx::TensorProto* tensor = written_tensor(value, onnx::TensorProto::INT64);
  if (!tensor) return {};
  return onnx::ParseData<std::int64_t>(tensor);
}

std::optional<double> OnnxGraph::real(const std::string& value) const {
  const onnx::TensorProto* tensor = written_tensor(value, onnx::TensorProto::FLOAT);
  if (!tensor) return {};
  const std::vector<float> numbers = onnx::ParseData<float>(tensor);
  return numbers.size() == 1 ? std::optional<double>(numbers.front()) : std::nullopt;
}

const onnx::TensorProto* OnnxGraph::written_tensor(const std::string& value, int type) const {
  const auto found = tensors_.find(value);
  if (found == tensors_.end()) return nullptr;
  const onnx::TensorProto& tensor = *found->second;
  const bool external = tensor.data_location() == onnx::TensorProto::EXTERNAL;
  return tensor.data_type() == type && !external ? &tensor : nullptr;
}

void OnnxGraph::fix_batch() {
  bool first = true;
  for (onnx::ValueInfoProto& input : *model_.mutable_graph()->mutable_input()) {
    if (is_constant(input.name()) || uses(input.name()) == 0) continue;
    if (input.type().tensor_type().shape().dim().empty()) continue;
    auto& shape = *input.mutable_type()->mutable_tensor_type()->mutable_shape();
    // Exporters write an unknown batch as a name, nothing, 0 or -1.
    const bool fixed = shape.dim(0).has_dim_value() && shape.dim(0).dim_value() > 0;
    if (std::exchange(first, false) && fixed) batch_ = shape.dim(0).dim_value();
    if (!fixed) shape.mutable_dim(0)->set_dim_value(batch_);
  }
}

void OnnxGraph::index_values() {
  for (const auto* values : {&proto().value_info(), &proto().input(), &proto().output()}) {
    for (const onnx::ValueInfoProto& value : *values) types_.emplace(value.name(), &value.type());
  }
}

bool OnnxGraph::computes_constant(const onnx::NodeProto& node) const {
  if (node.op_type() == "Constant" || node.op_type() == "Shape") return true;
  const std::vector<std::string> inputs = input_names(node);
  return !inputs.empty() &&
         std::all_of(inputs.begin(), inputs.end(), [&](const std::string& input) {
           return is_constant(input);
         });
}

}  // namespace omniphi::models
