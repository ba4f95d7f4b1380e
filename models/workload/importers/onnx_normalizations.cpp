// Operators that bring elements to a common scale.

#include "models/workload/importers/onnx_normalizations.h"

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

/// A learnt number for each channel.
const OnnxValue& per_channel(const OnnxNode& node, int index, std::int64_t channels) {
  const OnnxValue& weights = node.weight(index);
  const std::int64_t size = element_count(weights.shape);
  if (size != channels) {
    refuse(fmt::format(
        "{} is for {} channels, not {}", in_quotes(node.proto().input(index)), size, channels));
  }
  return weights;
}

void batch_normalization(OnnxNode& node) {
  require(node.integer("spatial", 1) != 0, "statistics per element are not supported");
  const OnnxImage image = image_of(node, node.tensor(0));
  const OnnxValue& scale = per_channel(node, 1, image.channels());
  const OnnxValue& shift = per_channel(node, 2, image.channels());
  for (int i : {3, 4}) {
    if (node.has(i)) per_channel(node, i, image.channels());
  }
  OnnxValue made = image_layer(node, image, BatchNormalization{}, {&scale, &shift});
  made.stored_type = image.value.stored_type;
  node.set(0, std::move(made));
  for (int i = 1; i < node.proto().output_size(); ++i) {
    node.set(i, constant(scale.type, {image.channels()}));  // statistics, in training
  }
}

void instance_normalization(OnnxNode& node) {
  const OnnxImage image = image_of(node, node.tensor(0));
  node.set(0,
           image_layer(
               node,
               image,
               InstanceNormalization{},
               {&per_channel(node, 1, image.channels()), &per_channel(node, 2, image.channels())}));
}

/// Scale and shift are per group in operator set 18, per channel since 21.
void group_normalization(OnnxNode& node) {
  const OnnxImage image = image_of(node, node.tensor(0));
  GroupNormalization op;
  op.groups = node.integer("num_groups", 1);
  const OnnxValue& scale = node.weight(1);
  const OnnxValue& shift = node.weight(2);
  if (element_count(scale.shape) == image.channels()) {
    return node.set(0, image_layer(node, image, op, {&scale, &shift}));
  }
  op.affine = false;
  node.note(NoteKind::Approximated, "scale and shift of each group are left out");
  node.set(0, image_layer(node, image, op));
}

void local_response_normalization(OnnxNode& node) {
  LocalResponseNormalization op;
  op.size = node.integer("size", 1);
  constexpr std::int64_t kMostChannels = std::int64_t{1} << 20;
  if (op.size < 1 || op.size > kMostChannels) {
    refuse(fmt::format("size must be from 1 to {}", kMostChannels));
  }
  node.set(0, image_layer(node, image_of(node, node.tensor(0)), op));
}

/// ONNX takes the mean over batch and positions; the layer that does so keeps no statistics.
void mean_variance_normalization(OnnxNode& node) {
  const OnnxImage image = image_of(node, node.tensor(0));
  if (node.walk().batch().open) {
    node.note(NoteKind::Approximated, "normalises over a batch; counted for each sample alone");
  }
  if (image.spatial_axes() + image.extra_axes == 0) return node.map(BatchNormalization{false});
  node.set(0, image_layer(node, image, InstanceNormalization{false}));
}

/// Division by the norm along an axis.
void lp_normalization(OnnxNode& node) {
  OnnxValue input = node.tensor(0);
  const std::size_t axis = node.axis(-1, input.rank());
  if (input.batch_axis == axis) input = node.whole(input);
  const auto function = node.integer("p", 2) == 1 ? ReductionFunction::L1 : ReductionFunction::L2;
  OnnxResult result{input.shape, input.batch_axis, input.type};
  result.shape[axis] = 1;
  Reduction norm;
  norm.function = function;
  norm.axes = {node.sample_axis(input, axis)};
  norm.keep_axes = true;
  const OnnxValue divisor = node.layer(norm, {{input}}, result, {}, "norm");
  result.shape = input.shape;
  node.set(
      0,
      node.layer(ElementWise{Combination::Quotient},
                 {{input}, {divisor, aligned_sample(node, divisor, input.shape, input.batch_axis)}},
                 result));
}

