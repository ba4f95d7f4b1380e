// Operators that give the same elements another shape, order or type.

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

/// -1 stands for what is left, 0 for the input's dimension unless zeros are allowed.
Dimensions target_shape(const OnnxNode& node, const Dimensions& from, Dimensions target) {
  const bool zeros_count = node.integer("allowzero", 0) != 0;
  std::optional<std::size_t> open;
  for (std::size_t axis = 0; axis < target.size(); ++axis) {
    if (target[axis] == 0 && !zeros_count) {
      if (axis >= from.size()) refuse(fmt::format("copies dimension {}, which is not there", axis));
      target[axis] = from[axis];
    } else if (target[axis] == -1) {
      if (open) refuse("leaves two dimensions open");
      open = axis;
      target[axis] = 1;
    }
  }
  if (!open) return target;
  const std::int64_t known = element_count(target);
  if (known != 0) target[*open] = element_count(from) / known;
  return target;
}

void reshape(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  std::optional<Dimensions> target = node.numbers("shape", 1);
  if (target) {
    target = target_shape(node, input.shape, *target);
  } else {
    target = node.declared_shape(0);
    if (!target) refuse("its shape is computed from the samples");
    node.note(NoteKind::Approximated, "has the shape that the file gives its output");
  }
  node.set(0, reshaped(node, input, *target));
}

void flatten(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const std::int64_t given = node.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(input.rank());
  if (given < -rank || given > rank) refuse(fmt::format("has axis {} of {}", given, rank));
  const auto axis = static_cast<std::size_t>(given < 0 ? given + rank : given);
  node.set(
      0,
      reshaped(
          node, input, {product(input.shape, 0, axis), product(input.shape, axis, input.rank())}));
}

/// Axes are an attribute up to operator set 12, later an input.
void squeeze(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto given = node.numbers("axes", 1);
  if (!given && node.has(1)) {
    const auto declared = node.declared_shape(0);
    if (!declared) refuse("its axes are computed from the samples");
    return node.set(0, reshaped(node, input, *declared));
  }
  std::vector<std::size_t> axes;
  if (given) axes = normalised_axes(*given, input.rank());
  Dimensions shape;
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    const bool listed = std::ranges::binary_search(axes, axis);
    if (listed && input.shape[axis] != 1) {
      refuse(fmt::format("takes out axis {} of {}", axis, shape_text(input.shape)));
    }
    const bool kept = given ? !listed : input.shape[axis] != 1;
    if (kept) shape.push_back(input.shape[axis]);
  }
  node.set(0, reshaped(node, input, std::move(shape)));
}

void unsqueeze(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto given = node.numbers("axes", 1);
  Dimensions shape = input.shape;
  if (given) {
    for (const std::size_t axis : normalised_axes(*given, input.rank() + given->size())) {
      shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
    }
  } else {
    const auto declared = node.declared_shape(0);
    if (!declared) refuse("its axes are computed from the samples");
    shape = *declared;
  }
  node.set(0, reshaped(node, input, std::move(shape)));
}

void identity(OnnxNode& node) {
  node.set(0, node.value(0));
}

OnnxValue converted(OnnxNode& node, const OnnxValue& input, int type) {
  OnnxValue result = input;
  result.type = type;
  if (input.is_constant()) {
    if (is_floating(type) && !is_floating(input.type) && input.stored_type == 0) {
      result.stored_type = element_bits(input.type) <= 8 ? input.type : 0;
    }
    if (input.numbers && is_floating(input.type) && !is_floating(type)) {
      auto numbers = std::make_shared<std::vector<double>>(*input.numbers);
      for (double& number : *numbers) number = std::trunc(number);
      if (type == onnx::TensorProto::BOOL) {
        for (double& number : *numbers) number = number != 0 ? 1 : 0;
      }
      result.numbers = std::move(numbers);
    }
    return result;
  }
  if (type == input.type) return result;
  return node.layer(Conversion{}, {{input}}, {input.shape, input.batch_axis, type});
}

void cast(OnnxNode& node) {
  const onnx::AttributeProto* untyped = nullptr;
  for (const onnx::AttributeProto& attribute : node.proto().attribute()) {
    if (attribute.name() == "to") untyped = &attribute;
  }
  // Operator sets 1 to 5 name the type.
  onnx::TensorProto::DataType named = onnx::TensorProto::FLOAT;
  if (untyped && untyped->type() == onnx::AttributeProto::STRING) {
    require(onnx::TensorProto::DataType_Parse(untyped->s(), &named), "names no known type");
    return node.set(0, converted(node, node.tensor(0), named));
  }
  const std::int64_t to = node.integer("to", onnx::TensorProto::FLOAT);
  node.set(0, converted(node, node.tensor(0), static_cast<int>(to)));
}

