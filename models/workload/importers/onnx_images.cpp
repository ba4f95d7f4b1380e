// Operators that sample images and signals anew.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

/// Neighbours weighed an axis: products and sums of an interpolation, in flop.
std::int64_t flop_of(Interpolation mode, std::size_t axes) {
  const std::int64_t neighbours = mode == Interpolation::Cubic ? 4 : 2;
  if (mode == Interpolation::Nearest) return 0;
  std::int64_t taps = 1;
  for (std::size_t i = 0; i < axes; ++i) taps = std::min<std::int64_t>(taps * neighbours, 500);
  return 2 * taps;
}

Interpolation interpolation_of(const std::string& mode) {
  if (mode == "linear" || mode == "bilinear" || mode == "trilinear") return Interpolation::Linear;
  return mode == "cubic" || mode == "bicubic" ? Interpolation::Cubic : Interpolation::Nearest;
}

/// floor(size x scale), of the axes that are named or of all.
Dimensions scaled_shape(const OnnxNode& node,
                        const OnnxValue& input,
                        const std::vector<double>& scales) {
  Dimensions shape = input.shape;
  std::vector<std::int64_t> named = node.integers("axes");
  for (std::size_t i = 0; named.empty() && i < scales.size(); ++i) {
    if (scales.size() != input.rank()) break;
    for (std::size_t axis = 0; axis < input.rank(); ++axis) {
      named.push_back(static_cast<std::int64_t>(axis));
    }
  }
  if (named.size() != scales.size()) {
    refuse(fmt::format("has {} scales for {} axes", scales.size(), input.rank()));
  }
  for (std::size_t i = 0; i < scales.size(); ++i) {
    std::int64_t& dimension = shape[normalised_axes({named[i]}, input.rank())[0]];
    const double size = std::floor(static_cast<double>(dimension) * scales[i]);
    if (!(size >= 0 && size <= static_cast<double>(kLargestTensor))) {
      refuse(fmt::format("a scale of {} is not possible", scales[i]));
    }
    dimension = static_cast<std::int64_t>(size);
  }
  return shape;
}

Dimensions sized_shape(const OnnxNode& node, const OnnxValue& input, const Dimensions& sizes) {
  const std::vector<std::int64_t> named = node.integers("axes");
  if (named.empty()) {
    if (sizes.size() != input.rank()) {
      refuse(fmt::format("has {} sizes for {} axes", sizes.size(), input.rank()));
    }
    return sizes;
  }
  Dimensions shape = input.shape;
  if (named.size() != sizes.size()) refuse("has not one size for each axis");
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    shape[normalised_axes({named[i]}, input.rank())[0]] = sizes[i];
  }
  return shape;
}

void resize_to(OnnxNode& node, Dimensions shape) {
  const OnnxValue& input = node.tensor(0);
  const Interpolation mode = interpolation_of(node.text("mode", "nearest"));
  if (input.is_constant()) return node.set(0, constant(input.type, std::move(shape)));
  const bool as_image = input.rank() > 2 && shape.size() == input.rank() &&
                        shape[0] == input.shape[0] && shape[1] == input.shape[1] &&
                        element_count(shape) > 0;
  if (as_image) {
    const OnnxImage image = image_of(node, input);
    Resize op;
    op.mode = mode;
    std::vector<std::int64_t> size(shape.begin() + 2, shape.end());
    if (image.extra_axes == 1) size.insert(size.begin(), image.sample[1]);
    op.size = PerAxis{std::move(size)};
    return node.set(0, image_layer(node, image, op));
  }
  const OnnxValue from = node.whole(input);
  node.set(0, pass(node, {{from}}, {shape, {}, input.type}, flop_of(mode, input.rank()), true));
}

void resize_as_declared(OnnxNode& node) {
  const auto declared = node.declared_shape(0);
  if (!declared) refuse("its size is computed from the samples");
  node.note(NoteKind::Approximated, "has the shape that the file gives its output");
  resize_to(node, *declared);
}

std::optional<std::vector<double>> scales_of(const OnnxNode& node, int index) {
  if (node.has_attribute("scales")) return node.reals("scales");
  if (!node.has(index)) return {};
  const OnnxValue& scales = node.tensor(index);
  if (!scales.is_constant() || !scales.numbers || scales.numbers->empty()) return {};
  return *scales.numbers;
}

/// Upsample, and Resize of operator set 10, take scales alone; later ones a region before them and
/// sizes after them.
void resize(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const bool early = node.proto().op_type() == "Upsample" || node.operator_set() < 11;
  if (!early && node.has(3)) {
    const auto sizes = node.numbers(3);
    if (sizes && !sizes->empty()) return resize_to(node, sized_shape(node, input, *sizes));
  }
  const auto scales = scales_of(node, early ? 1 : 2);
  if (!scales) return resize_as_declared(node);
  resize_to(node, scaled_shape(node, input, *scales));
}

