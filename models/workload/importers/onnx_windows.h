#pragma once

#include <cstdint>
#include <vector>

#include "models/workload/importers/onnx_layout.h"
#include "models/workload/op.h"

namespace omniphi::models {

/// The sliding window of a convolution or a pooling node, one number per spatial axis of the layer,
/// with automatic padding resolved.
struct OnnxWindow {
  std::vector<std::int64_t> kernel;
  std::vector<std::int64_t> stride;
  std::vector<std::int64_t> dilation;
  std::vector<std::int64_t> pad;
  std::vector<std::int64_t> pad_end;

  /// Sets what all such operators have in common.
  template <class Operator>
  void store(Operator& op) const {
    op.kernel = PerAxis::shortest(kernel);
    op.stride = PerAxis::shortest(stride);
    op.dilation = PerAxis::shortest(dilation);
    op.pad = PerAxis::shortest(pad);
    if (pad_end != pad) op.pad_end = PerAxis::shortest(pad_end);
  }

  /// Lets the window be one element wide on an axis before the others.
  void prepend_axis();
};

/// For `kernel` over the spatial axes of the image. Throws std::invalid_argument where the node's
/// attributes do not fit it.
OnnxWindow window_of(const OnnxNode& node,
                     const OnnxImage& image,
                     std::vector<std::int64_t> kernel);

/// The first output is the first input convolved with these weights, [filters, channels / groups,
/// kernel...].
OnnxValue convolved(OnnxNode& node,
                    const OnnxValue& input,
                    const OnnxValue& weights,
                    const OnnxValue* bias);

}  // namespace omniphi::models
