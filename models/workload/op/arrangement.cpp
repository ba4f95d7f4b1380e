#include "models/workload/op/arrangement.h"

#include <algorithm>

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

TensorShape shape_of(const Concatenation& op, const Shapes& inputs) {
  require(!inputs.empty(), "takes at least one input, got none");
  TensorShape output = inputs[0];
  const std::size_t axis = axis_of(op.axis, output);
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    TensorShape aligned = inputs[i];
    if (axis < aligned.rank()) aligned.dimensions[axis] = output.dimensions[axis];
    if (aligned != output) {
      refuse("its inputs differ on another axis than {}: {} and {}",
             {op.axis, inputs[0], inputs[i]});
    }
    output.dimensions[axis] += inputs[i].dimensions[axis];
    checked(output);
  }
  return output;
}

namespace {

/// How many elements lie from `begin` to before `end`, as Python and ONNX count them.
std::int64_t slice_length(std::int64_t size,
                          std::int64_t begin,
                          std::int64_t end,
                          std::int64_t step) {
  require(step != 0, "the step must not be 0");
  const bool forwards = step > 0;
  const std::int64_t low = forwards ? 0 : -1;
  const std::int64_t high = forwards ? size : size - 1;
  const auto clamped = [&](std::int64_t at) {
    return std::clamp(at < 0 ? std::max(at, -size - 1) + size : std::min(at, size), low, high);
  };
  const std::int64_t span =
      forwards ? clamped(end) - clamped(begin) : clamped(begin) - clamped(end);
  if (span <= 0) return 0;
  const std::int64_t stride = forwards ? step : step < -size ? size + 1 : -step;
  return (span - 1) / stride + 1;
}

}  // namespace

TensorShape shape_of(const Slice& op, const Shapes& inputs) {
  TensorShape output = only_input(inputs);
  const std::size_t axes = op.axes.size();
  require(axes >= 1 && op.begin.size() == axes && op.end.size() == axes &&
              (op.step.empty() || op.step.size() == axes),
          "needs as many begins, ends and steps as axes, at least one");
  axes_of(op.axes, output);
  for (std::size_t i = 0; i < axes; ++i) {
    std::int64_t& dimension = output.dimensions[axis_of(op.axes[i], output)];
    const std::int64_t step = op.step.empty() ? 1 : op.step[i];
    const std::int64_t kept = slice_length(dimension, op.begin[i], op.end[i], step);
    require(kept > 0,
            "keeps no element of {} on axis {}: {} to {}",
            {dimension, op.axes[i], op.begin[i], op.end[i]});
    dimension = kept;
  }
  return output;
}

TensorShape shape_of(const Gather& op, const Shapes& inputs) {
  const std::size_t wanted = op.indices ? 1 : 2;
  require(inputs.size() == wanted, "takes {} inputs, got {}", {wanted, inputs.size()});
  const TensorShape& input = inputs[0];
  const std::vector<std::int64_t>& indices = op.indices ? *op.indices : inputs[1].dimensions;
  const auto axis = static_cast<std::ptrdiff_t>(axis_of(op.axis, input));
  TensorShape output{{input.dimensions.begin(), input.dimensions.begin() + axis}};
  output.dimensions.insert(output.dimensions.end(), indices.begin(), indices.end());
  output.dimensions.insert(
      output.dimensions.end(), input.dimensions.begin() + axis + 1, input.dimensions.end());
  if (output.dimensions.empty()) output.dimensions.push_back(1);
  return output;
}

TensorShape shape_of(const Pad& op, const Shapes& inputs) {
  TensorShape output = only_input(inputs);
  const std::vector<std::int64_t>& end = op.end.empty() ? op.begin : op.end;
  require(op.begin.size() == output.rank() && end.size() == output.rank(),
          "pads {} axes of {}",
          {op.begin.size(), output.rank()});
  for (std::size_t axis = 0; axis < output.rank(); ++axis) {
    for (const std::int64_t pad : {op.begin[axis], end[axis]}) {
      require(-kLargestTensor <= pad && pad <= kLargestTensor,
              "pads must be between {} and {}",
              {-kLargestTensor, kLargestTensor});
      output.dimensions[axis] += pad;
    }
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
  if (checked(output).elements() != input.elements()) {
    refuse("{} elements do not make a shape of {}", {input.elements(), TensorShape{op.shape}});
  }
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
  require(whole, "order must name each of the {} axes of the input once", {input.rank()});
  TensorShape output;
  for (const std::int64_t axis : op.order) {
    output.dimensions.push_back(input.dimensions[static_cast<std::size_t>(axis)]);
  }
  return output;
}

TensorShape shape_of(const Expand& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  TensorShape output = checked({op.shape});
  bool fits = output.rank() >= input.rank();
  for (std::size_t i = 0; fits && i < input.rank(); ++i) {
    fits = output.dimensions.rbegin()[static_cast<std::ptrdiff_t>(i)] %
               input.dimensions.rbegin()[static_cast<std::ptrdiff_t>(i)] ==
           0;
  }
  if (!fits) refuse("{} does not repeat to {}", {input, output});
  return output;
}

TensorShape shape_of(const Resize& op, const Shapes& inputs) {
  TensorShape output = only_spatial_input(inputs);
  const std::size_t axes = output.rank() - 1;
  require(op.size.has_value() != op.scale.has_value(), "needs either a size or a scale");
  const PerAxis& numbers = op.size ? *op.size : *op.scale;
  require(numbers.values.size() == 1 || numbers.values.size() == axes,
          "has {} numbers for {} spatial axes",
          {numbers.values.size(), axes});
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::int64_t& dimension = output.dimensions[axis + 1];
    const std::int64_t factor = op.size ? 1 : dimension;
    require(numbers[axis] >= 1, "every number must be at least 1, got {}", {numbers[axis]});
    check_product({factor, numbers[axis]}, kLargestTensor, "the number of elements");
    dimension = factor * numbers[axis];
  }
  checked(output);
  constexpr std::int64_t kMostNeighbours = 4;
  std::vector<std::int64_t> visits(axes, kMostNeighbours);
  visits.push_back(output.elements());
  check_product(visits, kLargestWork, "the number of elements visited");
  return output;
}

TensorShape shape_of(const DepthToSpace& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  if (input.rank() != 3) refuse("takes [channels, height, width], got {}", {input});
  require(op.block >= 1 && op.block <= kLargestTensor, "a block of {} is not possible", {op.block});
  check_product({op.block, op.block}, kLargestTensor, "the size of a block");
  const std::int64_t area = op.block * op.block;
  const std::int64_t c = input.dimensions[0];
  const std::int64_t h = input.dimensions[1];
  const std::int64_t w = input.dimensions[2];
  const bool fits = op.inverse ? h % op.block == 0 && w % op.block == 0 : c % area == 0;
  if (!fits) refuse("blocks of {} do not divide {} evenly", {op.block, input});
  if (!op.inverse) return {{c / area, h * op.block, w * op.block}};
  check_product({c, area}, kLargestTensor, "the number of channels");
  return {{c * area, h / op.block, w / op.block}};
}

TensorShape shape_of(const Pass& op, const Shapes& inputs) {
  require(!inputs.empty(), "takes at least one input, got none");
  return {op.shape};
}

}  // namespace omniphi::models
