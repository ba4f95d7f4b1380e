#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "models/workload/importers/caffe_operators.h"

namespace omniphi::models {

namespace {

void become_function(CaffeNode& node,
                     Function function,
                     std::optional<double> alpha = {},
                     std::optional<double> beta = {}) {
  node.expect(1);
  node.become(Activation{function, alpha, beta});
}

/// shift + scale x by constants; the value itself where they change nothing.
CaffeValue affine(CaffeNode& node, const CaffeValue& value, double scale, double shift) {
  if (scale == 1 && shift == 0) return value;
  Scale op;
  op.scale = scale != 1;
  op.shift = shift != 0;
  op.shape = {1};
  op.learnt = false;
  return node.add(op, {value}, "affine");
}

/// -1, as Caffe has it, and no number at all stand for e.
bool is_natural(double base) {
  return base <= 0;
}

}  // namespace

namespace caffe_layer {

void relu(CaffeNode& node) {
  const double slope = node.proto().relu_param().negative_slope();
  if (slope == 0) return become_function(node, Function::Relu);
  become_function(node, Function::LeakyRelu, slope);
}

void relu6(CaffeNode& node) {
  become_function(node, Function::Clip, 0, 6);
}

void prelu(CaffeNode& node) {
  node.expect(1);
  ParametricRelu op;
  if (node.proto().prelu_param().channel_shared()) op.shape = {1};
  node.become(op);
}

void elu(CaffeNode& node) {
  become_function(node, Function::Elu, node.proto().elu_param().alpha());
}

void sigmoid(CaffeNode& node) {
  become_function(node, Function::Sigmoid);
}

void tanh(CaffeNode& node) {
  become_function(node, Function::Tanh);
}

void abs_val(CaffeNode& node) {
  become_function(node, Function::Abs);
}

/// "Binomial normal log likelihood": log(1 + exp x).
void bnll(CaffeNode& node) {
  become_function(node, Function::Softplus);
}

void swish(CaffeNode& node) {
  become_function(node, Function::Silu);
}

/// (shift + scale x)^power
void power(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().power_param();
  CaffeValue value = affine(node, node.bottom(), p.scale(), p.shift());
  if (p.power() != 1) value = node.add(Activation{Function::Power, p.power(), {}}, {value});
  node.set_top(0, value);
}

/// base^(shift + scale x): another base is another scale.
void exp(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().exp_param();
  const double scale = is_natural(p.base()) ? p.scale() : p.scale() * 2;  // any number but 1
  const CaffeValue value = affine(node, node.bottom(), scale, p.shift());
  node.set_top(0, node.add(Activation{Function::Exp, {}, {}}, {value}));
}

/// log_base(shift + scale x): another base is a factor afterwards.
void log(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().log_param();
  const CaffeValue value = affine(node, node.bottom(), p.scale(), p.shift());
  const CaffeValue natural = node.add(Activation{Function::Log, {}, {}}, {value});
  if (is_natural(p.base())) return node.set_top(0, natural);
  Scale factor;
  factor.shift = false;
  factor.shape = {1};
  factor.learnt = false;
  node.set_top(0, node.add(factor, {natural}, "base"));
}

void clip(CaffeNode& node) {
  const auto& p = node.proto().clip_param();
  become_function(node, Function::Clip, p.min(), p.max());
}

void threshold(CaffeNode& node) {
  become_function(node, Function::Step);
}

void dropout(CaffeNode& node) {
  node.expect(1);
  const double ratio = node.proto().dropout_param().dropout_ratio();
  if (!(ratio >= 0 && ratio <= 1)) {
    throw std::invalid_argument(fmt::format("dropout_ratio must be from 0 to 1, got {}", ratio));
  }
  node.become(Dropout{ratio});
}

void eltwise(CaffeNode& node) {
  const auto& p = node.proto().eltwise_param();
  if (node.bottoms() < 2) {
    throw std::invalid_argument(fmt::format("takes at least 2 bottoms, got {}", node.bottoms()));
  }
  const std::vector<CaffeValue> inputs = node.all_bottoms();
  for (const CaffeValue& input : inputs) {
    if (input.shape == inputs[0].shape) continue;  // Caffe broadcasts nothing
    throw std::invalid_argument(fmt::format(
        "its bottoms differ in shape: {} and {}", inputs[0].shape.text(), input.shape.text()));
  }
  ElementWise op;
  if (p.operation() == caffe::EltwiseParameter::PROD) op.combination = Combination::Product;
  if (p.operation() == caffe::EltwiseParameter::MAX) op.combination = Combination::Maximum;
  const auto plain = [](double factor) { return factor == 1 || factor == -1; };
  if (!std::all_of(p.coeff().begin(), p.coeff().end(), plain)) {
    node.note(NoteKind::NotModelled, "sums with coefficients; their products are not counted");
  }
  node.become(op);
}

}  // namespace caffe_layer

}  // namespace omniphi::models
