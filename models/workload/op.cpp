#include "models/workload/op.h"

#include <algorithm>
#include <concepts>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hw/base/parameter_schema.h"
#include "hw/base/parameter_writer.h"

namespace omniphi::models {

void PerAxis::read(
    const ConfigNode& node, const std::string& path, PerAxis& out, Rule rule, ReadContext context) {
  const std::size_t before = context.diagnostics.size();
  std::vector<std::int64_t> values(1);
  if (node.is_sequence()) {
    detail::read_value(node, path, values, rule, context);
  } else {
    detail::read_value(node, path, values[0], rule, context);
  }
  if (values.empty()) context.diagnostics.error(node.place, path, "needs at least one number");
  if (context.diagnostics.size() == before) out.values = std::move(values);
}

ConfigNode PerAxis::schema(Rule rule, SchemaContext) {
  ConfigNode axes = schema::list_of(schema::integer(rule));
  axes.set("minItems", ConfigNode::text("1"));
  return schema::either(schema::of_type("array"), std::move(axes), schema::integer(rule));
}

ConfigNode PerAxis::write() const {
  return values.size() == 1 ? written(values[0]) : written(values);
}

std::string_view op_name(const Op& op) {
  return std::visit([]<class Kind>(const Kind&) { return Kind::kind; }, op);
}

namespace {

using Shapes = std::vector<TensorShape>;

template <class... Values>
void require(bool condition, fmt::format_string<Values...> message, Values&&... values) {
  if (!condition) {
    throw std::invalid_argument(fmt::format(message, std::forward<Values>(values)...));
  }
}

/// Product of factors of at least 1. Doubles are exact up to 2^53, well past both limits.
void check_product(const std::vector<std::int64_t>& factors, std::int64_t limit, const char* what) {
  double product = 1;
  for (const std::int64_t factor : factors) product *= static_cast<double>(factor);
  require(product <= static_cast<double>(limit),
          "{}, {}, is above the limit of {}",
          what,
          fmt::format("{}", fmt::join(factors, " x ")),
          limit);
}

TensorShape checked(TensorShape shape) {
  const auto& dimensions = shape.dimensions;
  require(!dimensions.empty() && dimensions.size() <= kLargestRank,
          "a tensor has 1 to {} axes, got {}",
          kLargestRank,
          dimensions.size());
  require(std::ranges::all_of(dimensions, [](std::int64_t d) { return d >= 1; }),
          "every dimension must be at least 1, got {}",
          shape.text());
  check_product(dimensions, kLargestTensor, "the number of elements");
  return shape;
}

const TensorShape& only_input(const Shapes& inputs) {
  require(inputs.size() == 1, "takes one input, got {}", inputs.size());
  return inputs[0];
}

const TensorShape& only_spatial_input(const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  require(input.rank() >= 2,
          "takes an input with channels and at least one more axis, got {}",
          input.text());
  return input;
}

void check_numbers(std::string_view what,
                   const PerAxis& values,
                   std::size_t axes,
                   std::int64_t low) {
  require(values.values.size() == 1 || values.values.size() == axes,
          "{} has {} numbers for {} spatial axes",
          what,
          values.values.size(),
          axes);
  require(std::ranges::all_of(values.values,
                              [&](std::int64_t v) { return v >= low && v <= kLargestTensor; }),
          "{} must be between {} and {}",
          what,
          low,
          kLargestTensor);
}

/// A window that slides over the spatial axes, of a convolution or a pooling.
struct Window {
  const PerAxis& kernel;
  const PerAxis& stride;
  const PerAxis& pad;
  const PerAxis& pad_end;
  PerAxis dilation{{1}};
  Rounding rounding = Rounding::Floor;
};

void check_window(const Window& window, std::size_t axes) {
  check_numbers("kernel", window.kernel, axes, 1);
  check_numbers("stride", window.stride, axes, 1);
  check_numbers("pad", window.pad, axes, 0);
  check_numbers("pad_end", window.pad_end, axes, 0);
  check_numbers("dilation", window.dilation, axes, 1);
}

/// out = round((size + pad + pad_end - dilation (kernel - 1) - 1) / stride) + 1
/// Rounded up, the last window must still begin inside the input or the padding before it, as in
/// Caffe (pooling_layer.cpp) and PyTorch (pooling_output_shape).
std::int64_t window_positions(const Window& window, std::size_t axis, std::int64_t size) {
  check_product(
      {window.dilation[axis], window.kernel[axis]}, kLargestTensor, "the kernel's extent");
  const std::int64_t extent = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
  const std::int64_t padded = size + window.pad[axis] + window.pad_end[axis];
  require(extent <= padded,
          "the kernel's extent {} is larger than the padded input {} on axis {}",
          extent,
          padded,
          axis + 1);
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

TensorShape shape_of(const Input& op, const Shapes& inputs) {
  require(inputs.empty(), "takes no input, got {}", inputs.size());
  return {op.shape};
}

TensorShape shape_of(const Convolution& op, const Shapes& inputs) {
  const TensorShape& input = only_spatial_input(inputs);
  const std::int64_t channels = input.dimensions[0];
  require(op.groups >= 1 && channels % op.groups == 0 && op.channels % op.groups == 0,
          "{} groups do not divide {} input channels and {} filters evenly",
          op.groups,
          channels,
          op.channels);
  const TensorShape output = slid_over(
      {op.kernel, op.stride, op.pad, op.pad_end.value_or(op.pad), op.dilation}, input, op.channels);
  std::vector<std::int64_t> taps{channels / op.groups};
  append_kernel(taps, op.kernel, input.rank() - 1);
  std::vector<std::int64_t> weights{op.channels};
  weights.insert(weights.end(), taps.begin(), taps.end());
  check_product(weights, kLargestTensor, "the number of weights");
  taps.push_back(output.elements());
  check_product(taps, kLargestWork, "the number of multiply-accumulates");
  return output;
}

TensorShape shape_of(const InnerProduct& op, const Shapes& inputs) {
  const TensorShape output = checked({{op.features}});
  check_product(
      {op.features, only_input(inputs).elements()}, kLargestTensor, "the number of weights");
  return output;
}

TensorShape shape_of(const MatrixProduct& op, const Shapes& inputs) {
  require(inputs.empty(), "takes no input, got {}", inputs.size());
  const TensorShape a = checked({{op.m, op.k}});
  const TensorShape b = checked({{op.k, op.n}});
  check_product({op.m, op.n, op.k}, kLargestWork, "the number of multiply-accumulates");
  return {{op.m, op.n}};
}

TensorShape shape_of(const Pooling& op, const Shapes& inputs) {
  const TensorShape& input = only_spatial_input(inputs);
  const Window window{
      op.kernel, op.stride, op.pad, op.pad_end.value_or(op.pad), {{1}}, op.rounding};
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

TensorShape shape_of(const LocalResponseNormalization& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  require(op.size >= 1, "size must be at least 1, got {}", op.size);
  check_product({op.size, input.elements()}, kLargestWork, "the number of elements visited");
  return input;
}

TensorShape shape_of(const ElementWise&, const Shapes& inputs) {
  require(inputs.size() >= 2, "takes at least two inputs, got {}", inputs.size());
  for (const TensorShape& input : inputs) {
    require(input == inputs[0],
            "its inputs differ in shape: {} and {}",
            inputs[0].text(),
            input.text());
  }
  return inputs[0];
}

TensorShape shape_of(const Concatenation& op, const Shapes& inputs) {
  require(!inputs.empty(), "takes at least one input, got none");
  TensorShape output = inputs[0];
  const auto axis = static_cast<std::size_t>(op.axis);
  require(op.axis >= 0 && axis < output.rank(),
          "there is no axis {} in an input of shape {}",
          op.axis,
          output.text());
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    TensorShape aligned = inputs[i];
    if (axis < aligned.rank()) aligned.dimensions[axis] = output.dimensions[axis];
    require(aligned == output,
            "its inputs differ on another axis than {}: {} and {}",
            op.axis,
            inputs[0].text(),
            inputs[i].text());
    output.dimensions[axis] += inputs[i].dimensions[axis];
  }
  return output;
}

TensorShape shape_of(const Reshape& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  TensorShape output{op.shape};
  const auto open = std::ranges::find(output.dimensions, -1);
  if (open != output.dimensions.end()) *open = 1;
  const std::int64_t known = checked(output).elements();
  if (open != output.dimensions.end()) *open = input.elements() / known;
  require(checked(output).elements() == input.elements(),
          "{} elements do not make a shape of {}",
          input.elements(),
          TensorShape{op.shape}.text());
  return output;
}

TensorShape shape_of(const Transpose& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  std::vector<std::int64_t> sorted = op.order;
  std::ranges::sort(sorted);
  bool whole = sorted.size() == input.rank();
  for (std::size_t i = 0; whole && i < sorted.size(); ++i) {
    whole = sorted[i] == static_cast<std::int64_t>(i);
  }
  require(whole, "order must name each of the {} axes of the input once", input.rank());
  TensorShape output;
  for (const std::int64_t axis : op.order) {
    output.dimensions.push_back(input.dimensions[static_cast<std::size_t>(axis)]);
  }
  return output;
}

template <class Kind, class... Kinds>
concept AnyOf = (std::same_as<Kind, Kinds> || ...);

template <AnyOf<BatchNormalization, Scale, Activation, Softmax, Dropout> Kind>
TensorShape shape_of(const Kind&, const Shapes& inputs) {
  return only_input(inputs);
}

}  // namespace

TensorShape output_shape(const Op& op, const std::vector<TensorShape>& inputs) {
  return checked(std::visit([&](const auto& kind) { return shape_of(kind, inputs); }, op));
}

}  // namespace omniphi::models