OnnxValue mean_of(OnnxNode& node, const OnnxValue& input, std::size_t axis, std::string_view part) {
  Reduction op;
  op.function = ReductionFunction::Mean;
  op.keep_axes = true;
  OnnxResult result{input.shape, input.batch_axis, onnx::TensorProto::FLOAT};
  for (std::size_t i = axis; i < input.rank(); ++i) {
    result.shape[i] = 1;
    op.axes.push_back(node.sample_axis(input, i));
  }
  return node.layer(op, {{input}}, result, {}, part);
}

void layer_normalization(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const std::size_t axis = node.axis(-1, input.rank());
  node.set(0, normalised(node, input, axis, 1, 2));
  // The statistics come out of the same pass; where they are asked for they are counted as another.
  const OnnxValue from = input.batch_axis && *input.batch_axis >= axis ? node.whole(input) : input;
  if (node.makes(1)) node.set(1, mean_of(node, from, axis, "mean"));
  if (node.makes(2)) node.set(2, mean_of(node, from, axis, "deviation"));
}

void rms_normalization(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const std::size_t axis = node.axis(-1, input.rank());
  node.set(0, normalised(node, input, axis, 1, -1, true));
  if (node.makes(1)) node.set(1, mean_of(node, input, axis, "mean-square"));
}

/// ONNX Runtime's sum of an input, a skip connection and a bias, normalised; the fourth output is
/// the sum.
void skip_normalization(OnnxNode& node, bool root_mean_square, int scale, int shift, int bias) {
  const OnnxValue& input = node.tensor(0);
  const OnnxValue& skip = node.tensor(1);
  require(broadcast_shape(input.shape, skip.shape) == input.shape,
          "its skip connection has another shape");
  const OnnxResult result{input.shape, input.batch_axis, input.type};
  OnnxValue sum = input;
  if (node.has(bias)) {
    Scale shift_by{.scale = false, .shift = true};
    shift_by.shape = node.weight(bias).shape;
    sum = node.layer(shift_by, {{sum}}, result, {&node.weight(bias)}, "bias");
  }
  sum = node.layer(ElementWise{Combination::Sum},
                   {{sum}, {skip, aligned_sample(node, skip, input.shape, input.batch_axis)}},
                   result,
                   {},
                   "sum");
  require(input.rank() > 0, "normalises a single number");
  node.set(0, normalised(node, sum, input.rank() - 1, scale, shift, root_mean_square));
  for (int i : {1, 2}) {
    if (node.makes(i)) node.set(i, mean_of(node, sum, input.rank() - 1, "statistics"));
  }
  node.set(3, std::move(sum));
}

void skip_layer_normalization(OnnxNode& node) {
  skip_normalization(node, false, 2, node.has(3) ? 3 : -1, 4);
}

void skip_rms_normalization(OnnxNode& node) {
  skip_normalization(node, true, 2, -1, 3);
}

