// Operators that slide a window over images.

#include "models/workload/importers/onnx_windows.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

using Numbers = std::vector<std::int64_t>;

Numbers window_attribute(const OnnxNode& node,
                         std::string_view name,
                         std::size_t size,
                         std::int64_t least,
                         std::int64_t otherwise) {
  Numbers values = node.integers(name);
  if (values.empty()) values.assign(size, otherwise);
  if (values.size() != size) {
    refuse(fmt::format("{} has {} numbers instead of {}", name, values.size(), size));
  }
  const bool fits =
      std::ranges::all_of(values, [&](std::int64_t v) { return least <= v && v <= kLargestStep; });
  if (!fits) refuse(fmt::format("{} must be from {} to {}", name, least, kLargestStep));
  return values;
}

/// SAME_UPPER and SAME_LOWER: as many windows as strides fit, and what they lack split between both
/// ends, the odd one at the end that the name says (ONNX operator documentation, Conv, auto_pad).
void pad_to_same(OnnxWindow& window, const OnnxImage& image, bool upper) {
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    const std::int64_t size = image.spatial(i);
    const std::int64_t windows = (size + window.stride[i] - 1) / window.stride[i];
    const std::int64_t extent = (window.kernel[i] - 1) * window.dilation[i] + 1;
    const std::int64_t missing =
        std::max<std::int64_t>(0, (windows - 1) * window.stride[i] + extent - size);
    window.pad[i] = upper ? missing / 2 : missing - missing / 2;
    window.pad_end[i] = missing - window.pad[i];
  }
}

OnnxWindow unpadded_window(const OnnxNode& node, const OnnxImage& image, Numbers kernel) {
  const std::size_t axes = image.spatial_axes();
  if (axes == 0) {
    refuse(fmt::format("its input, {}, has no spatial axis", shape_text(image.value.shape)));
  }
  if (kernel.size() != axes) {
    refuse(fmt::format("kernel_shape has {} numbers instead of {}", kernel.size(), axes));
  }
  const bool fits =
      std::ranges::all_of(kernel, [](std::int64_t v) { return 1 <= v && v <= kLargestStep; });
  if (!fits) refuse(fmt::format("kernel_shape must be from 1 to {}", kLargestStep));
  return {std::move(kernel),
          window_attribute(node, "strides", axes, 1, 1),
          window_attribute(node, "dilations", axes, 1, 1),
          Numbers(axes, 0),
          Numbers(axes, 0)};
}

/// All begins, then all ends.
void pad_as_written(const OnnxNode& node, OnnxWindow& window) {
  const std::size_t axes = window.kernel.size();
  const Numbers pads = window_attribute(node, "pads", 2 * axes, 0, 0);
  std::copy_n(pads.begin(), axes, window.pad.begin());
  std::copy_n(pads.rbegin(), axes, window.pad_end.rbegin());
}

std::string padding_mode(const OnnxNode& node) {
  std::string mode = node.text("auto_pad", "NOTSET");
  constexpr std::string_view kModes[] = {"", "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"};
  if (std::ranges::count(kModes, mode) == 0) {
    refuse(fmt::format("auto_pad {} is not known", in_quotes(mode)));
  }
  return mode;
}

/// Weights of a convolution: [a, b, kernel...] for images of `axes` spatial axes.
Numbers kernel_of(const OnnxValue& weights, const OnnxImage& image) {
  if (weights.rank() != image.spatial_axes() + 2) {
    refuse(fmt::format("has weights {} for an input {}",
                       shape_text(weights.shape),
                       shape_text(image.value.shape)));
  }
  if (element_count(weights.shape) == 0) refuse("has weights without elements");
  return {weights.shape.begin() + 2, weights.shape.end()};
}

std::int64_t groups_of(const OnnxNode& node) {
  const std::int64_t groups = node.integer("group", 1);
  if (groups < 1 || groups > kLargestStep) {
    refuse(fmt::format("group must be from 1 to {}", kLargestStep));
  }
  return groups;
}

void check_bias(const OnnxValue* bias, std::int64_t outputs) {
  if (!bias) return;
  const std::int64_t biases = element_count(bias->shape);
  if (biases != outputs) refuse(fmt::format("has {} biases for {} outputs", biases, outputs));
}

std::vector<const OnnxValue*> learnt(const OnnxValue& weights, const OnnxValue* bias) {
  if (!bias) return {&weights};
  return {&weights, bias};
}

void convolution(OnnxNode& node) {
  node.set(
      0, convolved(node, node.tensor(0), node.weight(1), node.has(2) ? &node.weight(2) : nullptr));
}

