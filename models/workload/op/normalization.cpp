#include "models/workload/op/normalization.h"

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

TensorShape shape_of(const BatchNormalization&, const Shapes& inputs) {
  return only_input(inputs);
}

TensorShape shape_of(const LayerNormalization& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  axis_of(op.axis, input);
  return input;
}

TensorShape shape_of(const RmsNormalization& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  axis_of(op.axis, input);
  return input;
}

TensorShape shape_of(const GroupNormalization& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  require(op.groups >= 1 && input.dimensions[0] % op.groups == 0,
          "{} groups do not divide {} channels evenly",
          {op.groups, input.dimensions[0]});
  return input;
}

TensorShape shape_of(const InstanceNormalization&, const Shapes& inputs) {
  return only_spatial_input(inputs);
}

TensorShape shape_of(const LocalResponseNormalization& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  require(op.size >= 1, "size must be at least 1, got {}", {op.size});
  const std::int64_t other = op.region == Region::WithinChannel ? op.size : 1;
  check_product({op.size, other, input.elements()}, kLargestWork, "the number of elements visited");
  return input;
}

TensorShape shape_of(const Scale& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  check_parameter_shape(op.shape, input);
  return input;
}

}  // namespace omniphi::models
