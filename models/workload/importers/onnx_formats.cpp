#include "models/workload/importers/onnx_formats.h"

#include <algorithm>

namespace omniphi::models {

std::optional<ElementFormat> format_of(int type) {
  if (type == onnx::TensorProto::BOOL) return ElementFormat::Bool;
  if (is_floating(type)) return {};
  switch (element_bits(type)) {
    case 4:
      return ElementFormat::Int4;
    case 8:
      return ElementFormat::Int8;
    case 16:
      return ElementFormat::Int16;
    case 32:
      return ElementFormat::Int32;
    case 64:
      return ElementFormat::Int64;
    default:
      return {};
  }
}

std::optional<ElementFormat> layer_format(const std::vector<OnnxOperand>& operands,
                                          const std::vector<const OnnxValue*>& weights,
                                          int result_type) {
  for (const OnnxValue* weight : weights) {
    const int type = weight->stored_type != 0 ? weight->stored_type : weight->type;
    if (const auto format = format_of(type)) return format;
  }
  const bool quantised = std::ranges::all_of(operands, [](const OnnxOperand& operand) {
    return operand.value.is_constant() || operand.value.stored_type != 0;
  });
  for (const OnnxOperand& operand : operands) {
    if (quantised && operand.value.is_activation()) return format_of(operand.value.stored_type);
  }
  return format_of(result_type);
}

bool is_learnt(const OnnxValue& constant) {
  const bool numeric = is_floating(constant.type) || constant.stored_type != 0;
  return numeric && element_count(constant.shape) > 1;
}

}  // namespace omniphi::models
