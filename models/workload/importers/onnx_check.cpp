#include "models/workload/importers/onnx_check.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <fmt/format.h>
#include <onnx/defs/schema.h>

#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_proto.h"

namespace omniphi::models {

namespace {

/// Real models nest two or three bodies.
constexpr int kDeepest = 32;

/// Newest operator set that the ONNX library describes; nodes of later ones are read by what is
/// known of them here.
std::int64_t newest_known_set() {
  return onnx::OpSchemaRegistry::DomainToVersionRange::Instance().Map().at("").second;
}

/// What the ONNX library has to say, on one line and without its tags.
std::string library_message(const std::exception& error) {
  std::string text = error.what();
  constexpr std::size_t kLongest = 300;
  if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < ' '; }, ' ');
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

/// The names that nodes of a graph may take: its own so far, and those around it.
struct Names {
  const Names* outer = nullptr;
  std::unordered_set<std::string> known;
  std::unordered_set<std::string> produced;  // by any node, earlier or later

  [[nodiscard]] bool has(const std::string& name) const {
    return known.contains(name) || (outer && outer->has(name));
  }
};

class Checker {
 public:
  Checker(const onnx::ModelProto& model, const Place& place, Diagnostics& diagnostics)
      : model_(model),
        place_(place),
        diagnostics_(diagnostics),
        sets_(operator_sets(model.opset_import())) {
    for (const onnx::FunctionProto& function : model.functions()) {
      functions_[name_of(function.domain(), function.name())] = &function;
    }
  }

  void check() {
    if (model_.opset_import().empty()) {
      return fault("", "names no ONNX operator set; the file may be truncated");
    }
    if (model_.graph().node().empty()) return fault("", "the graph has no nodes");
    check_graph(model_.graph(), nullptr, sets_, 0);
    for (const onnx::FunctionProto& function : model_.functions()) check_function(function);
  }

 private:
  static std::string name_of(std::string_view domain, const std::string& name) {
    return fmt::format("{}::{}", short_domain(domain), name);
  }

  void fault(std::string_view path, std::string message) {
    diagnostics_.error(place_, path, std::move(message));
  }

  void check_graph(const onnx::GraphProto& graph,
                   const Names* outer,
                   const OnnxOperatorSets& sets,
                   int depth) {
    Names names{outer, {}, {}};
    for (const onnx::TensorProto& tensor : graph.initializer()) {
      check_external(tensor, "");
      define(names, tensor.name(), "");
    }
    for (const onnx::SparseTensorProto& tensor : graph.sparse_initializer()) {
      define(names, tensor.values().name(), "");
    }
    // Up to IR version 3 an initialiser is among the inputs as well.
    std::unordered_set<std::string> inputs;
    for (const onnx::ValueInfoProto& input : graph.input()) {
      if (!inputs.insert(input.name()).second) {
        fault("", fmt::format("two graph inputs have the name {}", in_quotes(input.name())));
      }
    }
    names.known.merge(inputs);
    check_nodes(graph.node(), names, sets, depth);
    for (const onnx::ValueInfoProto& output : graph.output()) {
      if (names.has(output.name())) continue;
      fault("", fmt::format("nothing produces the graph output {}", in_quotes(output.name())));
    }
  }

  void check_nodes(const google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes,
                   Names& names,
                   const OnnxOperatorSets& sets,
                   int depth) {
    for (const onnx::NodeProto& node : nodes) {
      names.produced.insert(node.output().begin(), node.output().end());
    }
    for (const onnx::NodeProto& node : nodes) check_node(node, names, sets, depth);
  }

  void check_function(const onnx::FunctionProto& function) {
    const std::string label = fmt::format("function {}", in_quotes(function.name()));
    if (calls_itself(function)) return fault(label, "calls itself");
    const OnnxOperatorSets sets = operator_sets(function.opset_import());
    Names names;
    names.known.insert(function.input().begin(), function.input().end());
    check_nodes(function.node(), names, sets, 0);
    for (const std::string& output : function.output()) {
      if (!names.has(output)) fault(label, fmt::format("nothing produces {}", in_quotes(output)));
    }
  }

  /// Whether calls lead from the function back to it.
  bool calls_itself(const onnx::FunctionProto& function) const {
    std::set<const onnx::FunctionProto*> seen;
    std::vector<const onnx::FunctionProto*> left{&function};
    while (!left.empty()) {
      const onnx::FunctionProto* next = left.back();
      left.pop_back();
      for (const onnx::FunctionProto* called : calls_of(next->node())) {
        if (called == &function) return true;
        if (seen.insert(called).second) left.push_back(called);
      }
    }
    return false;
  }

