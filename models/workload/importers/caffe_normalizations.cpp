#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "models/workload/importers/caffe_operators.h"

namespace omniphi::models {

namespace {

/// The shape of factors that cover `count` axes from `first` on (-1: all that are left), to be
/// broadcast from the last axis on; empty where there is one for each channel.
std::vector<std::int64_t> factors_shape(const TensorShape& sample,
                                        std::size_t first,
                                        std::int64_t count) {
  const auto left = static_cast<std::int64_t>(sample.rank() - first);
  if (count < -1 || count > left) {
    throw std::invalid_argument(fmt::format("num_axes is {} where {} axes are left", count, left));
  }
  if (count == 0) return {1};
  if (count == -1) count = left;
  if (first == 0 && count == 1) return {};
  std::vector<std::int64_t> shape(sample.dimensions.begin() + static_cast<std::ptrdiff_t>(first),
                                  sample.dimensions.end());
  std::fill(shape.begin() + static_cast<std::ptrdiff_t>(count), shape.end(), 1);
  return shape;
}

/// Two bottoms: the second, which a layer computes, covers axes of the first from `axis` on.
void combine(CaffeNode& node, Combination combination, std::int64_t axis) {
  const CaffeValue whole = node.bottom(0);
  CaffeValue factors = node.bottom(1);
  const std::size_t first = axis == 0 ? 0 : node.axis(axis, whole.shape);
  const std::size_t covered = first + factors.shape.rank();
  if (covered < whole.shape.rank()) {
    Reshape aligned{factors.shape.dimensions};
    aligned.shape.resize(aligned.shape.size() + whole.shape.rank() - covered, 1);
    factors = node.add(aligned, {factors}, "aligned");
  }
  node.set_top(0, node.add(ElementWise{combination}, {whole, factors}));
}

/// Whether this is the scale and shift of the batch normalisation before it, which nobody else
/// takes: then it becomes part of it, as one layer of most frameworks.
bool joins_batch_norm(CaffeNode& node, const Scale& op) {
  if (!op.scale || !op.shift || !op.shape.empty()) return false;
  Op* producer = node.sole_producer();
  auto* normalization = producer ? std::get_if<BatchNormalization>(producer) : nullptr;
  if (!normalization || normalization->affine) return false;
  normalization->affine = true;
  return true;
}

}  // namespace

namespace caffe_layer {

/// Intel's fields ask for scale and shift within the layer; its default, which only its fused
/// engines look at, does not.
void batch_norm(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().batch_norm_param();
  BatchNormalization op;
  op.affine = p.scale_bias() || (p.has_use_weight_bias() && p.use_weight_bias());
  CaffeValue output = node.add(op, {node.bottom()});
  if (p.relu()) output = node.add(Activation{}, {output}, "relu");
  node.set_top(0, output);
}

void scale(CaffeNode& node) {
  const auto& p = node.proto().scale_param();
  if (node.bottoms() == 2) {
    node.expect(2);
    if (p.bias_term()) throw std::invalid_argument("a bias beside two bottoms is not supported");
    return combine(node, Combination::Product, p.axis());
  }
  node.expect(1);
  const CaffeValue input = node.bottom();
  Scale op;
  op.shift = p.bias_term();
  op.shape = factors_shape(input.shape, node.axis(p.axis(), input.shape), p.num_axes());
  if (joins_batch_norm(node, op)) {
    node.note(NoteKind::Folded, "is the scale and shift of the batch normalisation before it");
    return node.set_top(0, input);
  }
  node.become(op);
}

void bias(CaffeNode& node) {
  const auto& p = node.proto().bias_param();
  if (node.bottoms() == 2) {
    node.expect(2);
    return combine(node, Combination::Sum, p.axis());
  }
  node.expect(1);
  const CaffeValue input = node.bottom();
  Scale op;
  op.scale = false;
  op.shape = factors_shape(input.shape, node.axis(p.axis(), input.shape), p.num_axes());
  node.become(op);
}

void lrn(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().lrn_param();
  LocalResponseNormalization op;
  op.size = p.local_size();
  if (op.size % 2 == 0) {
    throw std::invalid_argument(fmt::format("local_size must be odd, got {}", op.size));
  }
  const bool within = p.norm_region() == caffe::LRNParameter::WITHIN_CHANNEL;
  op.region = within ? Region::WithinChannel : Region::AcrossChannels;
  node.become(op);
}

void mvn(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().mvn_param();
  if (!p.normalize_variance()) {
    node.note(NoteKind::Approximated, "takes off means alone; costs what normalisation costs");
  }
  if (p.across_channels()) return node.become(LayerNormalization{0, false, false});
  node.become(InstanceNormalization{false});
}

/// SSD's: x / |x|_2 over the channels of each position, or the whole sample, then learnt factors.
void normalize(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().norm_param();
  const CaffeValue input = node.bottom();
  Reduction norm;
  norm.function = ReductionFunction::L2;
  if (!p.across_spatial()) norm.axes = {0};
  norm.keep_axes = true;
  const CaffeValue length = node.add(norm, {input}, "norm");
  const CaffeValue unit = node.add(ElementWise{Combination::Quotient}, {input, length}, "unit");
  Scale factors;
  factors.shift = false;
  if (p.channel_shared()) factors.shape = {1};
  node.set_top(0, node.add(factors, {unit}));
}

/// SENet's: a x + y, with a number a for each channel.
void axpy(CaffeNode& node) {
  node.expect(3);
  CaffeValue factors = node.bottom(0);
  const CaffeValue x = node.bottom(1);
  if (factors.shape.rank() < x.shape.rank()) {
    Reshape aligned{factors.shape.dimensions};
    aligned.shape.resize(x.shape.rank(), 1);
    factors = node.add(aligned, {factors}, "aligned");
  }
  const CaffeValue product = node.add(ElementWise{Combination::Product}, {factors, x}, "product");
  node.set_top(0, node.add(ElementWise{Combination::Sum}, {product, node.bottom(2)}));
}

}  // namespace caffe_layer

}  // namespace omniphi::models
