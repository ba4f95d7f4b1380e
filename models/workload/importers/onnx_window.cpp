#include "models/workload/importers/onnx_window.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_node.h"

namespace omniphi::models {

namespace {

using Numbers = std::vector<std::int64_t>;

void check_size(std::string_view name, const Numbers& values, std::size_t size) {
  if (values.size() == size) return;
  throw std::invalid_argument(
      fmt::format("{} has {} numbers instead of {}", name, values.size(), size));
}

Numbers window_attribute(const onnx::NodeProto& node,
                         std::string_view name,
                         std::size_t size,
                         std::int64_t otherwise) {
  Numbers values = integers_attribute(node, name);
  if (values.empty()) values.assign(size, otherwise);
  check_size(name, values, size);
  return values;
}

/// SAME_UPPER and SAME_LOWER: as many windows as strides fit, and what they lack split between both
/// ends, the odd one at the end that the name says (ONNX operator documentation, Conv, auto_pad).
void pad_to_same(OnnxWindow& window, const TensorShape& input, bool upper) {
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    const std::int64_t size = input.dimensions[i + 1];
    const std::int64_t windows = (size + window.stride[i] - 1) / window.stride[i];
    const std::int64_t extent = (window.kernel[i] - 1) * window.dilation[i] + 1;
    const std::int64_t missing =
        std::max<std::int64_t>(0, (windows - 1) * window.stride[i] + extent - size);
    window.pad[i] = upper ? missing / 2 : missing - missing / 2;
    window.pad_end[i] = missing - window.pad[i];
  }
}

}  // namespace

PerAxis per_axis(std::vector<std::int64_t> values) {
  const auto change = std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>());
  if (change == values.end()) values.resize(1);
  return {std::move(values)};
}

OnnxWindow window_of(const onnx::NodeProto& node, const TensorShape& input, Numbers kernel) {
  const std::size_t axes = input.rank() - 1;
  if (axes == 0) {
    throw std::invalid_argument(
        fmt::format("its input of one sample, {}, has no spatial axis", input.text()));
  }
  check_size("kernel_shape", kernel, axes);
  OnnxWindow window{std::move(kernel),
                    window_attribute(node, "strides", axes, 1),
                    window_attribute(node, "dilations", axes, 1),
                    Numbers(axes, 0),
                    Numbers(axes, 0)};
  const std::string mode = text_attribute(node, "auto_pad", "NOTSET");
  if (mode == "NOTSET") {
    const Numbers pads = window_attribute(node, "pads", 2 * axes, 0);  // all begins, then all ends
    std::copy_n(pads.begin(), axes, window.pad.begin());
    std::copy_n(pads.rbegin(), axes, window.pad_end.rbegin());
  } else if (mode == "SAME_UPPER" || mode == "SAME_LOWER") {
    pad_to_same(window, input, mode == "SAME_UPPER");
  } else if (mode != "VALID") {
    throw std::invalid_argument(fmt::format("auto_pad {} is not known", in_quotes(mode)));
  }
  return window;
}

}  // namespace omniphi::models
