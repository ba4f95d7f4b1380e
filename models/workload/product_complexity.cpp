#include "models/workload/complexity_rules.h"

namespace omniphi::models {

Complexity of_weighted_product(std::int64_t macs,
                               std::int64_t weights,
                               std::int64_t biases,
                               const Sizes& s) {
  const std::int64_t additions = biases > 0 ? s.out : 0;
  Complexity c;
  c.parameters = weights + biases;
  c.weights = weights;
  c.phase(Phase::Forward) = {macs, additions, s.in, s.out, c.parameters, 0};
  c.phase(Phase::BackwardData) = {macs, 0, s.out, s.in, weights, 0};
  c.phase(Phase::BackwardWeights) = {macs, additions, s.in + s.out, 0, 0, c.parameters};
  return c;
}

namespace {

std::int64_t window_elements(const PerAxis& kernel, std::size_t axes) {
  std::int64_t product = 1;
  for (std::size_t axis = 0; axis < axes; ++axis) product *= kernel[axis];
  return product;
}

}  // namespace

/// macs = y C/groups K
Complexity rule_of(const Convolution& op, const Sizes& s) {
  const std::int64_t taps = s.channels() / op.groups * window_elements(op.kernel, s.spatial_axes());
  return of_weighted_product(s.out * taps, op.channels * taps, op.bias ? op.channels : 0, s);
}

/// macs = x (filters / groups) K: each input element meets each tap once
Complexity rule_of(const TransposedConvolution& op, const Sizes& s) {
  const std::int64_t taps = op.channels / op.groups * window_elements(op.kernel, s.spatial_axes());
  return of_weighted_product(s.in * taps, s.channels() * taps, op.bias ? op.channels : 0, s);
}

/// macs = x features; the weights are shared by all positions.
Complexity rule_of(const InnerProduct& op, const Sizes& s) {
  const ProductSizes sizes = product_sizes(op, s.inputs[0]);
  return of_weighted_product(sizes.macs(), sizes.k * sizes.n, op.bias ? op.features : 0, s);
}

/// macs = count m n k; backward is a product of the same size for each input, dA = dC B^T and dB =
/// A^T dC.
Complexity rule_of(const MatrixProduct& op, const Sizes& s) {
  const std::int64_t macs = product_sizes(op, s.inputs[0], s.inputs[1]).macs();
  Complexity c;
  c.phase(Phase::Forward) = {macs, 0, s.in, s.out, 0, 0};
  for (std::size_t i = 0; i < 2; ++i) {
    if (!s.needs_gradient[i]) continue;
    const std::int64_t other = s.inputs[1 - i].elements();
    c.phase(Phase::BackwardData) += {macs, 0, s.out + other, s.inputs[i].elements(), 0, 0};
  }
  return c;
}

/// macs = m n k; reads A and B, writes C; asked for by itself, it has no backward.
Complexity rule_of(const Gemm& op, const Sizes& s) {
  Complexity c;
  c.phase(Phase::Forward) = {op.m * op.n * op.k, 0, (op.m + op.n) * op.k, s.out, 0, 0};
  return c;
}

/// Copies rows of the table: reads ids and rows, writes y. Backward-weights adds dy to the rows of
/// a gradient as large as the table, which is what is summed and updated. Ids have no gradient.
Complexity rule_of(const Embedding& op, const Sizes& s) {
  Complexity c;
  c.parameters = op.entries * op.features;
  c.weights = c.parameters;
  c.phase(Phase::Forward) = {0, 0, s.in + s.out, s.out, 0, 0};
  c.phase(Phase::BackwardWeights) = {0, s.out, s.in + 2 * s.out, 0, 0, c.parameters};
  return c;
}

namespace {

/// Arithmetic besides the products of one step and unit of the state, in flop.
struct CellCost {
  std::int64_t forward = 0;
  std::int64_t backward = 0;
};

/// Sigmoid and hyperbolic tangent are 4 flop, and 3 backward [activation.h].
/// LSTM: 3 sigmoids, 2 tangents; c = f c + i g, h = o tanh c: 4; backward 15, and two products for
///       each of the 4 (8).
/// GRU:  2 sigmoids, 1 tangent; r h, and h = (1 - z) n + z h: 5; backward 9, and 10.
/// RNN:  one tangent.
CellCost cost_of(Cell cell) {
  switch (cell) {
    case Cell::Lstm:
      return {24, 23};
    case Cell::Gru:
      return {17, 19};
    case Cell::Rnn:
      return {4, 3};
  }
  return {};
}

/// One of the stacked layers, both directions.
struct RecurrentLayer {
  std::int64_t input_weights = 0;
  std::int64_t state_weights = 0;
};

RecurrentLayer layer_of(const Recurrent& op, std::int64_t features) {
  const std::int64_t rows = op.directions() * gates(op.cell) * op.hidden;
  return {rows * features, rows * op.hidden};
}

}  // namespace

/// Each step of each layer and direction multiplies its input [in] and the state before it [hidden]
/// into all gates: macs = T D gates hidden (in + hidden); the layers above the first have in = D
/// hidden. Backward-data is the same again, through time too, so that it is due, but for the
/// product that leads to the input, where nothing before the layer learns. The gates' results and
/// the states of all steps are kept for it.
Complexity rule_of(const Recurrent& op, const Sizes& s) {
  const TensorShape& sequence = s.inputs[0];
  const std::int64_t steps = sequence.dimensions[0];
  const std::int64_t width = op.directions() * op.hidden;
  const RecurrentLayer first = layer_of(op, sequence.dimensions[1]);
  const RecurrentLayer other = layer_of(op, width);
  const std::int64_t weights = first.input_weights + first.state_weights +
                               (op.layers - 1) * (other.input_weights + other.state_weights);
  const std::int64_t units = op.layers * width;
  const std::int64_t biases = op.biases * gates(op.cell) * units;
  const std::int64_t peepholes = op.peepholes && op.cell == Cell::Lstm ? 3 * units : 0;
  const std::int64_t bias_flop = op.biases > 0 ? gates(op.cell) : 0;
  const std::int64_t peephole_flop = peepholes > 0 ? 6 : 0;
  const CellCost cost = cost_of(op.cell);
  const std::int64_t kept = steps * units * (gates(op.cell) + 1);
  const bool to_input = s.needs_gradient[0];

  Complexity c;
  c.parameters = weights + biases + peepholes;
  c.weights = weights;
  c.phase(Phase::Forward) = {steps * weights,
                             steps * units * (cost.forward + bias_flop + peephole_flop),
                             s.in + kept,
                             kept,
                             c.parameters,
                             0};
  c.phase(Phase::BackwardData) = {steps * (weights - (to_input ? 0 : first.input_weights)),
                                  steps * units * (cost.backward + peephole_flop),
                                  s.out + kept,
                                  kept + (to_input ? s.in : 0),
                                  weights + peepholes,
                                  0};
  c.phase(Phase::BackwardWeights) = {steps * weights,
                                     steps * units * (bias_flop + peephole_flop),
                                     s.in + 2 * kept,
                                     0,
                                     0,
                                     c.parameters};
  c.activations = kept;
  return c;
}

/// Scores Q K^T, a factor and a softmax (6 flop a score), then their product with V; the scores are
/// written and read once for each of the two. Backward is two products for each, and the softmax's
/// 4 flop, over probabilities kept from forward.
Complexity rule_of(const Attention& op, const Sizes& s) {
  const AttentionSizes sizes = attention_sizes(op, s.inputs);
  const std::int64_t scores = sizes.scores();
  Complexity c;
  c.phase(Phase::Forward) = {sizes.macs(), 6 * scores, s.in + 2 * scores, s.out + 2 * scores, 0, 0};
  c.phase(Phase::BackwardData) = {
      2 * sizes.macs(), 5 * scores, s.in + s.out + 4 * scores, s.in + 2 * scores, 0, 0};
  c.activations = s.out + scores;
  return c;
}

}  // namespace omniphi::models
