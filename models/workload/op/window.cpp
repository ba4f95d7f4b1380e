#include "models/workload/op/window.h"

#include <algorithm>

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

namespace {

void check_numbers(std::string_view what,
                   const PerAxis& values,
                   std::size_t axes,
                   std::int64_t low) {
  require(values.values.size() == 1 || values.values.size() == axes,
          "{} has {} numbers for {} spatial axes",
          {what, values.values.size(), axes});
  require(std::ranges::all_of(values.values,
                              [&](std::int64_t v) { return v >= low && v <= kLargestTensor; }),
          "{} must be between {} and {}",
          {what, low, kLargestTensor});
}

/// A window that slides over the spatial axes.
struct Window {
  const PerAxis& kernel;
  const PerAxis& stride;
  const PerAxis& pad;
  const PerAxis& pad_end;
  const PerAxis& dilation;
  Rounding rounding = Rounding::Floor;
};

void check_window(const Window& window, std::size_t axes) {
  check_numbers("kernel", window.kernel, axes, 1);
  check_numbers("stride", window.stride, axes, 1);
  check_numbers("pad", window.pad, axes, 0);
  check_numbers("pad_end", window.pad_end, axes, 0);
  check_numbers("dilation", window.dilation, axes, 1);
}

/// dilation (kernel - 1) + 1
std::int64_t extent_of(const Window& window, std::size_t axis) {
  check_product(
      {window.dilation[axis], window.kernel[axis]}, kLargestTensor, "the kernel's extent");
  return window.dilation[axis] * (window.kernel[axis] - 1) + 1;
}

/// out = round((size + pad + pad_end - extent) / stride) + 1
/// Rounded up, the last window must still begin inside the input or the padding before it, as in
/// Caffe (pooling_layer.cpp) and PyTorch (pooling_output_shape).
std::int64_t window_positions(const Window& window, std::size_t axis, std::int64_t size) {
  const std::int64_t extent = extent_of(window, axis);
  const std::int64_t padded = size + window.pad[axis] + window.pad_end[axis];
  require(extent <= padded,
          "the kernel's extent {} is larger than the padded input {} on axis {}",
          {extent, padded, axis + 1});
  const std::int64_t stride = window.stride[axis];
  const std::int64_t room = padded - extent;
  std::int64_t positions = room / stride + 1;
  const bool sticks_out = window.rounding == Rounding::Ceil && room % stride != 0;
  if (sticks_out && positions * stride < size + window.pad[axis]) ++positions;
  return positions;
}

/// [channels, positions of the window on each axis]
TensorShape slid_over(const Window& window, const TensorShape& input, std::int64_t channels) {
  const std::size_t axes = input.rank() - 1;
  check_window(window, axes);
  TensorShape output{{channels}};
  for (std::size_t axis = 0; axis < axes; ++axis) {
    output.dimensions.push_back(window_positions(window, axis, input.dimensions[axis + 1]));
  }
  return checked(output);
}

void append_kernel(std::vector<std::int64_t>& factors, const PerAxis& kernel, std::size_t axes) {
  for (std::size_t axis = 0; axis < axes; ++axis) factors.push_back(kernel[axis]);
}

void check_groups(std::int64_t groups, std::int64_t inputs, std::int64_t outputs) {
  require(groups >= 1 && inputs % groups == 0 && outputs % groups == 0,
          "{} groups do not divide {} input channels and {} filters evenly",
          {groups, inputs, outputs});
}

/// Of filters [channels, taps...], used once for each of `positions`.
void check_filters(std::int64_t channels, std::vector<std::int64_t> taps, std::int64_t positions) {
  std::vector<std::int64_t> weights{channels};
  weights.insert(weights.end(), taps.begin(), taps.end());
  check_product(weights, kLargestTensor, "the number of weights");
  taps.push_back(positions);
  check_product(taps, kLargestWork, "the number of multiply-accumulates");
}

}  // namespace

TensorShape shape_of(const Convolution& op, const Shapes& inputs) {
  const TensorShape& input = only_spatial_input(inputs);
  const std::int64_t channels = input.dimensions[0];
  check_groups(op.groups, channels, op.channels);
  const TensorShape output =
      slid_over({op.kernel, op.stride, op.pad, op.pad_end ? *op.pad_end : op.pad, op.dilation},
                input,
                op.channels);
  std::vector<std::int64_t> taps{channels / op.groups};
  append_kernel(taps, op.kernel, input.rank() - 1);
  check_filters(op.channels, taps, output.elements());
  return output;
}

TensorShape shape_of(const TransposedConvolution& op, const Shapes& inputs) {
  const TensorShape& input = only_spatial_input(inputs);
  const std::size_t axes = input.rank() - 1;
  const std::int64_t channels = input.dimensions[0];
  check_groups(op.groups, channels, op.channels);
  const Window window{op.kernel, op.stride, op.pad, op.pad_end ? *op.pad_end : op.pad, op.dilation};
  check_window(window, axes);
  check_numbers("output_pad", op.output_pad, axes, 0);
  TensorShape output{{op.channels}};
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::int64_t last = input.dimensions[axis + 1] - 1;
    if (last > 0) check_product({last, op.stride[axis]}, kLargestTensor, "the output's extent");
    const std::int64_t whole =
        last * op.stride[axis] + extent_of(window, axis) + op.output_pad[axis];
    const std::int64_t cut = op.pad[axis] + window.pad_end[axis];
    require(cut < whole, "pads cut {} off an output of {} on axis {}", {cut, whole, axis + 1});
    output.dimensions.push_back(whole - cut);
  }
  output = checked(output);
  std::vector<std::int64_t> taps{op.channels / op.groups};
  append_kernel(taps, op.kernel, axes);
  check_filters(channels, taps, input.elements());
  return output;
}

TensorShape shape_of(const Pooling& op, const Shapes& inputs) {
  const TensorShape& input = only_spatial_input(inputs);
  const Window window{
      op.kernel, op.stride, op.pad, op.pad_end ? *op.pad_end : op.pad, op.dilation, op.rounding};
  const TensorShape output = slid_over(window, input, input.dimensions[0]);
  std::vector<std::int64_t> visits{output.elements()};
  append_kernel(visits, op.kernel, input.rank() - 1);
  check_product(visits, kLargestWork, "the number of elements visited");
  return output;
}

TensorShape shape_of(const GlobalPooling&, const Shapes& inputs) {
  TensorShape output = only_spatial_input(inputs);
  std::fill(output.dimensions.begin() + 1, output.dimensions.end(), 1);
  return output;
}

}  // namespace omniphi::models
