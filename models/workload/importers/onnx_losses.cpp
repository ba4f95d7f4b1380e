// What training makes small.

#include <fmt/format.h>

#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

/// Scores [N, C, positions...] against targets [N, positions...]: one number a sample, of which the
/// batch takes the mean or the sum, or one for each position.
void loss(OnnxNode& node, LossFunction function) {
  const OnnxValue& scores = node.tensor(0);
  const OnnxValue& targets = node.tensor(1);
  if (scores.rank() < 2) refuse(fmt::format("takes [N, C, ...], not {}", shape_text(scores.shape)));
  const bool alike = scores.batch_axis == targets.batch_axis;
  const OnnxValue from = alike && scores.batch_axis.value_or(0) == 0 ? scores : node.whole(scores);
  const OnnxValue to = alike && scores.batch_axis.value_or(0) == 0 ? targets : node.whole(targets);
  if (node.text("reduction", "mean") == "none") {
    // Softmax takes five flop an element, as everywhere here; picking the target's takes none.
    const bool softmax = function == LossFunction::SoftmaxCrossEntropy;
    const std::int64_t flop = softmax ? std::min<std::int64_t>(1000, 5 * scores.shape[1]) : 1;
    return node.set(
        0, pass(node, {{from}, {to}}, {targets.shape, from.batch_axis, scores.type}, flop, true));
  }
  Loss op;
  op.function = function;
  const Dimensions one_each{node.walk().batch().size};
  const OnnxResult result{from.batch_axis ? one_each : Dimensions{}, from.batch_axis, scores.type};
  OnnxValue made = node.layer(op, {{from}, {to}}, result);
  made.shape.clear();
  made.batch_axis.reset();
  node.set(0, std::move(made));
}

void negative_log_likelihood(OnnxNode& node) {
  loss(node, LossFunction::NegativeLogLikelihood);
}

void softmax_cross_entropy(OnnxNode& node) {
  loss(node, LossFunction::SoftmaxCrossEntropy);
  if (!node.makes(1)) return;
  OnnxValue scores = node.tensor(0);
  if (scores.batch_axis == 1u) scores = node.whole(scores);
  Softmax op;
  op.logarithm = true;
  if (node.sample(scores).size() > 1) op.axis = node.sample_axis(scores, 1);
  const OnnxResult result{scores.shape, scores.batch_axis, scores.type};
  node.set(1, node.layer(op, {{scores}}, result, {}, "log-softmax"));
}

constexpr OnnxOperator kOperators[] = {{"NegativeLogLikelihoodLoss", negative_log_likelihood, 2, 3},
                                       {"SoftmaxCrossEntropyLoss", softmax_cross_entropy, 2, 3}};

}  // namespace

std::span<const OnnxOperator> onnx_loss_operators() {
  return kOperators;
}

}  // namespace omniphi::models
