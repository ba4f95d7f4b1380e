#include "models/workload/complexity.h"

#include <numeric>

#include "models/workload/complexity_rules.h"

namespace omniphi::models {

namespace {

std::int64_t elements(const std::vector<TensorShape>& shapes) {
  return std::accumulate(
      shapes.begin(),
      shapes.end(),
      std::int64_t{0},
      [](std::int64_t sum, const TensorShape& shape) { return sum + shape.elements(); });
}

/// v = m v - r g; w = w + v: four flop; reads w, g and v, writes w and v.
PhaseWork update(std::int64_t parameters) {
  return {0, 4 * parameters, 0, 0, 3 * parameters, 2 * parameters};
}

/// Whether y takes the place of x, so that it needs no tensor of its own.
bool in_place(const Op& op) {
  if (const auto* activation = std::get_if<Activation>(&op)) {
    return cost_of(activation->function).gradient_of_output;
  }
  return std::holds_alternative<Dropout>(op) || std::holds_alternative<Reshape>(op);
}

/// How many times the output's elements are kept for each sample: once, for the users that need
/// their input and the layers that need their output; not where the layer works in place or is no
/// sample's; twice where the sums of an LRN lie beside it.
std::int64_t copies_kept(const Op& op) {
  if (std::holds_alternative<LocalResponseNormalization>(op)) return 2;
  return in_place(op) || std::holds_alternative<Constant>(op) ? 0 : 1;
}

/// What the layer does with weights that another holds: everything but keep and update them.
void share(Complexity& shared, const Network& network, const Layer& layer) {
  const Layer& owner = network.layer(*layer.shares);
  const bool all = owner.op.index() == layer.op.index();
  shared.parameters -= all ? shared.parameters : shared.weights;
  if (all) shared.statistics = 0;
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
  weights += other.weights;
  statistics += other.statistics;
  for (const Phase p : kPhases) phase(p) += other.phase(p);
  activations += other.activations;
  return *this;
}

Complexity complexity(const Network& network, const Layer& layer) {
  const std::vector<TensorShape> inputs = network.input_shapes(layer);
  Sizes sizes{inputs, layer.output, {}, layer.users > 0, elements(inputs), layer.output.elements()};
  bool gradient = false;
  for (const LayerId input : layer.inputs) {
    sizes.needs_gradient.push_back(network.layer(input).needs_gradient);
    gradient = gradient || sizes.needs_gradient.back();
  }
  Complexity result = std::visit([&](const auto& op) { return rule_of(op, sizes); }, layer.op);
  const bool through_time = std::holds_alternative<Recurrent>(layer.op);
  if ((!gradient && !through_time) || !has_gradient(layer.op))
    result.phase(Phase::BackwardData) = {};
  if (layer.shares) share(result, network, layer);
  result.phase(Phase::Update) = update(result.parameters);
  if (result.activations == 0) result.activations = copies_kept(layer.op) * sizes.out;
  return result;
}

Complexity complexity(const Network& network) {
  Complexity sum;
  for (const Layer& layer : network.layers) sum += complexity(network, layer);
  return sum;
}

}  // namespace omniphi::models
