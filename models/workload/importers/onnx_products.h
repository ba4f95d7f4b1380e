#pragma once

#include "models/workload/importers/onnx_node.h"

namespace omniphi::models {

/// The product of two values as MatMul has it: of the last two axes, broadcast over the others, a
/// vector taken as one row (first) or one column (second). A constant second matrix is learnt, and
/// so is the bias, one number for each column.
OnnxValue multiplied(OnnxNode& node,
                     const OnnxValue& a,
                     const OnnxValue& b,
                     bool transpose_a = false,
                     bool transpose_b = false,
                     const OnnxValue* bias = nullptr,
                     std::string_view part = "");

}  // namespace omniphi::models
