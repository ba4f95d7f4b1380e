#include "models/workload/importers/onnx_layout.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_proto.h"

namespace omniphi::models {

Dimensions OnnxImage::whole(const TensorShape& output) const {
  Dimensions shape{value.shape[0]};
  const auto& found = output.dimensions;
  shape.push_back(found[0]);
  shape.insert(
      shape.end(), found.begin() + 1 + static_cast<std::ptrdiff_t>(extra_axes), found.end());
  return shape;
}

OnnxImage image_of(const OnnxNode& node, const OnnxValue& value) {
  if (value.rank() < 2) {
    refuse(fmt::format("takes [N, C, ...], not {}", shape_text(value.shape)));
  }
  OnnxImage image;
  image.value = value.batch_axis.value_or(0) == 0 ? value : node.whole(value);
  const std::int64_t batch = image.value.batch_axis ? node.walk().batch().size : 1;
  const std::int64_t others = value.shape[0] / batch;
  image.sample.assign(value.shape.begin() + 1, value.shape.end());
  if (others != 1) {
    image.sample.insert(image.sample.begin() + 1, others);
    image.extra_axes = 1;
  }
  return image;
}

OnnxValue image_layer(OnnxNode& node,
                      const OnnxImage& image,
                      Op op,
                      const std::vector<const OnnxValue*>& weights) {
  const OnnxValue& value = image.value;
  if (element_count(value.shape) == 0) refuse("takes an image without elements");
  const TensorShape output = output_shape(op, {TensorShape{image.sample}});
  return node.layer(std::move(op),
                    {{value, image.sample}},
                    {image.whole(output), value.batch_axis, value.type},
                    weights);
}

std::optional<std::size_t> broadcast_batch_axis(const std::vector<const OnnxValue*>& values,
                                                std::size_t rank) {
  for (const OnnxValue* value : values) {
    if (value->batch_axis) return *value->batch_axis + rank - value->rank();
  }
  return {};
}

Dimensions aligned_sample(const OnnxNode& node,
                          const OnnxValue& value,
                          const Dimensions& shape,
                          std::optional<std::size_t> batch_axis) {
  Dimensions sample(shape.size() - value.rank(), 1);
  sample.insert(sample.end(), value.shape.begin(), value.shape.end());
  const std::int64_t batch = node.walk().batch().size;
  if (batch_axis) {
    const bool own = value.batch_axis == *batch_axis + value.rank() - shape.size();
    std::int64_t& dimension = sample[*batch_axis];
    if (own && value.batch_axis) dimension /= batch;
    const bool varies = !own && dimension != 1 && batch > 1;
    if (varies || (value.batch_axis && !own && batch > 1)) {
      throw OnnxMixedBatch{node_label(node.proto())};
    }
    if (shape[*batch_axis] == batch) {
      sample.erase(sample.begin() + static_cast<std::ptrdiff_t>(*batch_axis));
    }
  }
  const auto first = std::ranges::find_if(sample, [](std::int64_t d) { return d != 1; });
  sample.erase(sample.begin(), first);
  if (sample.empty()) sample.push_back(1);
  if (!value.is_activation()) return sample;
  // Not to change the shape of a layer's output for leading axes of one.
  const Dimensions& made = node.walk().layers()[value.layer].output.dimensions;
  Dimensions stripped(std::ranges::find_if(made, [](std::int64_t d) { return d != 1; }),
                      made.end());
  if (stripped.empty()) stripped.push_back(1);
  return stripped == sample && made.size() <= shape.size() ? made : sample;
}

std::optional<std::size_t> batch_axis_after(const OnnxNode& node,
                                            const OnnxValue& value,
                                            const Dimensions& shape) {
  if (!value.batch_axis) return {};
  const std::int64_t batch = node.walk().batch().size;
  const std::int64_t before = product(value.shape, 0, *value.batch_axis);
  std::optional<std::size_t> found;
  std::int64_t passed = 1;
  for (std::size_t axis = 0; axis < shape.size() && passed <= before; ++axis) {
    if (passed == before && shape[axis] % batch == 0) {
      if (shape[axis] == value.shape[*value.batch_axis]) return axis;
      if (!found) found = axis;
    }
    passed *= std::max<std::int64_t>(shape[axis], 1);
  }
  if (!found && batch > 1) throw OnnxMixedBatch{node_label(node.proto())};
  return found;
}

OnnxValue reshaped(OnnxNode& node, const OnnxValue& value, Dimensions shape) {
  if (element_count(shape) != element_count(value.shape)) {
    refuse(fmt::format("cannot make {} of {}", shape_text(shape), shape_text(value.shape)));
  }
  OnnxValue result = value;
  result.batch_axis = batch_axis_after(node, value, shape);
  result.shape = std::move(shape);
  if (!value.is_activation()) return result;
  const TensorShape& made = node.walk().layers()[value.layer].output;
  const Dimensions wanted = node.sample(result);
  if (made.dimensions == wanted) return result;
  result.layer = node.layer(Reshape{wanted},
                            {{value, made.dimensions}},
                            {result.shape, result.batch_axis, result.type})
                     .layer;
  return result;
}

OnnxValue pass(OnnxNode& node,
               const std::vector<OnnxOperand>& operands,
               OnnxResult result,
               std::int64_t operations,
               bool gradient) {
  if (element_count(result.shape) == 0) return constant(result.type, result.shape);
  Pass op;
  op.shape = node.sample(result.shape, result.batch_axis);
  op.operations = operations;
  op.gradient = gradient;
  return node.layer(op, operands, std::move(result));
}

}  // namespace omniphi::models
