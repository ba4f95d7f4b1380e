#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <onnx/onnx_pb.h>

#include "models/workload/importers/onnx_layers.h"
#include "models/workload/importers/onnx_notes.h"
#include "models/workload/importers/onnx_value.h"

namespace omniphi::models {

/// Versions of the operator sets by domain, "" for the standard one.
using OnnxOperatorSets = std::map<std::string, std::int64_t, std::less<>>;

OnnxOperatorSets operator_sets(
    const google::protobuf::RepeatedPtrField<onnx::OperatorSetIdProto>& imports);

/// The values that the nodes of one graph, body or function see, by name.
struct OnnxScope {
  const OnnxOperatorSets* sets = nullptr;
  const OnnxScope* outer = nullptr;  // seen too, by the body of a control-flow node
  std::string prefix;                // of the names of layers: where the body was unrolled
  std::string identity;              // of the body, the same each time it is run
  int depth = 0;                     // of bodies and functions around it
  std::unordered_map<std::string, OnnxValue> values;
  std::unordered_map<std::string, const onnx::TypeProto*> declared;

  /// Null if there is none of this name.
  [[nodiscard]] const OnnxValue* find(const std::string& name) const;
};

/// Which samples lie side by side in the model's tensors.
struct OnnxBatch {
  std::int64_t size = 1;  // as in the file, or 1 where the file leaves it open
  bool open = false;      // whether the file leaves it open
  bool tracked = true;    // false: a whole tensor is one sample
};

/// A node that works across the samples of a batch larger than one, so that there is no sample to
/// describe: the model must be read again with the whole batch as one.
struct OnnxMixedBatch {
  std::string node;  // its label
};

/// Walks a checked model node by node, as a run would, with shapes in place of tensors. Bodies of
/// control-flow nodes are walked as often as they would run, functions at each call.
class OnnxWalk {
 public:
  OnnxWalk(const onnx::ModelProto& model,
           OnnxBatch batch,
           const Place& place,
           Diagnostics& diagnostics);

  [[nodiscard]] const OnnxBatch& batch() const { return batch_; }

  OnnxLayers& layers() { return layers_; }

  OnnxNotes& notes() { return notes_; }

  /// Walks the model's graph, whose inputs have these values.
  /// Throws OnnxMixedBatch. All other faults go to the diagnostics, each with its node.
  void run(std::unordered_map<std::string, OnnxValue> inputs);

  /// Walks a body for values of its inputs, and returns those of its outputs. `scope.prefix` and
  /// `scope.identity` are set.
  std::vector<OnnxValue> run_body(const onnx::GraphProto& body,
                                  std::vector<OnnxValue> inputs,
                                  OnnxScope scope);

  /// Throws std::invalid_argument once so much was folded that a larger model cannot be meant.
  void spend(std::int64_t numbers);

  /// The network of all layers so far. Faults go to the diagnostics.
  [[nodiscard]] Network finish() &&;

 private:
  void enter(const onnx::GraphProto& graph, OnnxScope& scope);
  void add_output(const onnx::ValueInfoProto& output, const OnnxScope& scope);
  void note_other_shape(const onnx::ValueInfoProto& output, const OnnxValue& value);
  void refuse_nothing();
  void visit_all(const google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes,
                 OnnxScope& scope);
  void visit(const onnx::NodeProto& node, OnnxScope& scope);
  void translate(const onnx::NodeProto& node, OnnxScope& scope);
  void call(const onnx::FunctionProto& function, const onnx::NodeProto& node, OnnxScope& scope);
  [[nodiscard]] const onnx::FunctionProto* function_of(const onnx::NodeProto& node) const;
  void note_outcome(const onnx::NodeProto& node, const OnnxScope& scope, std::size_t layers_before);

  const onnx::ModelProto& model_;
  OnnxBatch batch_;
  const Place& place_;
  Diagnostics& diagnostics_;
  OnnxLayers layers_;
  OnnxNotes notes_;
  OnnxOperatorSets sets_;
  std::map<std::string, const onnx::FunctionProto*> functions_;  // by domain and name
  std::unordered_set<std::string> reported_;                     // faults, by node
  std::vector<std::size_t> outputs_;
  std::int64_t nodes_ = 0;
  std::int64_t numbers_ = 0;
};

}  // namespace omniphi::models
