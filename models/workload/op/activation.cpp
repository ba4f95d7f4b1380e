#include "models/workload/op/activation.h"

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

FunctionCost cost_of(Function function) {
  constexpr bool kFromInput = false;  // the gradient needs x
  switch (function) {
    case Function::Relu:
      return {1, 1};
    case Function::LeakyRelu:
      return {2, 2};
    case Function::ThresholdedRelu:
      return {1, 1};
    case Function::Elu:
      return {4, 3};
    case Function::Selu:
      return {5, 4};
    case Function::Celu:
      return {5, 4};
    case Function::Gelu:
      return {5, 11, kFromInput};
    case Function::GeluTanh:
      return {12, 22, kFromInput};
    case Function::Silu:
      return {5, 9, kFromInput};
    case Function::HardSigmoid:
      return {4, 3};
    case Function::HardSwish:
      return {5, 6, kFromInput};
    case Function::Sigmoid:
      return {4, 3};
    case Function::LogSigmoid:
      return {4, 5, kFromInput};
    case Function::Tanh:
      return {4, 3};
    case Function::Softplus:
      return {3, 5, kFromInput};
    case Function::Softsign:
      return {3, 5, kFromInput};
    case Function::Mish:
      return {8, 17, kFromInput};
    case Function::Clip:
      return {2, 3};
    case Function::Shrink:
      return {3, 1};
    case Function::Exp:
      return {1, 1};
    case Function::Log:
      return {1, 1, kFromInput};
    case Function::Sqrt:
      return {1, 2};
    case Function::Square:
      return {1, 2, kFromInput};
    case Function::Power:
      return {1, 3, kFromInput};
    case Function::Reciprocal:
      return {1, 3};
    case Function::Abs:
      return {1, 2, kFromInput};
    case Function::Negation:
      return {1, 1};
    case Function::Erf:
      return {1, 5, kFromInput};
    case Function::Trigonometric:
      return {1, 2, kFromInput};
    case Function::Step:
      return {1, 0};
  }
  return {};
}

TensorShape shape_of(const Activation&, const Shapes& inputs) {
  return only_input(inputs);
}

TensorShape shape_of(const ParametricRelu& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  check_parameter_shape(op.shape, input);
  return input;
}

TensorShape shape_of(const Dropout&, const Shapes& inputs) {
  return only_input(inputs);
}

TensorShape shape_of(const Conversion&, const Shapes& inputs) {
  return only_input(inputs);
}

}  // namespace omniphi::models
