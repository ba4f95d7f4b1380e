#include "models/mapping/primitives.h"

#include "hw/base/overloaded.h"

namespace omniphi::models {

namespace {

/// The two extents of [C, spatial...] that a two-dimensional kernel sees.
struct Plane {
  std::int64_t height = 1;
  std::int64_t width = 1;
};

template <class PerAxisValue>
Plane plane(std::size_t axes, PerAxisValue value) {
  Plane folded;
  for (std::size_t axis = 0; axis + 1 < axes; ++axis) folded.height *= value(axis);
  if (axes > 0) folded.width = value(axes - 1);
  return folded;
}

Plane image(const TensorShape& shape) {
  return plane(shape.rank() - 1, [&](std::size_t axis) { return shape.dimensions[axis + 1]; });
}

ConvolutionPass pass_of(Phase phase) {
  if (phase == Phase::BackwardData) return ConvolutionPass::BackwardData;
  return phase == Phase::BackwardWeights ? ConvolutionPass::BackwardWeights
                                         : ConvolutionPass::Forward;
}

ConvolutionPrimitive convolution(const Convolution& op,
                                 const TensorShape& input,
                                 const TensorShape& output,
                                 Phase phase,
                                 std::int64_t batch) {
  const std::size_t axes = input.rank() - 1;
  const Plane kernel = plane(axes, [&](std::size_t axis) { return op.kernel[axis]; });
  const Plane stride = plane(axes, [&](std::size_t axis) { return op.stride[axis]; });
  const Plane in = image(input);
  const Plane out = image(output);
  return {pass_of(phase),
          batch,
          input.dimensions[0],
          in.height,
          in.width,
          output.dimensions[0],
          out.height,
          out.width,
          kernel.height,
          kernel.width,
          stride.height,
          stride.width,
          op.groups};
}

/// y [features, batch] = W [features, inputs] x [inputs, batch], and its two gradients.
MatrixProductPrimitive inner_product(std::int64_t features,
                                     std::int64_t inputs,
                                     Phase phase,
                                     std::int64_t batch) {
  if (phase == Phase::BackwardData) return {inputs, batch, features};
  if (phase == Phase::BackwardWeights) return {inputs, features, batch};
  return {features, batch, inputs};
}

/// C = A B: the gradient of A is C' B^T, that of B is A^T C'.
MatrixProductPrimitive matrix_product(const Gemm& op, Phase phase) {
  if (phase == Phase::BackwardData) return {op.m, op.k, op.n};
  if (phase == Phase::BackwardWeights) return {op.k, op.n, op.m};
  return {op.m, op.n, op.k};
}

/// Functions of one element and updates of weights overwrite what they have read.
bool in_place(const Op& op, Phase phase) {
  return phase == Phase::Update || std::holds_alternative<Activation>(op) ||
         std::holds_alternative<Dropout>(op);
}

StreamPrimitive stream(const Op& op, const PhaseWork& work, Phase phase, std::int64_t batch) {
  const std::int64_t written = work.activations_written * batch + work.weights_written;
  return {work.activations_read * batch + work.weights_read,
          written,
          in_place(op, phase) ? written : 0,
          (work.operations + 2 * work.macs) * batch};
}

}  // namespace

std::optional<Primitive> primitive_of(const Network& network,
                                      const Layer& layer,
                                      const Complexity& complexity,
                                      Phase phase,
                                      std::int64_t batch) {
  const PhaseWork& work = complexity.phase(phase);
  if (work == PhaseWork{}) return std::nullopt;
  if (phase == Phase::Update || work.macs == 0) {
    return stream(layer.op, work, phase, phase == Phase::Update ? 1 : batch);
  }
  return std::visit(
      Overloaded{[&](const Convolution& op) -> Primitive {
                   return convolution(
                       op, network.input_shapes(layer).front(), layer.output, phase, batch);
                 },
                 [&](const InnerProduct& op) -> Primitive {
                   const auto [count, positions, features, inputs] =
                       product_sizes(op, network.input_shapes(layer).front());
                   return inner_product(features, inputs, phase, batch * positions);
                 },
                 [&](const Gemm& op) -> Primitive { return matrix_product(op, phase); },
                 [&](const auto&) -> Primitive { return stream(layer.op, work, phase, batch); }},
      layer.op);
}

}  // namespace omniphi::models
