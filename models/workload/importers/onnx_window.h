#pragma once

#include <cstdint>
#include <vector>

#include <onnx/onnx_pb.h>

#include "models/workload/op.h"

namespace omniphi::models {

/// One number as such where all axes have the same.
PerAxis per_axis(std::vector<std::int64_t> values);

/// The sliding window of a Conv or a pooling node, one number per spatial axis, with automatic
/// padding resolved for an input of known size.
struct OnnxWindow {
  std::vector<std::int64_t> kernel;
  std::vector<std::int64_t> stride;
  std::vector<std::int64_t> dilation;
  std::vector<std::int64_t> pad;
  std::vector<std::int64_t> pad_end;

  /// Sets what convolution and pooling have in common.
  template <class Operator>
  void store(Operator& op) const {
    op.kernel = per_axis(kernel);
    op.stride = per_axis(stride);
    op.pad = per_axis(pad);
    if (pad_end != pad) op.pad_end = per_axis(pad_end);
  }
};

/// `input` is one sample, [C, spatial...].
/// Throws std::invalid_argument where the node's attributes do not fit it.
OnnxWindow window_of(const onnx::NodeProto& node,
                     const TensorShape& input,
                     std::vector<std::int64_t> kernel);

}  // namespace omniphi::models
