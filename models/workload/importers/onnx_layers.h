#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "models/workload/importers/onnx_graph.h"
#include "models/workload/network.h"

namespace omniphi::models {

/// The layers made of the nodes so far, and which of them stands for each ONNX value.
class OnnxLayers {
 public:
  explicit OnnxLayers(const OnnxGraph& graph) : graph_(graph) {}

  [[nodiscard]] const OnnxGraph& graph() const { return graph_; }

  /// A graph input, where the samples enter.
  void add_input(const std::string& value);

  /// `op` over these values makes the node's first output.
  /// Throws std::invalid_argument if one is no activation that a layer stands for.
  void add(const onnx::NodeProto& node, Op op, const std::vector<std::string>& values);

  /// The node's first output is the value itself.
  void pass(const onnx::NodeProto& node, const std::string& value);

  /// The operator that makes the value, to be widened by the value's only user; null if there are
  /// more.
  [[nodiscard]] Op* sole_producer(const std::string& value);

  /// The network, its shapes compared with those that ONNX inferred. Faults go to `diagnostics`.
  [[nodiscard]] Network finish(const Place& place, Diagnostics& diagnostics) &&;

 private:
  struct Draft {
    std::string name;
    Op op;
    std::vector<std::string> inputs;  // names of layers
    std::string value;                // that it was made for
    TensorShape output;               // as ONNX has it
  };

  void add(std::string name, Op op, std::vector<std::string> inputs, const std::string& value);
  [[nodiscard]] std::size_t draft(const std::string& value) const;
  [[nodiscard]] std::string layer_name(const onnx::NodeProto& node) const;

  const OnnxGraph& graph_;
  std::vector<Draft> drafts_;
  std::unordered_map<std::string, std::size_t> by_value_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

}  // namespace omniphi::models