/// A convolution and the activation that follows it (com.microsoft).
void fused_convolution(OnnxNode& node) {
  OnnxValue made =
      convolved(node, node.tensor(0), node.weight(1), node.has(2) ? &node.weight(2) : nullptr);
  if (node.has(3)) {
    const OnnxValue& added = node.tensor(3);
    made = node.layer(ElementWise{Combination::Sum},
                      {{made}, {added, node.sample(made)}},
                      {made.shape, made.batch_axis, made.type},
                      {},
                      "sum");
  }
  const std::string name = node.text("activation", "");
  if (name.empty() || !made.is_activation()) return node.set(0, std::move(made));
  Activation op;
  op.function = name == "Relu"        ? Function::Relu
                : name == "LeakyRelu" ? Function::LeakyRelu
                : name == "Sigmoid"   ? Function::Sigmoid
                : name == "Tanh"      ? Function::Tanh
                                      : Function::Clip;
  const OnnxResult result{made.shape, made.batch_axis, made.type};
  node.set(0, node.layer(op, {{made}}, result, {}, "activation"));
}

/// Padding follows from the output's shape where that is given: what is too much is split between
/// both ends, the odd one at the beginning unless SAME_UPPER (ONNX operator documentation,
/// ConvTranspose).
void pad_to_shape(const OnnxNode& node,
                  OnnxWindow& window,
                  const OnnxImage& image,
                  const Numbers& shape,
                  Numbers& output_pad) {
  const bool upper = padding_mode(node) == "SAME_UPPER";
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    const std::int64_t extent = (window.kernel[i] - 1) * window.dilation[i] + 1;
    const std::int64_t whole = (image.spatial(i) - 1) * window.stride[i] + extent + output_pad[i];
    if (shape[i] < 1 || shape[i] > kLargestTensor) {
      refuse(fmt::format("an output of {} is not possible", shape[i]));
    }
    const std::int64_t surplus = whole - shape[i];
    if (surplus < 0) {
      output_pad[i] -= surplus;
    } else {
      window.pad[i] = upper ? surplus / 2 : surplus - surplus / 2;
      window.pad_end[i] = surplus - window.pad[i];
    }
  }
}

void transposed_convolution(OnnxNode& node) {
  const OnnxImage image = image_of(node, node.tensor(0));
  const OnnxValue& weights = node.weight(1);  // [channels, filters / groups, kernel...]
  OnnxWindow window = unpadded_window(node, image, kernel_of(weights, image));
  TransposedConvolution op;
  op.groups = groups_of(node);
  op.channels = weights.shape[1] * op.groups;
  if (weights.shape[0] != image.channels()) {
    refuse(
        fmt::format("has weights for {} channels but gets {}", weights.shape[0], image.channels()));
  }
  const std::size_t axes = window.kernel.size();
  Numbers output_pad = window_attribute(node, "output_padding", axes, 0, 0);
  Numbers shape = node.integers("output_shape");
  const std::string mode = padding_mode(node);
  if (shape.size() > axes) {
    shape.erase(shape.begin(), shape.end() - static_cast<std::ptrdiff_t>(axes));
  }
  if (shape.empty() && mode.starts_with("SAME")) {
    for (std::size_t i = 0; i < axes; ++i) shape.push_back(image.spatial(i) * window.stride[i]);
  }
  if (shape.size() == axes) {
    pad_to_shape(node, window, image, shape, output_pad);
  } else if (mode != "VALID") {
    pad_as_written(node, window);
  }
  if (image.extra_axes == 1) {
    window.prepend_axis();
    output_pad.insert(output_pad.begin(), 0);
  }
  window.store(op);
  op.output_pad = PerAxis::shortest(output_pad);
  const OnnxValue* bias = node.has(2) ? &node.weight(2) : nullptr;
  check_bias(bias, op.channels);
  op.bias = bias != nullptr;
  node.set(0, image_layer(node, image, op, learnt(weights, bias)));
}

void pool(OnnxNode& node, PoolingMode mode) {
  const OnnxImage image = image_of(node, node.tensor(0));
  OnnxWindow window = window_of(node, image, node.integers("kernel_shape"));
  Pooling op;
  op.mode = mode;
  window.store(op);
  if (node.integer("ceil_mode", 0) != 0) op.rounding = Rounding::Ceil;
  op.count_pad = node.integer("count_include_pad", 0) != 0;
  OnnxValue made = image_layer(node, image, op);
  made.stored_type = image.value.stored_type;
  node.set(0, made);
  made.type = onnx::TensorProto::INT64;  // where each was found
  made.stored_type = onnx::TensorProto::UNDEFINED;
  node.set(1, std::move(made));
}

void max_pool(OnnxNode& node) {
  pool(node, PoolingMode::Maximum);
}

void average_pool(OnnxNode& node) {
  pool(node, PoolingMode::Average);
}