  std::vector<const onnx::FunctionProto*> calls_of(
      const google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes) const {
    std::vector<const onnx::FunctionProto*> called;
    for (const onnx::NodeProto& node : nodes) {
      const auto found = functions_.find(name_of(node.domain(), node.op_type()));
      if (found != functions_.end()) called.push_back(found->second);
      for (const onnx::GraphProto* body : bodies_of(node)) {
        const auto inner = calls_of(body->node());
        called.insert(called.end(), inner.begin(), inner.end());
      }
    }
    return called;
  }

  void check_node(const onnx::NodeProto& node,
                  Names& names,
                  const OnnxOperatorSets& sets,
                  int depth) {
    const std::string label = node_label(node);
    check_operator(node, label, sets);
    for (const std::string& input : node.input()) {
      if (!input.empty()) check_input(names, input, label);
    }
    for (const onnx::AttributeProto& attribute : node.attribute()) {
      if (attribute.has_t()) check_external(attribute.t(), label);
    }
    for (const onnx::GraphProto* body : bodies_of(node)) {
      if (depth >= kDeepest) {
        fault(label, fmt::format("bodies are nested more than {} deep", kDeepest));
        break;
      }
      check_graph(*body, &names, sets, depth + 1);
    }
    if (std::ranges::all_of(node.output(), &std::string::empty)) fault(label, "has no output");
    for (const std::string& output : node.output()) {
      if (!output.empty()) define(names, output, label);
    }
  }

  void check_operator(const onnx::NodeProto& node,
                      const std::string& label,
                      const OnnxOperatorSets& sets) {
    const OnnxOperator* known = find_operator(node);
    if (!known) {
      const bool function = functions_.contains(name_of(node.domain(), node.op_type()));
      if (!function && !is_training(node)) fault(label, "this operator is not supported");
      return;
    }
    const int inputs = node.input_size();
    if (inputs < known->least_inputs || inputs > known->most_inputs) {
      fault(label,
            known->least_inputs == known->most_inputs
                ? fmt::format("has {} inputs, not {}", inputs, known->least_inputs)
                : fmt::format("has {} inputs, not {} to {}",
                              inputs,
                              known->least_inputs,
                              known->most_inputs));
      return;
    }
    if (!known->domain.empty()) return;
    const auto set = sets.find("");
    if (set == sets.end() || set->second < 1) {
      fault(label, "the model names no ONNX operator set that it could be of");
    } else {
      check_against_schema(node, label, set->second);
    }
  }

  /// Attributes as the operator's schema has them. What the library does not know is left to the
  /// translation.
  void check_against_schema(const onnx::NodeProto& node,
                            const std::string& label,
                            std::int64_t set) {
    static const std::int64_t newest = newest_known_set();
    if (set > newest) return;
    const onnx::OpSchema* schema =
        onnx::OpSchemaRegistry::Instance()->GetSchema(node.op_type(), static_cast<int>(set), "");
    if (!schema) return;  // of a later set, or ONNX Runtime's in the standard domain
    try {
      schema->Verify(node);
    } catch (const std::exception& error) {
      fault(label, library_message(error));
    }
  }

  void check_input(const Names& names, const std::string& name, const std::string& label) {
    if (names.has(name) || !missed_.insert(name).second) return;
    fault(label,
          names.produced.contains(name)
              ? fmt::format("takes {} before it is produced: the graph is cyclic or not sorted",
                            in_quotes(name))
              : fmt::format("takes {}, which nothing produces", in_quotes(name)));
  }

  void define(Names& names, const std::string& name, const std::string& label) {
    if (names.known.insert(name).second) return;
    fault(label, fmt::format("{} is defined twice", in_quotes(name)));
  }

  /// External data is never opened, since no value is needed; but a path out of the model's folder
  /// is an attack, whoever opens it later.
  void check_external(const onnx::TensorProto& tensor, const std::string& label) {
    if (tensor.data_location() != onnx::TensorProto::EXTERNAL) return;
    for (const onnx::StringStringEntryProto& entry : tensor.external_data()) {
      if (entry.key() != "location") continue;
      const std::filesystem::path location(entry.value());
      const std::filesystem::path normal = location.lexically_normal();
      if (location.is_absolute() || (!normal.empty() && *normal.begin() == "..")) {
        fault(label,
              fmt::format("the data of {} lies outside of the model's folder, at {}",
                          in_quotes(tensor.name()),
                          in_quotes(entry.value())));
      }
    }
  }

  const onnx::ModelProto& model_;
  const Place& place_;
  Diagnostics& diagnostics_;
  OnnxOperatorSets sets_;
  std::map<std::string, const onnx::FunctionProto*> functions_;
  std::unordered_set<std::string> missed_;  // reported already
};

}  // namespace

void check_model(const onnx::ModelProto& model, const Place& place, Diagnostics& diagnostics) {
  Checker(model, place, diagnostics).check();
}

}  // namespace omniphi::models
