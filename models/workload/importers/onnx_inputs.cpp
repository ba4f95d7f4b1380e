#include "models/workload/importers/onnx_inputs.h"

#include <algorithm>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "models/workload/importers/onnx_formats.h"
#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_proto.h"

namespace omniphi::models {

namespace {

/// How the nodes of a graph, bodies included, use each value.
struct Uses {
  std::unordered_set<std::string> values;
  std::unordered_set<std::string> not_as_weights;  // where something else than a weight is taken
  std::unordered_set<std::string> steps_first;     // [steps, batch, features] of recurrent nodes
};

bool takes_steps_first(const onnx::NodeProto& node) {
  const onnx::AttributeProto* layout = find_attribute(node, "layout");
  const std::string& name = node.op_type();
  return (name == "RNN" || name == "LSTM" || name == "GRU") && (!layout || layout->i() == 0);
}

void gather_uses(const onnx::GraphProto& graph, Uses& uses) {
  for (const onnx::NodeProto& node : graph.node()) {
    const OnnxOperator* known = find_operator(node);
    for (int i = 0; i < node.input_size(); ++i) {
      uses.values.insert(node.input(i));
      const bool weight = known && i < 32 && (known->weights >> i & 1u) != 0;
      if (!weight) uses.not_as_weights.insert(node.input(i));
    }
    if (takes_steps_first(node) && node.input_size() > 0) uses.steps_first.insert(node.input(0));
    for (const onnx::GraphProto* body : bodies_of(node)) gather_uses(*body, uses);
  }
  for (const onnx::ValueInfoProto& output : graph.output()) {
    uses.values.insert(output.name());
    uses.not_as_weights.insert(output.name());
  }
}

/// The tensor type within an optional or a sequence.
const onnx::TypeProto& innermost(const onnx::TypeProto& type) {
  if (type.has_optional_type()) return innermost(type.optional_type().elem_type());
  if (type.has_sequence_type()) return innermost(type.sequence_type().elem_type());
  return type;
}

bool is_sequence(const onnx::TypeProto& type) {
  if (type.has_optional_type()) return is_sequence(type.optional_type().elem_type());
  return type.has_sequence_type();
}

/// What a dimension says of its size; exporters write an unknown one as nothing, 0, -1 or "?".
bool is_open(const onnx::TensorShapeProto::Dimension& dimension) {
  return !dimension.has_dim_value() || dimension.dim_value() < 0;
}

class Reader {
 public:
  Reader(const onnx::GraphProto& graph,
         const std::map<std::string, std::int64_t>& dimensions,
         const Place& place,
         Diagnostics& diagnostics)
      : graph_(graph), dimensions_(dimensions), place_(place), diagnostics_(diagnostics) {
    gather_uses(graph, uses_);
    for (const auto& tensor : graph.initializer()) given_.insert(tensor.name());
    for (const auto& tensor : graph.sparse_initializer()) given_.insert(tensor.values().name());
    for (const onnx::ValueInfoProto& input : graph.input()) {
      const auto& shape = innermost(input.type()).tensor_type().shape();
      for (int axis = 1; axis < shape.dim_size(); ++axis) {
        inner_names_.insert(shape.dim(axis).dim_param());
      }
    }
  }

  OnnxInputs read() {
    for (const onnx::ValueInfoProto& input : graph_.input()) {
      if (given_.contains(input.name()) || !uses_.values.contains(input.name())) continue;
      read_input(input);
    }
    report_unknown_names();
    return std::move(result_);
  }

