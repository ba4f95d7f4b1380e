#pragma once

#include <vector>

#include "models/workload/importers/onnx_node.h"

namespace omniphi::models {

/// The items of an input that is a sequence of known length.
std::vector<OnnxValue> items_of(const OnnxNode& node, int index);

OnnxValue sequence_of(std::vector<OnnxValue> items);

}  // namespace omniphi::models