void cast_like(OnnxNode& node) {
  node.set(0, converted(node, node.tensor(0), node.tensor(1).type));
}

Dimensions order_of(const OnnxNode& node, std::size_t rank) {
  Dimensions order = node.integers("perm");
  if (order.empty()) {
    order.resize(rank);
    std::iota(order.rbegin(), order.rend(), 0);
  }
  Dimensions sorted = order;
  std::ranges::sort(sorted);
  bool whole = sorted.size() == rank;
  for (std::size_t i = 0; whole && i < rank; ++i) whole = sorted[i] == static_cast<std::int64_t>(i);
  if (!whole) refuse(fmt::format("perm does not name each of {} axes once", rank));
  return order;
}

OnnxValue transposed_constant(const OnnxNode& node,
                              const OnnxValue& input,
                              const Dimensions& order) {
  OnnxValue result = input;
  for (std::size_t axis = 0; axis < order.size(); ++axis) {
    result.shape[axis] = input.shape[static_cast<std::size_t>(order[axis])];
  }
  if (!input.numbers) return result;
  Dimensions from(order.size());
  result.numbers = numbers_at(node, result.shape, [&](const Dimensions& index) {
    for (std::size_t axis = 0; axis < order.size(); ++axis) {
      from[static_cast<std::size_t>(order[axis])] = index[axis];
    }
    return (*input.numbers)[static_cast<std::size_t>(offset_of(from, input.shape))];
  });
  return result;
}

/// The order of the axes of the sample.
Dimensions sample_order(const OnnxNode& node, const OnnxValue& input, Dimensions order) {
  if (!input.batch_axis || input.shape[*input.batch_axis] != node.walk().batch().size) return order;
  const auto batch = static_cast<std::int64_t>(*input.batch_axis);
  std::erase(order, batch);
  for (std::int64_t& axis : order) axis -= axis > batch ? 1 : 0;
  return order;
}

/// Whether only axes of one element change places, so that no element moves.
bool moves_nothing(const Dimensions& order, const Dimensions& shape) {
  std::int64_t last = -1;
  return std::ranges::all_of(order, [&](std::int64_t axis) {
    if (shape[static_cast<std::size_t>(axis)] == 1) return true;
    const bool in_order = axis > last;
    last = axis;
    return in_order;
  });
}

void transpose(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const Dimensions order = order_of(node, input.rank());
  if (input.is_constant()) return node.set(0, transposed_constant(node, input, order));
  OnnxResult result{{}, {}, input.type};
  for (std::size_t axis = 0; axis < order.size(); ++axis) {
    const auto from = static_cast<std::size_t>(order[axis]);
    result.shape.push_back(input.shape[from]);
    if (input.batch_axis == from) result.batch_axis = axis;
  }
  const Dimensions inner = sample_order(node, input, order);
  if (!inner.empty() && !moves_nothing(inner, node.sample(input))) {
    OnnxValue made = node.layer(Transpose{inner}, {{input}}, result);
    made.stored_type = input.stored_type;
    return node.set(0, std::move(made));
  }
  OnnxValue same = input;
  same.shape = result.shape;
  same.batch_axis = result.batch_axis;
  node.set(0, std::move(same));
}

/// [N, C, H, W] with channels spread over blocks of positions, or back.
void depth_to_space(OnnxNode& node, bool inverse) {
  DepthToSpace op;
  op.block = node.integer("blocksize", 1);
  op.inverse = inverse;
  OnnxImage image = image_of(node, node.tensor(0));
  require(image.spatial_axes() == 2, "takes [N, C, H, W]");
  const Dimensions& from = image.value.shape;
  if (op.block < 1 || op.block > kLargestTensor) refuse("blocksize must be at least 1");
  if (image.extra_axes == 0) return node.set(0, image_layer(node, image, op));
  // Several images in one sample: the operator takes one, the elements are the same.
  const std::int64_t b = op.block;
  if (inverse ? from[2] % b != 0 || from[3] % b != 0 : from[1] % b != 0 || from[1] / b % b != 0) {
    refuse(fmt::format("blocks of {} do not divide {}", b, shape_text(from)));
  }
  const Dimensions shape = inverse ? Dimensions{from[0], from[1] * b * b, from[2] / b, from[3] / b}
                                   : Dimensions{from[0], from[1] / b / b, from[2] * b, from[3] * b};
  node.set(0,
           pass(node, {{image.value}}, {shape, image.value.batch_axis, image.value.type}, 0, true));
}

