#include "models/workload/op/combination.h"

#include <algorithm>

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

namespace {

/// How many inputs a combination takes; 0: two or more.
std::size_t inputs_of(Combination combination) {
  switch (combination) {
    case Combination::Difference:
    case Combination::Quotient:
    case Combination::Power:
    case Combination::Modulo:
    case Combination::Comparison:
    case Combination::Logical:
      return 2;
    case Combination::Select:
      return 3;
    default:
      return 0;
  }
}

}  // namespace

TensorShape shape_of(const ElementWise& op, const Shapes& inputs) {
  const std::size_t wanted = inputs_of(op.combination);
  require(inputs.size() >= 2, "takes at least two inputs, got {}", {inputs.size()});
  require(wanted == 0 || inputs.size() == wanted,
          "a {} takes {} inputs, got {}",
          {choice_name(op.combination), wanted, inputs.size()});
  TensorShape output = inputs[0];
  for (const TensorShape& input : inputs) {
    if (input != output) output = broadcast(output, input);
  }
  const auto count = static_cast<std::int64_t>(inputs.size());
  check_product({count, count, output.elements()}, kLargestWork, "the number of elements visited");
  return output;
}

TensorShape shape_of(const Reduction& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  const std::vector<std::size_t> axes = axes_of(op.axes, input);
  TensorShape output;
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    const bool reduced = std::ranges::binary_search(axes, axis);
    if (!reduced || op.keep_axes) output.dimensions.push_back(reduced ? 1 : input.dimensions[axis]);
  }
  if (output.dimensions.empty()) output.dimensions.push_back(1);
  return output;
}

TensorShape shape_of(const Softmax& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  if (op.axis) axis_of(*op.axis, input);
  return input;
}

TensorShape shape_of(const Loss&, const Shapes& inputs) {
  require(inputs.size() == 1 || inputs.size() == 2,
          "takes a prediction and perhaps a target, got {} inputs",
          {inputs.size()});
  return {{1}};
}

TensorShape shape_of(const TopK& op, const Shapes& inputs) {
  TensorShape output = only_input(inputs);
  std::int64_t& dimension = output.dimensions[axis_of(op.axis, output)];
  require(op.k >= 1 && op.k <= dimension, "keeps {} of {} elements", {op.k, dimension});
  dimension = op.k;
  return output;
}

}  // namespace omniphi::models