/// [N, C, in...] sampled where the grid [N, out..., axes] says.
void grid_sample(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const OnnxValue& grid = node.tensor(1);
  if (input.rank() < 3 || grid.rank() != input.rank()) {
    refuse(fmt::format("takes {} and {}", shape_text(input.shape), shape_text(grid.shape)));
  }
  Dimensions shape{input.shape[0], input.shape[1]};
  shape.insert(shape.end(), grid.shape.begin() + 1, grid.shape.end() - 1);
  const auto mode = interpolation_of(node.text("mode", "bilinear"));
  const std::int64_t flop = flop_of(mode, input.rank() - 2);
  if (input.batch_axis == 0u && grid.batch_axis == 0u) {
    return node.set(0, pass(node, {{input}, {grid}}, {shape, 0, input.type}, flop, true));
  }
  const OnnxValue from = node.whole(input);
  const OnnxValue at = node.whole(grid);
  node.set(0, pass(node, {{from}, {at}}, {shape, {}, input.type}, flop, true));
}

/// Positions of a grid from affine matrices [N, axes, axes + 1]: as many products each.
void affine_grid(OnnxNode& node) {
  const auto size = node.numbers(1);
  if (!size || size->size() < 3) refuse("its size is not known");
  const OnnxValue& theta = node.tensor(0);
  Dimensions shape{(*size)[0]};
  shape.insert(shape.end(), size->begin() + 2, size->end());
  const auto axes = static_cast<std::int64_t>(size->size()) - 2;
  shape.push_back(axes);
  const OnnxValue from = theta.batch_axis.value_or(1) == 0 ? theta : node.whole(theta);
  node.set(0, pass(node, {{from}}, {shape, from.batch_axis, theta.type}, 2 * (axes + 1), true));
}

/// Regions of interest pooled or sampled: [regions, C, height, width].
OnnxValue regions(OnnxNode& node, std::int64_t height, std::int64_t width, std::int64_t flop) {
  const OnnxValue image = node.whole(node.tensor(0));
  const OnnxValue boxes = node.whole(node.tensor(1));
  if (image.rank() != 4 || boxes.rank() != 2) {
    refuse(fmt::format("takes {} and {}", shape_text(image.shape), shape_text(boxes.shape)));
  }
  node.note(NoteKind::Approximated, "reads the whole image once, whatever its regions");
  return pass(node,
              {{image}, {boxes}},
              {{boxes.shape[0], image.shape[1], height, width}, {}, image.type},
              flop,
              true);
}

void align_regions(OnnxNode& node) {
  // Bilinear samples, 8 flop each; 0 samples stand for as many as the region has, taken as 4.
  const std::int64_t given = node.integer("sampling_ratio", 0);
  const std::int64_t samples = given > 0 ? std::min<std::int64_t>(given * given, 100) : 4;
  node.set(
      0,
      regions(
          node, node.integer("output_height", 1), node.integer("output_width", 1), 8 * samples));
}

void pool_regions(OnnxNode& node) {
  const std::vector<std::int64_t> size = node.integers("pooled_shape");
  require(size.size() == 2, "pooled_shape has not two numbers");
  node.note(NoteKind::Approximated, "comparisons counted as one for each element that comes out");
  node.set(0, regions(node, size[0], size[1], 1));
}

/// Boxes kept where they do not overlap a better one: at most so many a class and image.
void suppress_overlaps(OnnxNode& node) {
  const OnnxValue boxes = node.whole(node.tensor(0));   // [images, boxes, 4]
  const OnnxValue scores = node.whole(node.tensor(1));  // [images, classes, boxes]
  require(boxes.rank() == 3 && scores.rank() == 3, "takes boxes and scores of three axes");
  std::int64_t most = 0;
  if (node.has(2)) {
    const auto given = node.numbers(2);
    most = given && given->size() == 1 ? std::clamp<std::int64_t>((*given)[0], 0, boxes.shape[1])
                                       : boxes.shape[1];
  }
  node.note(NoteKind::Approximated,
            "gives as many boxes as the samples ask for; counted for the most that it can give, "
            "each compared with up to 100 others");
  const std::int64_t rows = element_count({scores.shape[0], scores.shape[1], most});
  constexpr std::int64_t kOthers = 100;
  node.set(0,
           pass(node,
                {{boxes}, {scores}},
                {{rows, 3}, {}, onnx::TensorProto::INT64},
                std::min(kOthers, boxes.shape[1])));
}

