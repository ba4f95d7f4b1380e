#pragma once

#include <optional>
#include <vector>

#include "models/workload/element_format.h"
#include "models/workload/importers/onnx_node.h"

/// Number formats of ONNX, as far as the layers say them. Floating point of any width stays unsaid:
/// which the network is run with is the scenario's choice.
namespace omniphi::models {

/// None for floating point and for text.
std::optional<ElementFormat> format_of(int type);

/// That of the quantised weights, or else of quantised operands, or else of what comes out.
std::optional<ElementFormat> layer_format(const std::vector<OnnxOperand>& operands,
                                          const std::vector<const OnnxValue*>& weights,
                                          int result_type);

/// Whether a constant that combines with activations counts as parameters: more than one number,
/// floating or once quantised. Single numbers, indices and masks are not learnt.
bool is_learnt(const OnnxValue& constant);

}  // namespace omniphi::models
