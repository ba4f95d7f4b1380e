#include "models/mapping/primitives.h"

#include <utility>

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

/// The convolution, which is either operator, that leads from the `wide` tensor to the `narrow`
/// one.
template <class Window>
ConvolutionPrimitive convolution(const Window& op,
                                 const TensorShape& wide,
                                 const TensorShape& narrow,
                                 ConvolutionPass pass,
                                 std::int64_t batch) {
  const std::size_t axes = wide.rank() - 1;
  const Plane kernel = plane(axes, [&](std::size_t axis) { return op.kernel[axis]; });
  const Plane stride = plane(axes, [&](std::size_t axis) { return op.stride[axis]; });
  const Plane in = image(wide);
  const Plane out = image(narrow);
  return {pass,
          batch,
          wide.dimensions[0],
          in.height,
          in.width,
          narrow.dimensions[0],
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
          work.operations * batch,
          phase == Phase::Forward};
}

/// What a phase of a layer with multiply-accumulates calls.
class ProductCalls {
 public:
  ProductCalls(const Network& network,
               const Layer& layer,
               const PhaseWork& work,
               Phase phase,
               std::int64_t batch)
      : network_(network),
        layer_(layer),
        work_(work),
        inputs_(network.input_shapes(layer)),
        phase_(phase),
        batch_(batch) {}

  std::vector<KernelCalls> calls() {
    std::visit([&](const auto& op) { add_calls(op); }, layer_.op);
    return std::move(calls_);
  }

 private:
  void add(Primitive primitive, std::int64_t count = 1) { calls_.push_back({primitive, count}); }

  void add_calls(const Convolution& op) {
    add(convolution(op, inputs_[0], layer_.output, pass_of(phase_), batch_));
  }

  void add_calls(const TransposedConvolution& op) {
    const ConvolutionPass pass = phase_ == Phase::Forward        ? ConvolutionPass::BackwardData
                                 : phase_ == Phase::BackwardData ? ConvolutionPass::Forward
                                                                 : ConvolutionPass::BackwardWeights;
    add(convolution(op, layer_.output, inputs_[0], pass, batch_));
  }

  void add_calls(const InnerProduct& op) {
    const ProductSizes sizes = product_sizes(op, inputs_[0]);
    add(inner_product(sizes.n, sizes.k, phase_, batch_ * sizes.m));
  }

  void add_calls(const MatrixProduct& op) {
    const ProductSizes sizes = product_sizes(op, inputs_[0], inputs_[1]);
    const std::int64_t products = sizes.count * batch_;
    if (phase_ == Phase::Forward) {
      add(MatrixProductPrimitive{sizes.m, sizes.n, sizes.k, products});
      return;
    }
    if (needs_gradient(0)) add(MatrixProductPrimitive{sizes.m, sizes.k, sizes.n, products});
    if (needs_gradient(1)) add(MatrixProductPrimitive{sizes.k, sizes.n, sizes.m, products});
  }

  void add_calls(const Gemm& op) { add(MatrixProductPrimitive{op.m, op.n, op.k}); }

  void add_calls(const Recurrent& op) {
    const std::int64_t steps = inputs_[0].dimensions[0];
    const std::int64_t rows = gates(op.cell) * op.hidden;
    for (std::int64_t above = 0; above < op.layers; ++above) {
      const std::int64_t features =
          above > 0 ? op.directions() * op.hidden : inputs_[0].dimensions[1];
      const bool input_product = phase_ != Phase::BackwardData || above > 0 || needs_gradient(0);
      if (input_product) {
        add(inner_product(rows, features, phase_, steps * batch_), op.directions());
      }
      if (phase_ == Phase::BackwardWeights) {
        add(inner_product(rows, op.hidden, phase_, steps * batch_), op.directions());
      } else {
        add(inner_product(rows, op.hidden, phase_, batch_), op.directions() * steps);
      }
    }
    const std::int64_t gate_results = steps * op.layers * op.directions() * rows * batch_;
    if (phase_ != Phase::BackwardWeights) {
      add(StreamPrimitive{gate_results, gate_results, gate_results, work_.operations * batch_});
    }
  }

  void add_calls(const Attention& op) {
    const AttentionSizes s = attention_sizes(op, inputs_);
    const std::int64_t products = s.heads * batch_;
    const auto product = [&](std::int64_t m, std::int64_t n, std::int64_t k) {
      add(MatrixProductPrimitive{m, n, k, products});
    };
    const std::int64_t scores = s.scores() * batch_;
    const StreamPrimitive softmax{
        phase_ == Phase::Forward ? scores : 2 * scores, scores, scores, work_.operations * batch_};
    if (phase_ == Phase::Forward) {
      product(s.queries, s.positions, s.key_size);  // Q K^T
      add(softmax);
      product(s.queries, s.value_size, s.positions);  // P V
      return;
    }
    product(s.positions, s.value_size, s.queries);  // dV = P^T dO
    product(s.queries, s.positions, s.value_size);  // dP = dO V^T
    add(softmax);
    product(s.queries, s.key_size, s.positions);  // dQ = dS K
    product(s.positions, s.key_size, s.queries);  // dK = dS^T Q
  }

  template <class Kind>
  void add_calls(const Kind&) {
    add(stream(layer_.op, work_, phase_, batch_));
  }

  [[nodiscard]] bool needs_gradient(std::size_t input) const {
    return network_.layer(layer_.inputs[input]).needs_gradient;
  }

  const Network& network_;
  const Layer& layer_;
  const PhaseWork& work_;
  std::vector<TensorShape> inputs_;
  Phase phase_;
  std::int64_t batch_;
  std::vector<KernelCalls> calls_;
};

}  // namespace

std::vector<KernelCalls> calls_of(const Network& network,
                                  const Layer& layer,
                                  const Complexity& complexity,
                                  Phase phase,
                                  std::int64_t batch) {
  const PhaseWork& work = complexity.phase(phase);
  if (work == PhaseWork{}) return {};
  if (phase == Phase::Update || work.macs == 0) {
    return {{stream(layer.op, work, phase, phase == Phase::Update ? 1 : batch)}};
  }
  return ProductCalls(network, layer, work, phase, batch).calls();
}

}  // namespace omniphi::models
