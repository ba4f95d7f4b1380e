#include "models/workload/importers/onnx_check.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>
#include <onnx/defs/schema.h>

#include "models/workload/importers/onnx_node.h"
#include "models/workload/importers/onnx_ops.h"
#include "models/workload/tensor.h"

namespace omniphi::models {

namespace {

/// The first operator set with NumPy broadcasting; before it, Add and Mul had attributes of their
/// own.
constexpr std::int64_t kFirstOperatorSet = 7;

/// No window is larger: a step times a dimension (kLargestTensor) then fits 64 bits.
constexpr std::int64_t kLargestStep = std::int64_t{1} << 20;

struct Range {
  std::string_view attribute;
  std::int64_t least;
};

/// What the schema leaves open, though shape inference divides by some of it.
constexpr std::array kRanges{Range{"kernel_shape", 1},
                             Range{"strides", 1},
                             Range{"dilations", 1},
                             Range{"pads", 0},
                             Range{"group", 1},
                             Range{"size", 1}};

/// Bytes of an element of the types whose numbers are read (shapes, axes, ratios); 0 for the
/// others.
std::int64_t element_size(int type) {
  switch (type) {
    case onnx::TensorProto::INT64:
      return 8;
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::FLOAT:
      return 4;
    default:
      return 0;
  }
}

class Checker {
 public:
  Checker(const onnx::ModelProto& model, const Place& place, Diagnostics& diagnostics)
      : graph_(model.graph()),
        operator_set_(operator_set(model)),
        place_(place),
        diagnostics_(diagnostics) {}

  void check() {
    if (operator_set_ < kFirstOperatorSet) return refuse_operator_set();
    if (graph_.node().empty()) return fault("", "the graph has no nodes");
    define_outside_values();
    for (const onnx::NodeProto& node : graph_.node()) check_node(node);
    for (const onnx::ValueInfoProto& output : graph_.output()) check_output(output.name());
  }

 private:
  void fault(std::string_view path, std::string message) {
    diagnostics_.error(place_, path, std::move(message));
  }

  void refuse_operator_set() {
    if (operator_set_ == 0)
      return fault("", "names no ONNX operator set; the file may be truncated");
    fault("",
          fmt::format("uses ONNX operator set {}; {} is the oldest that can be read",
                      operator_set_,
                      kFirstOperatorSet));
  }

  /// Initialisers and graph inputs; up to IR version 3 an initialiser is among the inputs as well.
  void define_outside_values() {
    for (const onnx::TensorProto& tensor : graph_.initializer()) {
      check_tensor(tensor, "");
      define(tensor.name(), "");
    }
    for (const onnx::SparseTensorProto& tensor : graph_.sparse_initializer()) {
      check_dimensions(tensor.values().name(), tensor.dims(), "");
      define(tensor.values().name(), "");
    }
    std::unordered_set<std::string> inputs;
    for (const onnx::ValueInfoProto& input : graph_.input()) {
      if (!inputs.insert(input.name()).second) {
        fault("", fmt::format("two graph inputs have the name {}", in_quotes(input.name())));
      }
    }
    known_.merge(inputs);
    for (const onnx::NodeProto& node : graph_.node()) {
      produced_.insert(node.output().begin(), node.output().end());
    }
  }

  void check_node(const onnx::NodeProto& node) {
    const std::string label = node_label(node);
    if (is_supported(node)) {
      check_against_schema(node, label);
      check_ranges(node, label);
      for (const onnx::AttributeProto& attribute : node.attribute()) {
        check_tensor(attribute.t(), label);
      }
    } else {
      fault(label, "this operator is not supported");
    }
    for (const std::string& input : input_names(node)) check_input(input, label);
    if (node.output_size() == 0 || node.output(0).empty()) fault(label, "has no output");
    for (const std::string& output : node.output()) {
      if (!output.empty()) define(output, label);
    }
  }

