#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "models/workload/tensor.h"

/// Functions of one element.
namespace omniphi::models {

enum class Function {
  Relu,
  LeakyRelu,
  ThresholdedRelu,
  Elu,
  Selu,
  Celu,
  Gelu,
  GeluTanh,
  Silu,
  HardSigmoid,
  HardSwish,
  Sigmoid,
  LogSigmoid,
  Tanh,
  Softplus,
  Softsign,
  Mish,
  Clip,
  Shrink,
  Exp,
  Log,
  Sqrt,
  Square,
  Power,
  Reciprocal,
  Abs,
  Negation,
  Erf,
  Trigonometric,
  Step
};

constexpr auto choices(Function) {
  using enum Function;
  using C = Choice<Function>;
  return std::array{C{"relu", Relu, "max(0, x)"},
                    C{"leaky-relu", LeakyRelu, "x, or alpha x below 0"},
                    C{"thresholded-relu", ThresholdedRelu, "x, or 0 up to alpha"},
                    C{"elu", Elu, "x, or alpha (exp x - 1) below 0"},
                    C{"selu", Selu, "beta x, or beta alpha (exp x - 1) below 0"},
                    C{"celu", Celu, "x, or alpha (exp(x / alpha) - 1) below 0"},
                    C{"gelu", Gelu, "x (1 + erf(x / sqrt 2)) / 2"},
                    C{"gelu-tanh", GeluTanh, "x (1 + tanh(c (x + 0.044715 x^3))) / 2"},
                    C{"silu", Silu, "x / (1 + exp(-x)), also called swish"},
                    C{"hard-sigmoid", HardSigmoid, "alpha x + beta, between 0 and 1"},
                    C{"hard-swish", HardSwish, "x times its hard-sigmoid"},
                    C{"sigmoid", Sigmoid, "1 / (1 + exp(-x))"},
                    C{"log-sigmoid", LogSigmoid, "log of the sigmoid"},
                    C{"tanh", Tanh, "hyperbolic tangent"},
                    C{"softplus", Softplus, "log(1 + exp x)"},
                    C{"softsign", Softsign, "x / (1 + |x|)"},
                    C{"mish", Mish, "x tanh(softplus x)"},
                    C{"clip", Clip, "x, between alpha and beta"},
                    C{"shrink", Shrink, "x moved towards 0 by beta, or 0 within alpha"},
                    C{"exp", Exp, "exponential"},
                    C{"log", Log, "natural logarithm"},
                    C{"sqrt", Sqrt, "square root"},
                    C{"square", Square, "x x"},
                    C{"power", Power, "x to the power of alpha"},
                    C{"reciprocal", Reciprocal, "1 / x"},
                    C{"abs", Abs, "|x|"},
                    C{"negation", Negation, "-x"},
                    C{"erf", Erf, "error function"},
                    C{"trigonometric", Trigonometric, "a sine, tangent or their like or inverse"},
                    C{"step", Step, "a function without slope: sign, floor, rounding, not"}};
}

/// Arithmetic of a function for each element, in flop. Every elementary function, division and
/// comparison is one flop, by convention (the figures follow from the formulas in `choices` and
/// their derivatives); hyperbolic tangent and sigmoid are four, as written out.
struct FunctionCost {
  std::int64_t forward = 1;
  std::int64_t backward = 1;       // 0: no gradient
  bool gradient_of_output = true;  // y and dy give dx, so that y may overwrite x
};

FunctionCost cost_of(Function function);

struct Activation {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "activation";
  Function function = Function::Relu;
  std::optional<double> alpha{};
  std::optional<double> beta{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("function", self.function, "the function applied to each element");
    v("alpha", self.alpha, "its first constant");
    v("beta", self.beta, "its second constant");
  }
};

/// x, or a learnt multiple of x below 0.
struct ParametricRelu {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "parametric-relu";
  std::vector<std::int64_t> shape{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape",
      self.shape,
      "shape of the slopes, broadcast against the sample from its last axis; none: one for each "
      "channel",
      at_least(1));
  }
};

/// A share of the elements set to zero in training.
struct Dropout {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "dropout";
  double ratio = 0.5;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("ratio", self.ratio, "share of elements set to zero in training", fraction);
  }
};

/// Each element to another number format: a cast, or a quantisation with scale and zero point. The
/// layer's own `format` says which.
struct Conversion {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "conversion";
  bool scaled = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("scaled", self.scaled, "whether scale and zero point are applied (quantisation)");
  }
};

TensorShape shape_of(const Activation& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const ParametricRelu& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Dropout& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Conversion& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