 private:
  /// A number for what the model has not is a slip of the pen.
  void report_unknown_names() {
    std::vector<std::string> names;
    for (const onnx::ValueInfoProto& input : graph_.input()) {
      names.push_back(input.name());
      const auto& shape = innermost(input.type()).tensor_type().shape();
      for (int axis = 0; axis < shape.dim_size(); ++axis) {
        const std::string& name = shape.dim(axis).dim_param();
        names.push_back(name.empty() ? fmt::format("{}.{}", input.name(), axis) : name);
      }
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const auto& [name, number] : dimensions_) {
      if (std::ranges::count(known, name) > 0) continue;
      diagnostics_.error(
          place_,
          "",
          fmt::format(
              "--dimension {}: no input has it{}", in_quotes(name), did_you_mean(name, known)));
    }
  }

  void read_input(const onnx::ValueInfoProto& proto) {
    OnnxInput input;
    input.name = proto.name();
    const onnx::TypeProto& type = innermost(proto.type());
    input.type = type.tensor_type().elem_type();
    const auto number = dimensions_.find(proto.name());
    if (number != dimensions_.end()) input.number = number->second;
    if (is_sequence(proto.type())) {
      input.kind = OnnxValue::Kind::Sequence;
    } else if (!uses_.not_as_weights.contains(proto.name())) {
      input.kind = OnnxValue::Kind::Constant;
    }
    // Without its length, whoever takes the sequence says so.
    if (input.kind == OnnxValue::Kind::Sequence && !input.number) {
      result_.inputs.push_back(std::move(input));
      return;
    }
    try {
      read_shape(type.tensor_type().shape(), input);
      element_count(input.shape);
    } catch (const std::invalid_argument& error) {
      diagnostics_.error(place_, "input " + in_quotes(input.name), error.what());
    }
    result_.inputs.push_back(std::move(input));
  }

  void read_shape(const onnx::TensorShapeProto& shape, OnnxInput& input) {
    const bool sample = input.kind == OnnxValue::Kind::Activation;
    const bool first = sample && !first_seen_ && shape.dim_size() > 0;
    const int expected = uses_.steps_first.contains(input.name) ? 1 : 0;
    if (first) first_seen_ = true;
    if (first && expected < shape.dim_size()) {
      const auto& dimension = shape.dim(expected);
      begin_batch(dimension, size_of(dimension, input.name, expected));
    }
    for (int axis = 0; axis < shape.dim_size(); ++axis) {
      const auto& dimension = shape.dim(axis);
      std::optional<std::int64_t> size = size_of(dimension, input.name, axis);
      if (axis == expected && size == 0 && dimension.has_dim_value()) size.reset();
      if (!input.batch_axis && sample && is_batch(dimension, size, axis, expected)) {
        input.batch_axis = static_cast<std::size_t>(axis);
        size = result_.batch.size;
      }
      if (!size) ask_for(dimension, input, axis);
      input.shape.push_back(size.value_or(1));
    }
  }

  /// The number in the file or the user's; none if there is neither.
  std::optional<std::int64_t> size_of(const onnx::TensorShapeProto::Dimension& dimension,
                                      const std::string& input,
                                      int axis) const {
    if (!is_open(dimension)) return dimension.dim_value();
    for (const std::string& name : {dimension.dim_param(), fmt::format("{}.{}", input, axis)}) {
      const auto found = dimensions_.find(name);
      if (found != dimensions_.end()) return found->second;
    }
    return {};
  }

  void begin_batch(const onnx::TensorShapeProto::Dimension& dimension,
                   std::optional<std::int64_t> size) {
    batch_name_ = dimension.dim_param();
    result_.batch.open = size.value_or(0) < 1;
    result_.batch.size = std::max<std::int64_t>(1, size.value_or(1));
  }

  [[nodiscard]] bool is_batch(const onnx::TensorShapeProto::Dimension& dimension,
                              std::optional<std::int64_t> size,
                              int axis,
                              int expected) const {
    const std::string& name = dimension.dim_param();
    if (!first_seen_) return false;
    if (!name.empty() && name == batch_name_) return true;
    if (axis != expected) return false;
    if (size) return *size == result_.batch.size;
    return name.empty() || !inner_names_.contains(name);
  }

