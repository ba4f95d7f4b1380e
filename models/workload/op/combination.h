#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "models/workload/tensor.h"

/// Operators that combine elements: of several tensors, or of one tensor along axes.
namespace omniphi::models {

enum class Combination {
  Sum,
  Difference,
  Product,
  Quotient,
  Power,
  Minimum,
  Maximum,
  Mean,
  Modulo,
  Comparison,
  Logical,
  Select
};

constexpr auto choices(Combination) {
  using enum Combination;
  using C = Choice<Combination>;
  return std::array{
      C{"sum", Sum, "add the inputs"},
      C{"difference", Difference, "the first input less the second"},
      C{"product", Product, "multiply the inputs"},
      C{"quotient", Quotient, "the first input over the second"},
      C{"power", Power, "the first input to the power of the second"},
      C{"min", Minimum, "the smallest input"},
      C{"max", Maximum, "the largest input"},
      C{"mean", Mean, "mean of the inputs"},
      C{"modulo", Modulo, "remainder of the first input by the second"},
      C{"comparison", Comparison, "equal, less, greater and their like"},
      C{"logical", Logical, "and, or, exclusive or; of bits too"},
      C{"select", Select, "the second input where the first is true, else the third"}};
}

/// Inputs combined element by element, broadcast as NumPy does: axes are matched from the last, and
/// an axis of 1 is repeated.
struct ElementWise {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "element-wise";
  Combination combination = Combination::Sum;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("combination", self.combination, "how the inputs are combined");
  }
};

enum class ReductionFunction { Sum, Mean, Product, Maximum, Minimum, L1, L2, LogSumExp, ArgMax };

constexpr auto choices(ReductionFunction) {
  using enum ReductionFunction;
  using C = Choice<ReductionFunction>;
  return std::array{C{"sum", Sum, "sum"},
                    C{"mean", Mean, "mean"},
                    C{"product", Product, "product"},
                    C{"max", Maximum, "largest"},
                    C{"min", Minimum, "smallest"},
                    C{"l1", L1, "sum of magnitudes"},
                    C{"l2", L2, "sum of squares, or its root"},
                    C{"log-sum-exp", LogSumExp, "logarithm of the sum of exponentials"},
                    C{"arg-max", ArgMax, "where the largest (or smallest) is"}};
}

/// All elements along some axes become one.
struct Reduction {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "reduction";
  ReductionFunction function = ReductionFunction::Sum;
  std::vector<std::int64_t> axes{};
  bool keep_axes = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("function", self.function, "what they become", required);
    v("axes", self.axes, "axes of the sample; none: all; negative: counted from the end");
    v("keep_axes", self.keep_axes, "whether they stay, with one element each");
  }
};

/// Softmax along one axis, or over the whole sample. Where nothing uses its output, its gradient in
/// training is that of softmax with cross-entropy loss.
struct Softmax {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "softmax";
  std::optional<std::int64_t> axis{};
  bool logarithm = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("axis", self.axis, "axis of the sample; none: all of it; negative: counted from the end");
    v("logarithm", self.logarithm, "whether its logarithm is wanted");
  }
};

enum class LossFunction {
  SoftmaxCrossEntropy,
  SigmoidCrossEntropy,
  NegativeLogLikelihood,
  SquaredError,
  AbsoluteError,
  Hinge,
  Ctc
};

constexpr auto choices(LossFunction) {
  using enum LossFunction;
  using C = Choice<LossFunction>;
  return std::array{
      C{"softmax-cross-entropy", SoftmaxCrossEntropy, "softmax, then the target's -log"},
      C{"sigmoid-cross-entropy", SigmoidCrossEntropy, "sigmoid, then the target's -log"},
      C{"negative-log-likelihood", NegativeLogLikelihood, "of probabilities' logarithms"},
      C{"squared-error", SquaredError, "sum of squared differences"},
      C{"absolute-error", AbsoluteError, "sum of magnitudes of differences"},
      C{"hinge", Hinge, "sum of margins not kept"},
      C{"ctc", Ctc, "connectionist temporal classification over [T, labels]"}};
}

/// What training makes small: one number for each sample, from a prediction and, where the network
/// computes one, a target.
struct Loss {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "loss";
  LossFunction function = LossFunction::SoftmaxCrossEntropy;
  double weight = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("function", self.function, "how far the prediction is from the target");
    v("weight", self.weight, "its share of the sum of losses", non_negative);
  }
};

/// The k largest (or smallest) along an axis.
struct TopK {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "top-k";
  std::int64_t k = 1;
  std::int64_t axis = -1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("k", self.k, "how many are kept", required | at_least(1));
    v("axis", self.axis, "axis of the sample; negative: counted from the end");
  }
};

TensorShape shape_of(const ElementWise& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Reduction& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Softmax& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Loss& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const TopK& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
