#pragma once

#include "models/workload/importers/onnx_node.h"

namespace omniphi::models {

/// The value normalised over its axes from `axis` on, by mean and deviation or by the root of the
/// mean square alone. Scale and shift are input indices, negative for none.
OnnxValue normalised(OnnxNode& node,
                     const OnnxValue& value,
                     std::size_t axis,
                     int scale,
                     int shift,
                     bool root_mean_square = false,
                     std::string_view part = "");

}  // namespace omniphi::models
