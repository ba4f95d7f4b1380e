#include <algorithm>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#include "models/workload/importers/caffe_operators.h"

namespace omniphi::models {

namespace {

using Numbers = std::vector<std::int64_t>;

struct NamedRange {
  std::string_view name;
  std::int64_t least = 0;
};

/// A setting of a window that Caffe lets one write once for all axes, once for each, or as height
/// and width (base_conv_layer.cpp).
template <class Values>
Numbers per_axis_setting(NamedRange range,
                         std::size_t axes,
                         std::int64_t otherwise,
                         const Values& values,
                         std::optional<std::int64_t> height,
                         std::optional<std::int64_t> width) {
  Numbers numbers(axes, otherwise);
  if (height || width) {
    if (axes != 2 || !values.empty()) {
      throw std::invalid_argument(
          fmt::format("{0}_h and {0}_w are for two axes, and not beside {0}", range.name));
    }
    numbers = {height.value_or(otherwise), width.value_or(otherwise)};
  } else if (values.size() == 1) {
    numbers.assign(axes, values[0]);
  } else if (static_cast<std::size_t>(values.size()) == axes) {
    numbers.assign(values.begin(), values.end());
  } else if (!values.empty()) {
    throw std::invalid_argument(
        fmt::format("{} has {} numbers for {} axes", range.name, values.size(), axes));
  }
  for (const std::int64_t number : numbers) {
    if (number >= range.least && number <= kLargestStep) continue;
    throw std::invalid_argument(fmt::format(
        "{} must be from {} to {}, got {}", range.name, range.least, kLargestStep, number));
  }
  return numbers;
}

std::optional<std::int64_t> if_set(bool has, std::int64_t value) {
  return has ? std::optional(value) : std::nullopt;
}

std::size_t spatial_axes(const TensorShape& input) {
  if (input.rank() >= 2) return input.rank() - 1;
  throw std::invalid_argument(
      fmt::format("its input of one sample, {}, has no spatial axis", input.text()));
}

struct WindowSettings {
  Numbers kernel;
  Numbers stride;
  Numbers pad;
};

template <class Parameter>
WindowSettings window_settings(const Parameter& p, std::size_t axes) {
  const bool has_kernel = !p.kernel_size().empty() || p.has_kernel_h() || p.has_kernel_w();
  if (!has_kernel) throw std::invalid_argument("has no kernel_size");
  // One of height and width alone leaves the other at 0, which no kernel may be.
  return {per_axis_setting({"kernel", 1},
                           axes,
                           0,
                           p.kernel_size(),
                           if_set(p.has_kernel_h(), p.kernel_h()),
                           if_set(p.has_kernel_w(), p.kernel_w())),
          per_axis_setting({"stride", 1},
                           axes,
                           1,
                           p.stride(),
                           if_set(p.has_stride_h(), p.stride_h()),
                           if_set(p.has_stride_w(), p.stride_w())),
          per_axis_setting({"pad", 0},
                           axes,
                           0,
                           p.pad(),
                           if_set(p.has_pad_h(), p.pad_h()),
                           if_set(p.has_pad_w(), p.pad_w()))};
}

/// What convolution has in common with its transpose.
template <class Operator>
Operator convolution_of(const caffe::ConvolutionParameter& p, const TensorShape& input) {
  if (p.axis() != 1) {
    throw std::invalid_argument(fmt::format("channels on axis {} are not supported", p.axis()));
  }
  const std::size_t axes = spatial_axes(input);
  const WindowSettings window = window_settings(p, axes);
  Operator op;
  op.channels = p.num_output();
  op.kernel = PerAxis::shortest(window.kernel);
  op.stride = PerAxis::shortest(window.stride);
  op.pad = PerAxis::shortest(window.pad);
  op.dilation = PerAxis::shortest(per_axis_setting({"dilation", 1}, axes, 1, p.dilation(), {}, {}));
  op.groups = p.group();
  op.bias = p.bias_term();
  return op;
}

template <class Operator>
void convolve(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().convolution_param();
  const CaffeValue input = node.bottom();
  if (p.num_output() == 0) throw std::invalid_argument("has no num_output");
  CaffeValue output = node.add(convolution_of<Operator>(p, input.shape), {input});
  if (p.relu()) {
    Activation relu;
    if (p.negative_slope() != 0) relu = {Function::LeakyRelu, p.negative_slope(), {}};
    output = node.add(relu, {output}, "relu");
  }
  node.set_top(0, output);
}

/// How far the last window of a pooling reaches beyond the pad: pooling_layer.cpp rounds up and,
/// where there is a pad on any axis, drops a window that would begin after input and pad.
std::int64_t overhang(const WindowSettings& window,
                      std::size_t axis,
                      std::int64_t size,
                      bool padded) {
  const std::int64_t stride = window.stride[axis];
  const std::int64_t room = size + 2 * window.pad[axis] - window.kernel[axis];
  if (room < 0) return -room < stride ? -room : 0;  // a single window, larger than the input
  const std::int64_t rest = room % stride;
  if (rest == 0) return 0;
  const std::int64_t last_begin = room - rest + stride;
  return padded && last_begin >= size + window.pad[axis] ? 0 : stride - rest;
}

/// Our own rounding up drops such windows with and without a pad, and wants windows that fit the
/// input; where that differs, the overhang is written as a border.
void round_up(Pooling& op, const WindowSettings& window, const TensorShape& input) {
  const bool padded =
      std::any_of(window.pad.begin(), window.pad.end(), [](std::int64_t pad) { return pad > 0; });
  op.rounding = Rounding::Ceil;
  Numbers pad_end = window.pad;
  for (std::size_t i = 0; i < pad_end.size(); ++i) {
    const std::int64_t size = input.dimensions[i + 1];
    const std::int64_t kernel = window.kernel[i];
    const std::int64_t border = overhang(window, i, size, padded);
    const bool fits = size + 2 * window.pad[i] >= kernel;
    if (border >= kernel || (border > 0 && !fits)) op.rounding = Rounding::Floor;
    pad_end[i] += border;
  }
  if (op.rounding == Rounding::Floor && pad_end != window.pad)
    op.pad_end = PerAxis::shortest(pad_end);
}

Pooling pooling_of(const caffe::PoolingParameter& p, const TensorShape& input) {
  const std::size_t axes = spatial_axes(input);
  const WindowSettings window = window_settings(p, axes);
  for (std::size_t i = 0; i < axes; ++i) {
    if (window.pad[i] < window.kernel[i]) continue;
    throw std::invalid_argument(fmt::format(
        "pad, {}, must be smaller than the kernel, {}", window.pad[i], window.kernel[i]));
  }
  Pooling op;
  op.kernel = PerAxis::shortest(window.kernel);
  op.stride = PerAxis::shortest(window.stride);
  op.pad = PerAxis::shortest(window.pad);
  const bool up = p.round_mode() == caffe::PoolingParameter::CEIL && p.ceil_mode();
  if (up) round_up(op, window, input);
  return op;
}

}  // namespace

namespace caffe_layer {

void convolution(CaffeNode& node) {
  convolve<Convolution>(node);
}

void deconvolution(CaffeNode& node) {
  convolve<TransposedConvolution>(node);
}

void pooling(CaffeNode& node) {
  node.expect(1, 2);
  const auto& p = node.proto().pooling_param();
  if (p.axis() != 1) {
    throw std::invalid_argument(fmt::format("channels on axis {} are not supported", p.axis()));
  }
  if (node.tops() > 1 && node.users_of_top(1) > 0) {
    throw std::invalid_argument("the mask of a pooling, its second top, is not supported");
  }
  const bool maximum = p.pool() == caffe::PoolingParameter::MAX;
  const PoolingMode mode = maximum ? PoolingMode::Maximum : PoolingMode::Average;
  if (p.pool() == caffe::PoolingParameter::STOCHASTIC) {
    node.note(NoteKind::Approximated, "stochastic pooling costs what average pooling costs");
  }
  const CaffeValue input = node.bottom();
  if (p.global_pooling()) {
    spatial_axes(input.shape);
    node.set_top(0, node.add(GlobalPooling{mode}, {input}));
    return;
  }
  Pooling op = pooling_of(p, input.shape);
  op.mode = mode;
  node.set_top(0, node.add(op, {input}));
}

}  // namespace caffe_layer

}  // namespace omniphi::models
