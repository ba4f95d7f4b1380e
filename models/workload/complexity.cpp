#include "models/workload/complexity.h"

#include <algorithm>
#include <numeric>

namespace omniphi::models {

/// The rules, all for one sample. x: elements read, y: elements written, w: parameters, K: elements
/// of the window. Every pass streams whole tensors; nothing is fused. Exponentials, powers,
/// divisions and comparisons count as one flop each. Where the output of a layer has several users,
/// the sum of their gradients is not counted.
namespace {

std::int64_t elements(const std::vector<TensorShape>& shapes) {
  return std::accumulate(
      shapes.begin(),
      shapes.end(),
      std::int64_t{0},
      [](std::int64_t sum, const TensorShape& shape) { return sum + shape.elements(); });
}

std::int64_t window_elements(const PerAxis& kernel, std::size_t axes) {
  std::int64_t product = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) product *= kernel[axis];
  return product;
}

/// What the rules see of a layer.
struct Sizes {
  const std::vector<TensorShape>& inputs;
  std::int64_t in = 0;   // elements of all inputs
  std::int64_t out = 0;  // elements of the output

  [[nodiscard]] std::int64_t channels() const { return inputs[0].dimensions[0]; }

  [[nodiscard]] std::size_t spatial_axes() const { return inputs[0].rank() - 1; }
};

/// Reads x and W, writes y; backward-data reads dy and W, writes dx; backward-weights reads x and
/// dy, writes dW. A bias is one addition an output, and in backward-weights one more to sum its
/// gradient.
Complexity of_product(std::int64_t macs,
                      std::int64_t weights,
                      std::int64_t biases,
                      const Sizes& s) {
  const std::int64_t additions = biases > 0 ? s.out : 0;
  Complexity c;
  c.parameters = weights + biases;
  c.phase(Phase::Forward) = {macs, additions, s.in, s.out, c.parameters, 0};
  c.phase(Phase::BackwardData) = {macs, 0, s.out, s.in, weights, 0};
  c.phase(Phase::BackwardWeights) = {macs, additions, s.in + s.out, 0, 0, c.parameters};
  return c;
}

/// Forward reads x and writes y, backward reads `gradients_read` and writes dx; no weights.
Complexity of_pass(std::int64_t forward_operations,
                   std::int64_t backward_operations,
                   std::int64_t gradients_read,
                   const Sizes& s) {
  Complexity c;
  c.phase(Phase::Forward) = {0, forward_operations, s.in, s.out, 0, 0};
  c.phase(Phase::BackwardData) = {0, backward_operations, gradients_read, s.in, 0, 0};
  return c;
}

Complexity of(const Input&, const Sizes&) {
  return {};
}

/// macs = y C/groups K
Complexity of(const Convolution& op, const Sizes& s) {
  const std::int64_t taps = s.channels() / op.groups * window_elements(op.kernel, s.spatial_axes());
  return of_product(s.out * taps, op.channels * taps, op.bias ? op.channels : 0, s);
}

/// macs = x y
Complexity of(const InnerProduct& op, const Sizes& s) {
  return of_product(s.in * s.out, s.in * s.out, op.bias ? op.features : 0, s);
}

/// macs = m n k; reads A and B, writes C; asked for by itself, it has no backward.
Complexity of(const MatrixProduct& op, const Sizes& s) {
  Complexity c;
  c.phase(Phase::Forward) = {op.m * op.n * op.k, 0, (op.m + op.n) * op.k, s.out, 0, 0};
  return c;
}

/// A comparison or addition for each element of each window; backward scatters dy: to the whole
/// window for an average, to one element for a maximum (remembered by an index of a byte,
/// neglected).
Complexity of(const Pooling& op, const Sizes& s) {
  const std::int64_t visits = s.out * window_elements(op.kernel, s.spatial_axes());
  return of_pass(visits, op.mode == PoolingMode::Average ? visits : s.out, s.out, s);
}

Complexity of(const GlobalPooling& op, const Sizes& s) {
  return of_pass(s.in, op.mode == PoolingMode::Average ? s.in : s.out, s.out, s);
}

/// Forward reads x twice: sums of x and x^2 (3 flop an element), then y = a x + b (2 flop).
/// Backward reads x and dy twice: sums of dy and of dy (x - mean) (4 flop), which are the gradients
/// of the learnt factors, then dx = a (dy - c - d (x - mean)) (5 flop).
Complexity of(const BatchNormalization& op, const Sizes& s) {
  Complexity c;
  c.parameters = op.affine ? 2 * s.channels() : 0;
  c.statistics = 2 * s.channels();
  c.phase(Phase::Forward) = {0, 5 * s.in, 2 * s.in, s.out, c.parameters, 0};
  c.phase(Phase::BackwardData) = {0, 5 * s.in, s.in + s.out, s.in, c.parameters / 2, 0};
  const Phase sums = op.affine ? Phase::BackwardWeights : Phase::BackwardData;
  c.phase(sums) += {0, 4 * s.in, s.in + s.out, 0, 0, c.parameters};
  return c;
}

/// A flop an element each for factor and term; backward-data reads dy, writes dx (dx is dy where
/// there is no factor); backward-weights reads dy, and x for the factor's gradient (2 flop).
Complexity of(const Scale& op, const Sizes& s) {
  const std::int64_t factor = op.scale ? 1 : 0;
  const std::int64_t term = op.shift ? 1 : 0;
  Complexity c;
  c.parameters = (factor + term) * s.channels();
  c.phase(Phase::Forward) = {0, (factor + term) * s.in, s.in, s.out, c.parameters, 0};
  if (op.scale) c.phase(Phase::BackwardData) = {0, s.in, s.out, s.in, s.channels(), 0};
  if (c.parameters > 0) {
    c.phase(Phase::BackwardWeights) = {
        0, (2 * factor + term) * s.in, s.out + factor * s.in, 0, 0, c.parameters};
  }
  return c;
}

/// y = x s^-b with s = k + a sum x^2 over a window of channels: a square, size - 1 additions,
/// product, addition, power, product; writes y and s. Backward reads x, y, s and dy: dx = dy s^-b -
/// c x sum (dy y / s), one flop more.
Complexity of(const LocalResponseNormalization& op, const Sizes& s) {
  Complexity c = of_pass((op.size + 4) * s.in, (op.size + 5) * s.in, s.in + 3 * s.out, s);
  c.phase(Phase::Forward).activations_written = 2 * s.out;
  return c;
}

/// Backward reads y and dy: a comparison and select for ReLU, y (1 - y) dy or (1 - y^2) dy
/// otherwise.
Complexity of(const Activation& op, const Sizes& s) {
  const bool relu = op.function == Function::Relu;
  return of_pass(relu ? s.in : 4 * s.in, relu ? s.in : 3 * s.in, 2 * s.out, s);
}

/// Backward is a pass for each input: a sum copies dy to it; a product multiplies dy by the others.
Complexity of(const ElementWise& op, const Sizes& s) {
  const auto inputs = static_cast<std::int64_t>(s.inputs.size());
  const std::int64_t others = op.combination == Combination::Product ? inputs - 1 : 0;
  return of_pass((inputs - 1) * s.out, others * s.in, s.in + others * s.in, s);
}

/// Copies, both ways.
Complexity of(const Concatenation&, const Sizes& s) {
  return of_pass(0, 0, s.out, s);
}

/// Largest, difference, exponential, sum, quotient. With cross-entropy the gradient is y - target:
/// backward reads y alone.
Complexity of(const Softmax&, const Sizes& s) {
  return of_pass(5 * s.in, s.in, s.out, s);
}

/// A product with the mask, both ways; the mask, a bit an element, is neglected.
Complexity of(const Dropout&, const Sizes& s) {
  return of_pass(s.in, s.in, s.out, s);
}

Complexity of(const Reshape&, const Sizes&) {
  return {};
}

/// Copies, both ways.
Complexity of(const Transpose&, const Sizes& s) {
  return of_pass(0, 0, s.out, s);
}

/// v = m v - r g; w = w + v: four flop; reads w, g and v, writes w and v.
PhaseWork update(std::int64_t parameters) {
  return {0, 4 * parameters, 0, 0, 3 * parameters, 2 * parameters};
}

/// How many times the output's elements are kept: once, for the users that need their input and the
/// layers that need their output; not where the layer works in place (activations, dropout) or only
/// renames (reshape); twice where the sums of an LRN lie beside it.
std::int64_t copies_kept(const Op& op) {
  if (std::holds_alternative<LocalResponseNormalization>(op)) return 2;
  const bool in_place = std::holds_alternative<Activation>(op) ||
                        std::holds_alternative<Dropout>(op) || std::holds_alternative<Reshape>(op);
  return in_place ? 0 : 1;
}

bool fed_by_input_only(const Network& network, const Layer& layer) {
  return std::all_of(layer.inputs.begin(), layer.inputs.end(), [&](LayerId id) {
    return std::holds_alternative<Input>(network.layer(id).op);
  });
}

}  // namespace

