#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <onnx/onnx_pb.h>

#include "models/workload/importers/onnx_node.h"

/// Which operators are read, and by what.
namespace omniphi::models {

using OnnxTranslator = void (*)(OnnxNode&);

struct OnnxOperator {
  std::string_view name;
  OnnxTranslator translate;
  int least_inputs = 1;
  int most_inputs = 1;
  std::string_view domain = "";
  std::uint32_t weights = 0;  // bit i: input i is learnt where the file leaves it to the user
};

constexpr int kAnyNumber = 1 << 20;

/// The domain of ONNX Runtime's own operators.
constexpr std::string_view kContrib = "com.microsoft";

/// One table a family.
std::span<const OnnxOperator> onnx_window_operators();
std::span<const OnnxOperator> onnx_product_operators();
std::span<const OnnxOperator> onnx_normalization_operators();
std::span<const OnnxOperator> onnx_function_operators();
std::span<const OnnxOperator> onnx_combination_operators();
std::span<const OnnxOperator> onnx_reduction_operators();
std::span<const OnnxOperator> onnx_shape_operators();
std::span<const OnnxOperator> onnx_selection_operators();
std::span<const OnnxOperator> onnx_constant_operators();
std::span<const OnnxOperator> onnx_image_operators();
std::span<const OnnxOperator> onnx_recurrent_operators();
std::span<const OnnxOperator> onnx_attention_operators();
std::span<const OnnxOperator> onnx_quantised_operators();
std::span<const OnnxOperator> onnx_loss_operators();
std::span<const OnnxOperator> onnx_sequence_operators();
std::span<const OnnxOperator> onnx_control_flow_operators();

/// Null for an operator that is not read.
const OnnxOperator* find_operator(const onnx::NodeProto& node);

/// Whether the operator belongs to training: gradients and updates of weights, which follow from
/// the forward part and the scenario's optimiser.
bool is_training(const onnx::NodeProto& node);

}  // namespace omniphi::models