  void ask_for(const onnx::TensorShapeProto::Dimension& dimension,
               const OnnxInput& input,
               int axis) {
    const bool nameless = dimension.dim_param().empty();
    const std::string name =
        nameless ? fmt::format("{}.{}", input.name, axis) : dimension.dim_param();
    if (!asked_.insert(name).second) return;
    diagnostics_.error(
        place_,
        "input " + in_quotes(input.name),
        fmt::format("dimension {} has no number{}; give it one with --dimension {}=NUMBER",
                    axis,
                    nameless ? "" : ", only the name " + in_quotes(name),
                    name));
  }

  const onnx::GraphProto& graph_;
  const std::map<std::string, std::int64_t>& dimensions_;
  const Place& place_;
  Diagnostics& diagnostics_;
  Uses uses_;
  std::unordered_set<std::string> given_;        // by initialisers
  std::unordered_set<std::string> inner_names_;  // of dimensions that are not first anywhere
  std::unordered_set<std::string> asked_;
  std::string batch_name_;
  bool first_seen_ = false;
  OnnxInputs result_;
};

OnnxValue sample_value(const OnnxInput& input, OnnxWalk& walk, const std::string& layer) {
  const OnnxBatch& batch = walk.batch();
  OnnxValue value = constant(input.type, input.shape);
  if (element_count(input.shape) == 0) return value;
  Dimensions sample = input.shape;
  if (batch.tracked) value.batch_axis = input.batch_axis;
  if (value.batch_axis)
    sample.erase(sample.begin() + static_cast<std::ptrdiff_t>(*value.batch_axis));
  if (sample.empty()) sample.push_back(1);
  value.kind = OnnxValue::Kind::Activation;
  value.layer = walk.layers().add({layer, Input{sample}, {}, {}, format_of(input.type)});
  return value;
}

OnnxValue sequence_value(const OnnxInput& input, OnnxWalk& walk) {
  OnnxValue value;
  value.kind = OnnxValue::Kind::Sequence;
  value.type = input.type;
  value.tensor = input.name;
  if (!input.number) return value;
  constexpr std::int64_t kMostItems = 10'000;
  if (*input.number < 0 || *input.number > kMostItems) {
    throw std::invalid_argument(
        fmt::format("input {} cannot have {} items", in_quotes(input.name), *input.number));
  }
  auto items = std::make_shared<std::vector<OnnxValue>>();
  for (std::int64_t i = 0; i < *input.number; ++i) {
    items->push_back(sample_value(input, walk, fmt::format("{}/{}", input.name, i)));
  }
  value.items = std::move(items);
  return value;
}

}  // namespace

OnnxInputs inputs_of(const onnx::GraphProto& graph,
                     const std::map<std::string, std::int64_t>& dimensions,
                     const Place& place,
                     Diagnostics& diagnostics) {
  return Reader(graph, dimensions, place, diagnostics).read();
}

std::unordered_map<std::string, OnnxValue> values_of(const std::vector<OnnxInput>& inputs,
                                                     OnnxWalk& walk) {
  std::unordered_map<std::string, OnnxValue> values;
  for (const OnnxInput& input : inputs) {
    if (input.kind == OnnxValue::Kind::Sequence) {
      values[input.name] = sequence_value(input, walk);
    } else if (input.number && !is_floating(input.type) && element_count(input.shape) == 1) {
      const std::vector<double> number(1, static_cast<double>(*input.number));
      values[input.name] =
          constant(input.type, input.shape, std::make_shared<const std::vector<double>>(number));
    } else if (input.kind == OnnxValue::Kind::Constant) {
      values[input.name] = constant(input.type, input.shape);
      values[input.name].tensor = input.name;
      walk.notes().add(NoteKind::Folded,
                       "graph input",
                       input.name,
                       "taken for a weight, since operators take it as nothing else");
    } else {
      values[input.name] = sample_value(input, walk, input.name);
    }
  }
  return values;
}

}  // namespace omniphi::models