/// Columns of a matrix added up to an image: [N, C x block, columns] to [N, C, image...].
void columns_to_image(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto image = node.numbers(1);
  const auto block = node.numbers(2);
  if (!image || !block || input.rank() != 3) refuse("its shapes are not known");
  const std::int64_t area = element_count(*block);
  require(area > 0 && input.shape[1] % area == 0, "its blocks do not divide its channels");
  Dimensions shape{input.shape[0], input.shape[1] / area};
  shape.insert(shape.end(), image->begin(), image->end());
  const OnnxValue from = input.batch_axis.value_or(1) == 0 ? input : node.whole(input);
  node.set(0, pass(node, {{from}}, {shape, from.batch_axis, input.type}, 1, true));
}

/// Cut or padded around the centre to a size.
void centre_crop_or_pad(OnnxNode& node) {
  const auto size = node.numbers(1);
  if (!size) refuse("its size is computed from the samples");
  const OnnxValue& input = node.tensor(0);
  const Dimensions shape = sized_shape(node, input, *size);
  if (input.is_constant()) return node.set(0, constant(input.type, shape));
  const OnnxValue from = node.whole(input);
  node.set(0, pass(node, {{from}}, {shape, {}, input.type}, 0, true));
}

/// A fast Fourier transform of n elements: 5 n log2(n) flop, so 5 log2(n) for each complex number
/// that comes out [Cooley1965].
std::int64_t fourier_flop(std::int64_t n) {
  return static_cast<std::int64_t>(
      std::ceil(5 * std::log2(static_cast<double>(std::max<std::int64_t>(n, 2)))));
}

/// [..., n, 1 or 2] along an axis; operator set 20 names it by an input.
void fourier_transform(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  require(input.rank() >= 2, "takes a signal of real or complex numbers");
  std::int64_t given = node.integer("axis", 1);
  if (const auto axis = node.numbers(2); axis && axis->size() == 1) given = (*axis)[0];
  const std::size_t axis = normalised_axes({given}, input.rank())[0];
  Dimensions shape = input.shape;
  shape.back() = 2;
  if (const auto length = node.numbers(1); length && length->size() == 1)
    shape[axis] = (*length)[0];
  if (node.integer("onesided", 0) != 0) shape[axis] = shape[axis] / 2 + 1;
  const OnnxValue from = input.batch_axis.value_or(axis + 1) == axis ? node.whole(input) : input;
  // Each complex number is two elements.
  const std::int64_t flop = (fourier_flop(shape[axis]) + 1) / 2;
  node.set(0, pass(node, {{from}}, {shape, from.batch_axis, input.type}, flop, true));
}

/// Transforms of frames of a signal [N, n, 1 or 2]: to [N, frames, bins, 2].
void short_time_fourier_transform(OnnxNode& node) {
  const OnnxValue& signal = node.tensor(0);
  const auto step = node.numbers(1);
  require(signal.rank() >= 2, "takes a signal [batch, length]");
  std::optional<std::int64_t> frame;
  if (node.has(2)) frame = node.tensor(2).rank() == 1 ? node.tensor(2).shape[0] : 0;
  if (const auto length = node.numbers(3); length && length->size() == 1) frame = (*length)[0];
  std::optional<Dimensions> shape = node.declared_shape(0);
  if (step && step->size() == 1 && frame && (*step)[0] > 0 && *frame > 0 &&
      *frame <= signal.shape[1]) {
    const std::int64_t bins = node.integer("onesided", 1) != 0 ? *frame / 2 + 1 : *frame;
    shape = Dimensions{signal.shape[0], (signal.shape[1] - *frame) / (*step)[0] + 1, bins, 2};
  }
  if (!shape || shape->empty()) refuse("its frames are computed from the samples");
  const OnnxValue from = signal.batch_axis.value_or(1) == 0 ? signal : node.whole(signal);
  const std::int64_t flop = (fourier_flop(frame.value_or(2)) + 1) / 2;
  node.set(0, pass(node, {{from}}, {*shape, from.batch_axis, signal.type}, flop, true));
}

constexpr OnnxOperator kOperators[] = {{"AffineGrid", affine_grid, 2, 2},
                                       {"CenterCropPad", centre_crop_or_pad, 2, 2},
                                       {"Col2Im", columns_to_image, 3, 3},
                                       {"DFT", fourier_transform, 1, 3},
                                       {"GridSample", grid_sample, 2, 2},
                                       {"MaxRoiPool", pool_regions, 2, 2},
                                       {"NonMaxSuppression", suppress_overlaps, 2, 5},
                                       {"Resize", resize, 1, 4},
                                       {"RoiAlign", align_regions, 3, 3},
                                       {"STFT", short_time_fourier_transform, 2, 4},
                                       {"Upsample", resize, 1, 2}};

}  // namespace

std::span<const OnnxOperator> onnx_image_operators() {
  return kOperators;
}

}  // namespace omniphi::models
