#include "models/compute/convolution_shape.h"

#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

double share(std::int64_t part, std::int64_t whole) {
  return static_cast<double>(part) / static_cast<double>(whole);
}

/// Channels as the loops see them: whole blocks, or just what is there if less than one.
std::int64_t blocked(std::int64_t channels, std::int64_t block) {
  return channels < block ? channels : ceil_div(channels, block) * block;
}

}  // namespace

bool is_depthwise(const ConvolutionPrimitive& c) {
  return c.groups > 1 && c.input_channels == c.groups && c.output_channels == c.groups;
}

TapsInside::TapsInside(const ConvolutionPrimitive& c)
    : rows(taps_inside(c.input_height, c.output_height, c.kernel_height, c.stride_height)),
      columns(taps_inside(c.input_width, c.output_width, c.kernel_width, c.stride_width)) {}

double TapsInside::macs(const ConvolutionPrimitive& c) const {
  return static_cast<double>(c.macs()) * share(rows, c.output_height * c.kernel_height) *
         share(columns, c.output_width * c.kernel_width);
}

double weights(const ConvolutionPrimitive& c) {
  return static_cast<double>(c.output_channels) * static_cast<double>(c.input_channels / c.groups) *
         static_cast<double>(c.kernel_height * c.kernel_width);
}

ConvolutionShape::ConvolutionShape(const ConvolutionPrimitive& c, const Worker& worker) {
  const bool forward = c.pass == ConvolutionPass::Forward;
  const bool depthwise = is_depthwise(c);
  const std::int64_t inputs = depthwise ? c.groups : c.input_channels / c.groups;
  const std::int64_t outputs = depthwise ? c.groups : c.output_channels / c.groups;
  images = depthwise ? c.batch : c.batch * c.groups;
  summed =
      depthwise ? 1 : blocked(forward ? inputs : outputs, worker.stack->kernels->channel_block);
  result_blocks = ceil_div(forward ? outputs : inputs, lanes(worker));
  result_height = forward ? c.output_height : c.input_height;
  result_width = forward ? c.output_width : c.input_width;
  operand_width = forward ? c.input_width : c.output_width;
  const TapsInside inside(c);
  rows = share(inside.rows, result_height);
  taps = share(inside.columns, result_width);
  macs = inside.macs(c);
}

}  // namespace omniphi::models