/// ONNX Runtime's sum of word, position and segment embeddings, normalised. The second output says
/// how many ids of each sample count, the third is the sum.
void embed_layer_normalization(OnnxNode& node) {
  const OnnxValue& words = node.tensor(0);
  const OnnxValue& table = node.weight(2);
  require(words.rank() == 2 && table.rank() == 2, "takes ids [batch, positions]");
  Dimensions shape = words.shape;
  shape.push_back(table.shape[1]);
  const OnnxResult result{shape, words.batch_axis, table.type};
  const auto looked_up = [&](const OnnxValue& ids, const OnnxValue& from, std::string_view part) {
    require(from.rank() == 2 && from.shape[1] == shape[2] && from.shape[0] > 0,
            "its tables have vectors of different sizes");
    return node.layer(Embedding{from.shape[0], from.shape[1]}, {{ids}}, result, {&from}, part);
  };
  std::vector<OnnxValue> terms{looked_up(words, table, "words")};
  const OnnxValue& positions = node.weight(3);
  // Without ids, position i is row i: the same for every sample.
  terms.push_back(looked_up(node.has(8) ? node.tensor(8) : words, positions, "positions"));
  if (node.has(1) && node.has(4)) {
    terms.push_back(looked_up(node.tensor(1), node.weight(4), "segments"));
  }
  std::vector<OnnxOperand> operands;
  for (const OnnxValue& term : terms) operands.push_back({term});
  const OnnxValue sum = node.layer(ElementWise{Combination::Sum}, operands, result, {}, "sum");
  node.set(0, normalised(node, sum, 2, 5, 6));
  node.set(1, constant(onnx::TensorProto::INT32, {words.shape[0]}));
  node.set(2, sum);
}

constexpr std::uint32_t kScaleAndShift = 1u << 1 | 1u << 2;
constexpr std::uint32_t kAffine = kScaleAndShift | 1u << 3 | 1u << 4;

constexpr OnnxOperator kOperators[] = {
    {"BatchNormalization", batch_normalization, 3, 5, "", kAffine},
    {"EmbedLayerNormalization", embed_layer_normalization, 4, 9, kContrib},
    {"GroupNormalization", group_normalization, 3, 3, "", kScaleAndShift},
    {"InstanceNormalization", instance_normalization, 3, 3, "", kScaleAndShift},
    {"LRN", local_response_normalization},
    {"LayerNormalization", layer_normalization, 2, 3, "", kScaleAndShift},
    {"LayerNormalization", layer_normalization, 2, 3, kContrib, kScaleAndShift},
    {"LpNormalization", lp_normalization},
    {"MeanVarianceNormalization", mean_variance_normalization},
    {"RMSNormalization", rms_normalization, 2, 2, "", 1u << 1},
    {"SimplifiedLayerNormalization", rms_normalization, 2, 2, "", 1u << 1},
    {"SimplifiedLayerNormalization", rms_normalization, 2, 2, kContrib, 1u << 1},
    {"SkipLayerNormalization", skip_layer_normalization, 3, 5, kContrib},
    {"SkipSimplifiedLayerNormalization", skip_rms_normalization, 3, 4, kContrib}};

}  // namespace

OnnxValue normalised(OnnxNode& node,
                     const OnnxValue& value,
                     std::size_t axis,
                     int scale,
                     int shift,
                     bool root_mean_square,
                     std::string_view part) {
  const OnnxValue from = value.batch_axis && *value.batch_axis >= axis ? node.whole(value) : value;
  const std::int64_t size = product(value.shape, axis, value.rank());
  std::vector<const OnnxValue*> learnt;
  for (const int index : {scale, shift}) {
    if (index < 0 || !node.has(index)) continue;
    const OnnxValue& weights = node.weight(index);
    if (element_count(weights.shape) != size) {
      refuse(fmt::format("{} has {} numbers for {} elements",
                         in_quotes(node.proto().input(index)),
                         element_count(weights.shape),
                         size));
    }
    learnt.push_back(&weights);
  }
  const OnnxResult result{from.shape, from.batch_axis, from.type};
  const std::int64_t first = node.sample_axis(from, axis);
  const bool shifts = learnt.size() == 2;
  const bool scales = !learnt.empty();
  if (root_mean_square) {
    return node.layer(RmsNormalization{first, scales}, {{from}}, result, learnt, part);
  }
  return node.layer(LayerNormalization{first, scales, shifts}, {{from}}, result, learnt, part);
}

std::span<const OnnxOperator> onnx_normalization_operators() {
  return kOperators;
}

}  // namespace omniphi::models
