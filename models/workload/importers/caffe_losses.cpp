#include <stdexcept>

#include <fmt/format.h>

#include "models/workload/importers/caffe_operators.h"

namespace omniphi::models {

namespace {

double weight_of(const CaffeNode& node) {
  const auto& weights = node.proto().loss_weight();
  const double weight = weights.empty() ? 1 : weights[0];
  if (weight >= 0) return weight;
  throw std::invalid_argument(fmt::format("loss_weight must be at least 0, got {}", weight));
}

/// `inputs` is what the loss computes with: the prediction, and the target where the network
/// computes that too; labels are not worth a layer.
void become_loss(CaffeNode& node, LossFunction function, std::size_t inputs = 1) {
  if (node.bottoms() < 2) {
    throw std::invalid_argument(
        fmt::format("takes a prediction and labels, got {} bottom", node.bottoms()));
  }
  std::vector<CaffeValue> values;
  for (std::size_t i = 0; i < inputs; ++i) values.push_back(node.bottom(i));
  CaffeValue loss = node.add(Loss{function, weight_of(node)}, values);
  if (node.tops() > 0) node.set_top(0, std::move(loss));
}

/// As an axis of the operator; none where it is all of the sample.
std::optional<std::int64_t> softmax_axis(const CaffeNode& node, const TensorShape& sample) {
  const std::size_t axis = node.axis(node.proto().softmax_param().axis(), sample);
  return sample.rank() == 1 ? std::nullopt : std::optional(static_cast<std::int64_t>(axis));
}

ReductionFunction reduction_function(caffe::ReductionParameter::Operation operation) {
  switch (operation) {
    case caffe::ReductionParameter::ASUM:
      return ReductionFunction::L1;
    case caffe::ReductionParameter::SUMSQ:
      return ReductionFunction::L2;
    case caffe::ReductionParameter::MEAN:
      return ReductionFunction::Mean;
    case caffe::ReductionParameter::SUM:
      break;
  }
  return ReductionFunction::Sum;
}

}  // namespace

namespace caffe_layer {

void softmax(CaffeNode& node) {
  node.expect(1);
  const CaffeValue input = node.bottom();
  Softmax op;
  op.axis = softmax_axis(node, input.shape);
  node.set_top(0, node.add(op, {input}));
}

/// Its second top is the probabilities, for whoever takes them.
void softmax_with_loss(CaffeNode& node) {
  become_loss(node, LossFunction::SoftmaxCrossEntropy);
  if (node.tops() < 2) return;
  if (node.users_of_top(1) == 0) return node.set_absent(1, "probabilities");
  const CaffeValue input = node.bottom();
  Softmax op;
  op.axis = softmax_axis(node, input.shape);
  node.set_top(1, node.add(op, {input}, "probabilities"));
}

void sigmoid_cross_entropy_loss(CaffeNode& node) {
  become_loss(node, LossFunction::SigmoidCrossEntropy);
}

void multinomial_logistic_loss(CaffeNode& node) {
  become_loss(node, LossFunction::NegativeLogLikelihood);
}

void infogain_loss(CaffeNode& node) {
  node.note(NoteKind::Approximated, "its matrix of gains is not counted");
  become_loss(node, LossFunction::SoftmaxCrossEntropy);
}

void euclidean_loss(CaffeNode& node) {
  become_loss(node, LossFunction::SquaredError, 2);
}

void absolute_loss(CaffeNode& node) {
  become_loss(node, LossFunction::AbsoluteError, 2);
}

void contrastive_loss(CaffeNode& node) {
  node.note(NoteKind::Approximated, "costs what a squared error costs");
  become_loss(node, LossFunction::SquaredError, 2);
}

void hinge_loss(CaffeNode& node) {
  become_loss(node, LossFunction::Hinge);
}

/// All axes from `axis` on; 0, over the batch too, is done for each sample.
void reduction(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().reduction_param();
  const CaffeValue input = node.bottom();
  Reduction op;
  op.function = reduction_function(p.operation());
  if (p.axis() != 0) {
    for (std::size_t i = node.axis(p.axis(), input.shape); i < input.shape.rank(); ++i) {
      op.axes.push_back(static_cast<std::int64_t>(i));
    }
  }
  if (op.axes.size() == input.shape.rank()) op.axes.clear();
  node.become(op);
}

void arg_max(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().argmax_param();
  const CaffeValue input = node.bottom();
  Reduction op;
  op.function = ReductionFunction::ArgMax;
  if (p.has_axis()) op.axes = {static_cast<std::int64_t>(node.axis(p.axis(), input.shape))};
  if (p.top_k() == 1) return node.become(op);
  CaffeValue values = input;
  if (!p.has_axis()) values = node.add(Reshape{{-1}}, {input}, "flat");
  TopK top;
  top.k = p.top_k();
  top.axis = op.axes.empty() ? 0 : op.axes[0];
  node.set_top(0, node.add(top, {values}));
}

void accuracy(CaffeNode& node) {
  node.note(NoteKind::NotModelled, "reports accuracy; costs nothing here");
  for (std::size_t i = 0; i < node.tops(); ++i) node.set_absent(i, "a report of accuracy");
}

/// Silence and what writes files.
void nothing(CaffeNode& node) {
  for (std::size_t i = 0; i < node.tops(); ++i) node.set_absent(i, "what is only written");
}

}  // namespace caffe_layer

}  // namespace omniphi::models
