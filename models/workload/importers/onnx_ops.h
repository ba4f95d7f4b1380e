#pragma once

#include <onnx/onnx_pb.h>

#include "models/workload/importers/onnx_layers.h"

namespace omniphi::models {

/// Whether the node's operator can be read, be it as a layer or among constants only.
bool is_supported(const onnx::NodeProto& node);

/// Adds what the node, which computes no constant, does to each sample.
/// Throws std::invalid_argument with one sentence where the layer graph cannot say it.
void translate(const onnx::NodeProto& node, OnnxLayers& layers);

}  // namespace omniphi::models
