#pragma once

#include "models/compute/kernel_plan.h"

namespace omniphi::models {

/// A convolution as the loops of a blocked kernel see it. Depth-wise ones have a channel in each
/// group: then lanes run over groups.
struct ConvolutionShape {
  std::int64_t images = 1;  // of all groups
  std::int64_t summed = 1;  // channels that are added up: whole blocks, or fewer than one
  std::int64_t result_blocks = 1;
  std::int64_t result_height = 1;
  std::int64_t result_width = 1;
  std::int64_t operand_width = 1;
  double rows = 1;  // rows of filters that meet the image, a row of the result
  double taps = 1;  // taps of a filter row that meet the image, a pixel of the result
  double macs = 0;  // executed

  /// Forward, or backward by the data.
  ConvolutionShape(const ConvolutionPrimitive& c, const Worker& worker);
};

/// Whether each group has one channel in and one out.
bool is_depthwise(const ConvolutionPrimitive& c);

/// Pairs of an output and a filter tap that meet the image, along each axis of one image.
struct TapsInside {
  std::int64_t rows = 0;
  std::int64_t columns = 0;

  explicit TapsInside(const ConvolutionPrimitive& c);

  /// Multiply-accumulates less those of taps in the padding.
  [[nodiscard]] double macs(const ConvolutionPrimitive& c) const;
};

/// Elements of all filters.
double weights(const ConvolutionPrimitive& c);

}  // namespace omniphi::models