void lp_pool(OnnxNode& node) {
  pool(node, PoolingMode::Lp);
}

/// The images of a sample that holds several (frames) are pooled one by one, but the operator would
/// pool all their positions.
void global_pool(OnnxNode& node, PoolingMode mode) {
  const OnnxImage image = image_of(node, node.tensor(0));
  require(image.spatial_axes() > 0, "its input has no spatial axis");
  if (image.extra_axes == 0) return node.set(0, image_layer(node, image, GlobalPooling{mode}));
  Pooling op;
  op.mode = mode;
  Numbers kernel(image.sample.begin() + 1, image.sample.end());
  kernel[0] = 1;
  op.kernel = PerAxis::shortest(kernel);
  node.set(0, image_layer(node, image, op));
}

void global_max_pool(OnnxNode& node) {
  global_pool(node, PoolingMode::Maximum);
}

void global_average_pool(OnnxNode& node) {
  global_pool(node, PoolingMode::Average);
}

void global_lp_pool(OnnxNode& node) {
  global_pool(node, PoolingMode::Lp);
}

/// Elements put back where a max pooling found them; zeros elsewhere.
void max_unpool(OnnxNode& node) {
  const OnnxImage image = image_of(node, node.tensor(0));
  Dimensions shape = image.value.shape;
  if (const auto given = node.numbers(2)) {
    shape = *given;
  } else if (node.has(2)) {
    const auto declared = node.declared_shape(0);
    if (!declared) refuse("its shape is computed from the samples");
    shape = *declared;
  } else {
    const OnnxWindow window = window_of(node, image, node.integers("kernel_shape"));
    for (std::size_t i = 0; i < window.kernel.size(); ++i) {
      shape[i + 2] = (shape[i + 2] - 1) * window.stride[i] + window.kernel[i] - window.pad[i] -
                     window.pad_end[i];
    }
  }
  const OnnxValue& indices = node.tensor(1);
  const bool alike = indices.batch_axis == image.value.batch_axis;
  const OnnxValue from = alike ? image.value : node.whole(image.value);
  const OnnxValue at = alike ? indices : node.whole(indices);
  node.set(0, pass(node, {{from}, {at}}, {shape, from.batch_axis, from.type}, 0, true));
}

constexpr std::uint32_t kFilters = 1u << 1 | 1u << 2;

constexpr OnnxOperator kOperators[] = {
    {"AveragePool", average_pool},
    {"Conv", convolution, 2, 3, "", kFilters},
    {"ConvTranspose", transposed_convolution, 2, 3, "", kFilters},
    {"FusedConv", fused_convolution, 2, 4, kContrib, kFilters},
    {"GlobalAveragePool", global_average_pool},
    {"GlobalLpPool", global_lp_pool},
    {"GlobalMaxPool", global_max_pool},
    {"LpPool", lp_pool},
    {"MaxPool", max_pool},
    {"MaxUnpool", max_unpool, 2, 3}};

}  // namespace

void OnnxWindow::prepend_axis() {
  for (auto* numbers : {&kernel, &stride, &dilation}) numbers->insert(numbers->begin(), 1);
  for (auto* numbers : {&pad, &pad_end}) numbers->insert(numbers->begin(), 0);
}

OnnxWindow window_of(const OnnxNode& node, const OnnxImage& image, Numbers kernel) {
  OnnxWindow window = unpadded_window(node, image, std::move(kernel));
  const std::string mode = padding_mode(node);
  if (mode.starts_with("SAME")) {
    pad_to_same(window, image, mode == "SAME_UPPER");
  } else if (mode != "VALID") {
    pad_as_written(node, window);
  }
  if (image.extra_axes == 1) window.prepend_axis();
  return window;
}

OnnxValue convolved(OnnxNode& node,
                    const OnnxValue& input,
                    const OnnxValue& weights,
                    const OnnxValue* bias) {
  const OnnxImage image = image_of(node, input);
  const OnnxWindow window = window_of(node, image, kernel_of(weights, image));
  Convolution op;
  op.channels = weights.shape[0];
  op.groups = groups_of(node);
  if (op.channels % op.groups != 0) {
    refuse(fmt::format("{} groups do not divide {} filters", op.groups, op.channels));
  }
  if (weights.shape[1] * op.groups != image.channels()) {
    refuse(fmt::format("has weights for {} groups of {} channels but gets {} channels",
                       op.groups,
                       weights.shape[1],
                       image.channels()));
  }
  window.store(op);
  check_bias(bias, op.channels);
  op.bias = bias != nullptr;
  return image_layer(node, image, op, learnt(weights, bias));
}

std::span<const OnnxOperator> onnx_window_operators() {
  return kOperators;
}

}  // namespace omniphi::models
