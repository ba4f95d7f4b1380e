#include "models/workload/importers/onnx_operators.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "models/workload/importers/onnx_proto.h"

namespace omniphi::models {

namespace {

using Key = std::pair<std::string_view, std::string_view>;  // domain and name

std::map<Key, const OnnxOperator*> all_operators() {
  std::map<Key, const OnnxOperator*> all;
  for (const std::span<const OnnxOperator> family : {onnx_attention_operators(),
                                                     onnx_combination_operators(),
                                                     onnx_constant_operators(),
                                                     onnx_control_flow_operators(),
                                                     onnx_function_operators(),
                                                     onnx_image_operators(),
                                                     onnx_loss_operators(),
                                                     onnx_normalization_operators(),
                                                     onnx_product_operators(),
                                                     onnx_quantised_operators(),
                                                     onnx_recurrent_operators(),
                                                     onnx_reduction_operators(),
                                                     onnx_selection_operators(),
                                                     onnx_sequence_operators(),
                                                     onnx_shape_operators(),
                                                     onnx_window_operators()}) {
    for (const OnnxOperator& known : family) all.emplace(Key{known.domain, known.name}, &known);
  }
  return all;
}

}  // namespace

const OnnxOperator* find_operator(const onnx::NodeProto& node) {
  static const std::map<Key, const OnnxOperator*> all = all_operators();
  const auto found = all.find({domain_of(node), node.op_type()});
  return found == all.end() ? nullptr : found->second;
}

bool is_training(const onnx::NodeProto& node) {
  const std::string_view domain = domain_of(node);
  if (domain == "ai.onnx.training" || domain == "ai.onnx.preview.training") return true;
  // ONNX Runtime's training graphs: ConvGrad, SoftmaxCrossEntropyLossGrad, AdamOptimizer, ...
  const std::string_view name = node.op_type();
  if (domain != kContrib) return false;
  return name.ends_with("Grad") || name.ends_with("Optimizer") || name.ends_with("OptimizerV2") ||
         name.starts_with("InPlaceAccumulator");
}

}  // namespace omniphi::models