std::string_view phase_name(Phase phase) {
  switch (phase) {
    case Phase::Forward:
      return "forward";
    case Phase::BackwardData:
      return "backward-data";
    case Phase::BackwardWeights:
      return "backward-weights";
    case Phase::Update:
      return "update";
  }
  return "?";
}

PhaseWork& PhaseWork::operator+=(const PhaseWork& other) {
  macs += other.macs;
  operations += other.operations;
  activations_read += other.activations_read;
  activations_written += other.activations_written;
  weights_read += other.weights_read;
  weights_written += other.weights_written;
  return *this;
}

Complexity& Complexity::operator+=(const Complexity& other) {
  parameters += other.parameters;
  statistics += other.statistics;
  for (const Phase p : kPhases) phase(p) += other.phase(p);
  activations += other.activations;
  return *this;
}

Complexity complexity(const Network& network, const Layer& layer) {
  const std::vector<TensorShape> inputs = network.input_shapes(layer);
  const Sizes sizes{inputs, elements(inputs), layer.output.elements()};
  Complexity result = std::visit([&](const auto& op) { return of(op, sizes); }, layer.op);
  if (fed_by_input_only(network, layer)) result.phase(Phase::BackwardData) = {};
  result.phase(Phase::Update) = update(result.parameters);
  result.activations = copies_kept(layer.op) * sizes.out;
  return result;
}

Complexity complexity(const Network& network) {
  Complexity sum;
  for (const Layer& layer : network.layers) sum += complexity(network, layer);
  return sum;
}

}  // namespace omniphi::models
