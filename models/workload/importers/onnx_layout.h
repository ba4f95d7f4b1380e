#pragma once

#include <optional>
#include <vector>

#include "models/workload/importers/onnx_node.h"

/// How tensors of ONNX, batch included, lie in the layers' tensors of one sample.
namespace omniphi::models {

/// [N, C, spatial...] as the layers' [C, spatial...]. What of N is not the batch (frames of a
/// video, a whole batch that is one sample) becomes a spatial axis of its own, before the others.
struct OnnxImage {
  OnnxValue value;
  Dimensions sample;
  std::size_t extra_axes = 0;  // 0, or 1 if N has become one

  [[nodiscard]] std::int64_t channels() const { return sample[0]; }

  [[nodiscard]] std::size_t spatial_axes() const { return sample.size() - 1 - extra_axes; }

  [[nodiscard]] std::int64_t spatial(std::size_t axis) const {
    return sample[1 + extra_axes + axis];
  }

  /// Shape of the ONNX tensor whose layer's output is `output`.
  [[nodiscard]] Dimensions whole(const TensorShape& output) const;
};

/// Throws std::invalid_argument for fewer than two axes.
OnnxImage image_of(const OnnxNode& node, const OnnxValue& value);

/// One layer from image to image: the first output is made of the first input by `op`.
OnnxValue image_layer(OnnxNode& node,
                      const OnnxImage& image,
                      Op op,
                      const std::vector<const OnnxValue*>& weights = {});

/// Where the batch lies in what `values` broadcast to; none if none of them has one.
std::optional<std::size_t> broadcast_batch_axis(const std::vector<const OnnxValue*>& values,
                                                std::size_t rank);

/// The shape of one sample of `value` as an operand of a layer whose output is `shape` and has its
/// batch at `batch_axis`, to be broadcast to that output's sample. Leading axes of one are left
/// out. Throws OnnxMixedBatch if each sample of the output takes something else of the value.
Dimensions aligned_sample(const OnnxNode& node,
                          const OnnxValue& value,
                          const Dimensions& shape,
                          std::optional<std::size_t> batch_axis);

/// Where the batch of a tensor is found once its elements are given another shape: at the axis
/// before which as many elements lie; none if they are torn apart, which is only possible for a
/// batch of one. Throws OnnxMixedBatch for a larger one.
std::optional<std::size_t> batch_axis_after(const OnnxNode& node,
                                            const OnnxValue& value,
                                            const Dimensions& shape);

/// The value in another shape of as many elements: at most a layer that costs nothing.
OnnxValue reshaped(OnnxNode& node, const OnnxValue& value, Dimensions shape);

/// A layer for what has no operator of its own: reads its operands once, writes its output once.
OnnxValue pass(OnnxNode& node,
               const std::vector<OnnxOperand>& operands,
               OnnxResult result,
               std::int64_t operations,
               bool gradient = false);

}  // namespace omniphi::models