  void check_against_schema(const onnx::NodeProto& node, const std::string& label) {
    const onnx::OpSchema* schema = onnx::OpSchemaRegistry::Instance()->GetSchema(
        node.op_type(), static_cast<int>(std::min<std::int64_t>(operator_set_, kLatest)), "");
    if (!schema || schema->Deprecated()) {
      return fault(label, fmt::format("is not in operator set {}", operator_set_));
    }
    try {
      schema->Verify(node);
    } catch (const std::exception& error) {
      fault(label, library_message(error));
    }
  }

  void check_ranges(const onnx::NodeProto& node, const std::string& label) {
    for (const Range& range : kRanges) {
      const onnx::AttributeProto* attribute = find_attribute(node, range.attribute);
      if (!attribute) continue;
      const auto fits = [&](std::int64_t x) { return range.least <= x && x <= kLargestStep; };
      const bool single = attribute->type() == onnx::AttributeProto::INT;
      if (single ? fits(attribute->i())
                 : std::all_of(attribute->ints().begin(), attribute->ints().end(), fits)) {
        continue;
      }
      fault(label,
            fmt::format("{} must be from {} to {}", range.attribute, range.least, kLargestStep));
    }
  }

  void check_tensor(const onnx::TensorProto& tensor, const std::string& label) {
    const std::optional<std::int64_t> elements =
        check_dimensions(tensor.name(), tensor.dims(), label);
    const std::int64_t size = element_size(tensor.data_type());
    const auto bytes = static_cast<std::int64_t>(tensor.raw_data().size());
    if (elements && size > 0 && bytes > 0 && bytes != *elements * size) {
      fault(label,
            fmt::format("{} has {} bytes of data where its shape asks for {}",
                        in_quotes(tensor.name()),
                        bytes,
                        *elements * size));
    }
  }

  /// The number of elements, unless that is a fault.
  template <class Dimensions>
  std::optional<std::int64_t> check_dimensions(const std::string& name,
                                               const Dimensions& dimensions,
                                               const std::string& label) {
    std::int64_t elements = 1;
    for (const std::int64_t dimension : dimensions) {
      if (dimension < 0) {
        fault(label, fmt::format("{} has a negative dimension, {}", in_quotes(name), dimension));
        return {};
      }
      if (dimension > kLargestTensor / std::max<std::int64_t>(elements, 1)) {
        fault(label, fmt::format("{} has more than {} elements", in_quotes(name), kLargestTensor));
        return {};
      }
      elements *= dimension;
    }
    return elements;
  }

  void check_input(const std::string& name, const std::string& label) {
    if (known_.contains(name) || !missed_.insert(name).second) return;
    fault(label,
          produced_.contains(name)
              ? fmt::format("takes {} before it is produced: the graph is cyclic or not sorted",
                            in_quotes(name))
              : fmt::format("takes {}, which nothing produces", in_quotes(name)));
  }

  void check_output(const std::string& name) {
    if (!known_.contains(name)) {
      fault("", fmt::format("nothing produces the graph output {}", in_quotes(name)));
    }
  }

  void define(const std::string& name, const std::string& label) {
    if (known_.insert(name).second) return;
    fault(label, fmt::format("{} is defined twice", in_quotes(name)));
  }

  /// Sets newer than the ONNX library's are read by its newest schemas.
  static constexpr std::int64_t kLatest = 1'000;

  const onnx::GraphProto& graph_;
  std::int64_t operator_set_;
  const Place& place_;
  Diagnostics& diagnostics_;
  std::unordered_set<std::string> known_;
  std::unordered_set<std::string> produced_;  // by any node, earlier or later
  std::unordered_set<std::string> missed_;    // reported already
};

}  // namespace

std::int64_t operator_set(const onnx::ModelProto& model) {
  for (const onnx::OperatorSetIdProto& set : model.opset_import()) {
    if (set.domain().empty()) return set.version();
  }
  return 0;
}

void check_model(const onnx::ModelProto& model, const Place& place, Diagnostics& diagnostics) {
  Checker(model, place, diagnostics).check();
}

}  // namespace omniphi::models
