#pragma once

#include <cstdint>

#include <onnx/onnx_pb.h>

#include "hw/base/error.h"

namespace omniphi::models {

/// Version of the standard operator set that the model asks for; 0 if it names none.
std::int64_t operator_set(const onnx::ModelProto& model);

/// Finds what would mislead or crash shape inference and translation: operators not known, arity
/// and attributes against the ONNX schema, strides and groups below 1, negative or huge dimensions,
/// values produced twice, never, or only after their use. Each fault goes to `diagnostics` with its
/// node.
void check_model(const onnx::ModelProto& model, const Place& place, Diagnostics& diagnostics);

}  // namespace omniphi::models
