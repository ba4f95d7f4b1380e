#pragma once

#include <onnx/onnx_pb.h>

#include "hw/base/error.h"

namespace omniphi::models {

/// Finds what is wrong with a model before any of it is understood: no operator set, operators not
/// known, arity and attributes against the ONNX schema, values produced twice, never, or only after
/// their use, bodies nested too deeply, functions that call themselves, external data outside the
/// model's folder. Each fault goes to `diagnostics` with its node.
void check_model(const onnx::ModelProto& model, const Place& place, Diagnostics& diagnostics);

}  // namespace omniphi::models