void depth_to_space(OnnxNode& node) {
  depth_to_space(node, false);
}

void space_to_depth(OnnxNode& node) {
  depth_to_space(node, true);
}

/// The value repeated to `shape`, which it broadcasts to or divides.
OnnxValue repeated(OnnxNode& node, OnnxValue input, const Dimensions& shape) {
  if (shape == input.shape) return input;
  if (input.is_constant()) {
    OnnxNumbers numbers;
    if (input.numbers && element_count(shape) > 0) {
      const std::size_t missing = shape.size() - input.rank();
      Dimensions from(input.rank());
      numbers = numbers_at(node, shape, [&](const Dimensions& index) {
        for (std::size_t axis = 0; axis < from.size(); ++axis) {
          from[axis] = index[axis + missing] % input.shape[axis];
        }
        return (*input.numbers)[static_cast<std::size_t>(offset_of(from, input.shape))];
      });
    }
    OnnxValue result = constant(input.type, shape, std::move(numbers));
    result.stored_type = input.stored_type;
    return result;
  }
  std::optional<std::size_t> axis = broadcast_batch_axis({&input}, shape.size());
  if (axis && shape[*axis] != input.shape[*input.batch_axis]) {
    input = node.whole(input);
    axis.reset();
  }
  if (element_count(shape) == 0) return constant(input.type, shape);
  const Dimensions sample = node.sample(shape, axis);
  return node.layer(Expand{sample},
                    {{input, aligned_sample(node, input, shape, axis)}},
                    {shape, axis, input.type});
}

void expand(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  if (const auto target = node.numbers(1)) {
    element_count(*target);
    return node.set(0, repeated(node, input, broadcast_shape(input.shape, *target)));
  }
  const auto declared = node.declared_shape(0);
  if (!declared) refuse("its shape is computed from the samples");
  node.note(NoteKind::Approximated, "has the shape that the file gives its output");
  node.set(0, repeated(node, input, broadcast_shape(input.shape, *declared)));
}

void tile(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  std::optional<Dimensions> repeats = node.numbers(1);
  Dimensions shape = input.shape;
  if (repeats && node.inputs() == 3) {  // operator sets before 6: so many times along one axis
    const auto axis = node.numbers(2);
    require(repeats->size() == 1 && axis && axis->size() == 1, "repeats what is not known");
    Dimensions all(input.rank(), 1);
    all.at(normalised_axes(*axis, input.rank())[0]) = (*repeats)[0];
    repeats = all;
  }
  if (repeats) {
    require(repeats->size() == shape.size(), "has not one number of repeats for each axis");
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      if ((*repeats)[axis] < 0 || (*repeats)[axis] > kLargestTensor) refuse("repeats too often");
      element_count({shape[axis], (*repeats)[axis]});
      shape[axis] *= (*repeats)[axis];
    }
  } else {
    const auto declared = node.declared_shape(0);
    if (!declared) refuse("its repeats are computed from the samples");
    require(declared->size() == shape.size(), "the file gives its output another number of axes");
    node.note(NoteKind::Approximated, "has the shape that the file gives its output");
    shape = *declared;
  }
  node.set(0, repeated(node, input, shape));
}

constexpr OnnxOperator kOperators[] = {{"Cast", cast},
                                       {"CastLike", cast_like, 2, 2},
                                       {"DepthToSpace", depth_to_space},
                                       {"Expand", expand, 2, 2},
                                       {"Flatten", flatten},
                                       {"Identity", identity},
                                       {"Reshape", reshape, 1, 2},
                                       {"SpaceToDepth", space_to_depth},
                                       {"Squeeze", squeeze, 1, 2},
                                       {"Tile", tile, 2, 3},
                                       {"Transpose", transpose},
                                       {"Unsqueeze", unsqueeze, 1, 2}};

}  // namespace

std::span<const OnnxOperator> onnx_shape_operators() {
  return kOperators;
}

}  // namespace omniphi::models
