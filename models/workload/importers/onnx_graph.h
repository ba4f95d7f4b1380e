#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <onnx/onnx_pb.h>

#include "models/workload/tensor.h"

namespace omniphi::models {

/// A checked ONNX graph with the shape of every value, and which of them are constants. Every
/// question that has no answer throws std::invalid_argument with one sentence.
class OnnxGraph {
 public:
  /// Infers all shapes, for the batch that the file fixes or else for a batch of one.
  explicit OnnxGraph(onnx::ModelProto model);

  [[nodiscard]] const onnx::GraphProto& proto() const { return model_.graph(); }

  [[nodiscard]] std::int64_t operator_set() const { return operator_set_; }

  /// The graph inputs that some node takes and that are no initialisers.
  [[nodiscard]] std::vector<std::string> inputs() const;

  /// Whether the value is the same for every sample: an initialiser, a Constant, a shape, or what
  /// is computed from such alone (a Reshape of weights).
  [[nodiscard]] bool is_constant(const std::string& value) const {
    return constants_.contains(value);
  }

  /// How often nodes and graph outputs take the value.
  [[nodiscard]] int uses(const std::string& value) const;

  /// Dimensions, batch included; all are at least 1.
  [[nodiscard]] std::vector<std::int64_t> shape(const std::string& value) const;

  /// Dimensions without the first, which must be the batch.
  [[nodiscard]] TensorShape sample_shape(const std::string& value) const;

  /// The numbers in an integer constant; none if they are not written in the file.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(const std::string& value) const;

  /// The number in a one-element float constant; none if it is not written in the file.
  [[nodiscard]] std::optional<double> real(const std::string& value) const;

 private:
  void fix_batch();
  void index_values();
  /// Null unless the value is a tensor of this element type with its numbers in this file.
  [[nodiscard]] const onnx::TensorProto* written_tensor(const std::string& value, int type) const;
  [[nodiscard]] bool computes_constant(const onnx::NodeProto& node) const;

  onnx::ModelProto model_;
  std::int64_t operator_set_;
  std::int64_t batch_ = 1;
  std::unordered_map<std::string, const onnx::TensorProto*>
      tensors_;  // whose values are in the file
  std::unordered_map<std::string, const onnx::TypeProto*> types_;
  std::unordered_map<std::string, int> uses_;
  std::unordered_set<std::string> constants_;
};

}  // namespace omniphi::models
