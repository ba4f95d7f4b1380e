#include <algorithm>

#include "models/workload/complexity_rules.h"

namespace omniphi::models {

Complexity of_pass(std::int64_t forward_operations,
                   std::int64_t backward_operations,
                   std::int64_t gradients_read,
                   const Sizes& s) {
  Complexity c;
  c.phase(Phase::Forward) = {0, forward_operations, s.in, s.out, 0, 0};
  c.phase(Phase::BackwardData) = {0, backward_operations, gradients_read, s.in, 0, 0};
  return c;
}

Complexity rule_of(const Input&, const Sizes&) {
  return {};
}

/// Forward, its users read it; the gradient of a learnt one is the sum over the samples.
Complexity rule_of(const Constant& op, const Sizes& s) {
  Complexity c;
  if (!op.learnt) return c;
  c.parameters = s.out;
  c.weights = s.out;
  c.phase(Phase::BackwardWeights) = {0, s.out, s.out, 0, 0, s.out};
  return c;
}

/// A comparison or addition for each element of each window, and a power of it for a norm; backward
/// scatters dy: to the whole window for an average, to one element for a maximum (remembered by an
/// index of a byte, neglected).
Complexity rule_of(const Pooling& op, const Sizes& s) {
  std::int64_t visits = s.out;
  for (std::size_t axis = 0; axis < s.spatial_axes(); ++axis) visits *= op.kernel[axis];
  if (op.mode == PoolingMode::Lp) return of_pass(2 * visits, 2 * visits, s.in + 2 * s.out, s);
  return of_pass(visits, op.mode == PoolingMode::Average ? visits : s.out, s.out, s);
}

Complexity rule_of(const GlobalPooling& op, const Sizes& s) {
  if (op.mode == PoolingMode::Lp) return of_pass(2 * s.in, 2 * s.in, s.in + 2 * s.out, s);
  return of_pass(s.in, op.mode == PoolingMode::Average ? s.in : s.out, s.out, s);
}

namespace {

/// Normalisation by a mean and a variance. Forward reads x twice: sums of x and x^2 (3 flop an
/// element), then y = a x + b (2 flop). Backward reads x and dy twice: sums of dy and of dy (x -
/// mean) (4 flop), then dx = a (dy - c - d (x - mean)) (5 flop). Where there is a learnt factor or
/// term, those sums are their gradients.
Complexity of_normalization(std::int64_t factors,
                            std::int64_t terms,
                            std::int64_t statistics,
                            const Sizes& s) {
  Complexity c;
  c.parameters = factors + terms;
  c.statistics = statistics;
  c.phase(Phase::Forward) = {0, 5 * s.in, 2 * s.in, s.out, c.parameters, 0};
  c.phase(Phase::BackwardData) = {0, 5 * s.in, s.in + s.out, s.in, factors, 0};
  const Phase sums = c.parameters > 0 ? Phase::BackwardWeights : Phase::BackwardData;
  c.phase(sums) += {0, 4 * s.in, s.in + s.out, 0, 0, c.parameters};
  return c;
}

/// Elements of the axes from `axis` on, which may be counted from the end.
std::int64_t inner_elements(const TensorShape& shape, std::int64_t axis) {
  const auto rank = static_cast<std::int64_t>(shape.rank());
  std::int64_t product = 1;
  for (std::int64_t i = axis < 0 ? axis + rank : axis; i < rank; ++i) {
    product *= shape.dimensions[static_cast<std::size_t>(i)];
  }
  return product;
}

std::int64_t elements_of_parameter(const std::vector<std::int64_t>& shape, const Sizes& s) {
  return shape.empty() ? s.channels() : TensorShape{shape}.elements();
}

}  // namespace

Complexity rule_of(const BatchNormalization& op, const Sizes& s) {
  const std::int64_t learnt = op.affine ? s.channels() : 0;
  return of_normalization(learnt, learnt, 2 * s.channels(), s);
}

Complexity rule_of(const LayerNormalization& op, const Sizes& s) {
  const std::int64_t inner = inner_elements(s.inputs[0], op.axis);
  return of_normalization(op.scale ? inner : 0, op.shift ? inner : 0, 0, s);
}

/// As with a mean, but its sum and difference (2 flop of the forward 5, 3 of the backward 9).
Complexity rule_of(const RmsNormalization& op, const Sizes& s) {
  const std::int64_t inner = inner_elements(s.inputs[0], op.axis);
  Complexity c = of_normalization(op.scale ? inner : 0, 0, 0, s);
  c.phase(Phase::Forward).operations = 3 * s.in;
  c.phase(Phase::BackwardData).operations -= 3 * s.in;
  return c;
}

Complexity rule_of(const GroupNormalization& op, const Sizes& s) {
  const std::int64_t learnt = op.affine ? s.channels() : 0;
  return of_normalization(learnt, learnt, 0, s);
}

Complexity rule_of(const InstanceNormalization& op, const Sizes& s) {
  const std::int64_t learnt = op.affine ? s.channels() : 0;
  return of_normalization(learnt, learnt, 0, s);
}

/// y = x s^-b with s = k + a sum x^2 over a window: a square, size - 1 additions, product,
/// addition, power, product; writes y and s. Backward reads x, y, s and dy: dx = dy s^-b - c x sum
/// (dy y / s), one flop more.
Complexity rule_of(const LocalResponseNormalization& op, const Sizes& s) {
  const std::int64_t window = op.region == Region::WithinChannel ? op.size * op.size : op.size;
  Complexity c = of_pass((window + 4) * s.in, (window + 5) * s.in, s.in + 3 * s.out, s);
  c.phase(Phase::Forward).activations_written = 2 * s.out;
  return c;
}

/// A flop an element each for factor and term; backward-data reads dy, writes dx (dx is dy where
/// there is no factor); backward-weights reads dy, and x for the factor's gradient (2 flop).
Complexity rule_of(const Scale& op, const Sizes& s) {
  const std::int64_t factor = op.scale ? 1 : 0;
  const std::int64_t term = op.shift ? 1 : 0;
  const std::int64_t each = elements_of_parameter(op.shape, s);
  const std::int64_t numbers = (factor + term) * each;
  Complexity c;
  c.phase(Phase::Forward) = {0, (factor + term) * s.in, s.in, s.out, numbers, 0};
  if (op.scale) c.phase(Phase::BackwardData) = {0, s.in, s.out, s.in, each, 0};
  if (op.learnt && numbers > 0) {
    c.parameters = numbers;
    c.phase(Phase::BackwardWeights) = {
        0, (2 * factor + term) * s.in, s.out + factor * s.in, 0, 0, numbers};
  }
  return c;
}

/// Backward reads x or y, and dy.
Complexity rule_of(const Activation& op, const Sizes& s) {
  const FunctionCost cost = cost_of(op.function);
  return of_pass(cost.forward * s.in, cost.backward * s.in, 2 * s.out, s);
}

/// A comparison and a product; the slopes' gradient is the sum of x dy below 0.
Complexity rule_of(const ParametricRelu& op, const Sizes& s) {
  Complexity c = of_pass(2 * s.in, 2 * s.in, s.in + s.out, s);
  c.parameters = elements_of_parameter(op.shape, s);
  c.phase(Phase::Forward).weights_read = c.parameters;
  c.phase(Phase::BackwardData).weights_read = c.parameters;
  c.phase(Phase::BackwardWeights) = {0, 3 * s.in, s.in + s.out, 0, 0, c.parameters};
  return c;
}

/// A product with the mask, both ways; the mask, a bit an element, is neglected.
Complexity rule_of(const Dropout&, const Sizes& s) {
  return of_pass(s.in, s.in, s.out, s);
}

/// A cast is a copy; a quantisation scales, rounds, shifts and clips (5 flop), or shifts and scales
/// back. Backward, both hand the gradient through (a straight-through estimate), as a copy.
Complexity rule_of(const Conversion& op, const Sizes& s) {
  return of_pass(op.scaled ? 5 * s.in : 0, 0, s.out, s);
}

namespace {

/// What the gradient of one input takes for each element of the output.
struct CombinationCost {
  std::int64_t operations = 0;
  std::int64_t tensors_read = 0;  // besides dy
};

CombinationCost gradient_of(Combination combination, std::int64_t inputs) {
  switch (combination) {
    case Combination::Sum:
      return {0, 0};  // dy itself
    case Combination::Product:
      return {inputs - 1, inputs - 1};  // dy times the others
    case Combination::Difference:
    case Combination::Mean:
    case Combination::Modulo:
      return {1, 0};  // a factor
    case Combination::Quotient:
    case Combination::Power:
      return {3, 2};  // -dy y / b; dy b y / a
    case Combination::Minimum:
    case Combination::Maximum:
      return {2, 2};  // a comparison of y with x decides
    case Combination::Select:
      return {1, 1};  // the condition decides
    case Combination::Comparison:
    case Combination::Logical:
      return {};
  }
  return {};
}

}  // namespace

/// Forward is a flop for each input after the first, and one for a mean's quotient; backward is a
/// pass over the output for each input that has a gradient, with one addition an element where the
/// input was repeated.
Complexity rule_of(const ElementWise& op, const Sizes& s) {
  const auto inputs = static_cast<std::int64_t>(s.inputs.size());
  const std::int64_t extra = op.combination == Combination::Mean ? 1 : 0;
  const bool select = op.combination == Combination::Select;
  const CombinationCost cost = gradient_of(op.combination, inputs);
  Complexity c;
  c.phase(Phase::Forward) = {0, (select ? 1 : inputs - 1 + extra) * s.out, s.in, s.out, 0, 0};
  for (std::size_t i = select ? 1 : 0; i < s.inputs.size(); ++i) {
    if (!s.needs_gradient[i]) continue;
    const std::int64_t elements = s.inputs[i].elements();
    const std::int64_t additions = elements < s.out ? s.out : 0;
    c.phase(Phase::BackwardData) +=
        {0, cost.operations * s.out + additions, (1 + cost.tensors_read) * s.out, elements, 0, 0};
  }
  return c;
}

/// A flop for each element (two for squares, magnitudes and exponentials); backward spreads dy, or
/// multiplies it by what it needs x and y for.
Complexity rule_of(const Reduction& op, const Sizes& s) {
  switch (op.function) {
    case ReductionFunction::Sum:
      return of_pass(s.in, 0, s.out, s);
    case ReductionFunction::Mean:
      return of_pass(s.in, s.in, s.out, s);
    case ReductionFunction::ArgMax:
      return of_pass(s.in, 0, 0, s);
    case ReductionFunction::Maximum:
    case ReductionFunction::Minimum:
      return of_pass(s.in, s.in, s.in + 2 * s.out, s);
    case ReductionFunction::Product:
      return of_pass(s.in, 2 * s.in, s.in + 2 * s.out, s);
    case ReductionFunction::L1:
    case ReductionFunction::L2:
    case ReductionFunction::LogSumExp:
      return of_pass(2 * s.in, 2 * s.in, s.in + 2 * s.out, s);
  }
  return {};
}

/// Largest, difference, exponential, sum, quotient (for a logarithm: a difference). Backward dx = y
/// (dy - sum of dy y): 4 flop, reads y and dy. At the network's end, with cross-entropy, the
/// gradient is y - target: a flop, and reads y alone.
Complexity rule_of(const Softmax&, const Sizes& s) {
  if (!s.used) return of_pass(5 * s.in, s.in, s.out, s);
  return of_pass(5 * s.in, 4 * s.in, 2 * s.out, s);
}

/// A softmax is 5 flop an element of the prediction, a sigmoid 4 and a cross-entropy with it 4, a
/// difference, its square or magnitude and the sum 3; the gradient is a difference (2 flop with the
/// factor). Reads the prediction and, backward, the target if it is a layer.
///
/// CTC sums over alignments too; that recursion touches only the target's labels and is not
/// counted.
Complexity rule_of(const Loss& op, const Sizes& s) {
  const std::int64_t x = s.inputs[0].elements();
  const auto operations = [&]() -> std::int64_t {
    switch (op.function) {
      case LossFunction::SoftmaxCrossEntropy:
      case LossFunction::Ctc:
        return 5;
      case LossFunction::SigmoidCrossEntropy:
        return 8;
      case LossFunction::SquaredError:
      case LossFunction::AbsoluteError:
      case LossFunction::Hinge:
        return 3;
      case LossFunction::NegativeLogLikelihood:
        return 1;
    }
    return 1;
  };
  Complexity c;
  c.phase(Phase::Forward) = {0, operations() * x, s.in, s.out, 0, 0};
  c.phase(Phase::BackwardData) = {0, 2 * x, s.in, x, 0, 0};
  return c;
}

/// One comparison for each element and each of the k kept, at most; backward scatters dy.
Complexity rule_of(const TopK& op, const Sizes& s) {
  constexpr std::int64_t kMostComparisons = 16;  // then sorting is cheaper
  return of_pass(std::min(op.k, kMostComparisons) * s.in, 0, s.out, s);
}

Complexity rule_of(const Concatenation&, const Sizes& s) {
  return of_copy(s);
}

/// Reads only what it keeps; backward writes zeros beside it.
Complexity rule_of(const Slice&, const Sizes& s) {
  Complexity c = of_copy(s);
  c.phase(Phase::Forward).activations_read = s.out;
  return c;
}

/// Reads the indices, if there are any computed, and only what it keeps; backward adds.
Complexity rule_of(const Gather&, const Sizes& s) {
  const std::int64_t indices = s.in - s.inputs[0].elements();
  Complexity c;
  c.phase(Phase::Forward) = {0, 0, indices + s.out, s.out, 0, 0};
  c.phase(Phase::BackwardData) = {0, s.out, indices + s.out, s.inputs[0].elements(), 0, 0};
  return c;
}

Complexity rule_of(const Pad&, const Sizes& s) {
  return of_copy(s);
}

Complexity rule_of(const Reshape&, const Sizes&) {
  return {};
}

Complexity rule_of(const Transpose&, const Sizes& s) {
  return of_copy(s);
}

/// Backward adds the copies.
Complexity rule_of(const Expand&, const Sizes& s) {
  return of_pass(0, s.out, s.out, s);
}

/// A product and an addition for each neighbour: 1, 2 or 4 an axis; the nearest is a copy.
Complexity rule_of(const Resize& op, const Sizes& s) {
  if (op.mode == Interpolation::Nearest) return of_pass(0, s.out, s.out, s);
  std::int64_t neighbours = 1;
  for (std::size_t axis = 0; axis < s.spatial_axes(); ++axis) {
    neighbours *= op.mode == Interpolation::Linear ? 2 : 4;
  }
  return of_pass(2 * neighbours * s.out, 2 * neighbours * s.out, s.out, s);
}

Complexity rule_of(const DepthToSpace&, const Sizes& s) {
  return of_copy(s);
}

Complexity rule_of(const Pass& op, const Sizes& s) {
  return of_pass(op.operations * s.out, op.operations * s.out, s.in + s.out, s);
}

}  // namespace omniphi::models
