#pragma once

#include <vector>

#include "models/workload/complexity.h"

/// What each operator costs: the rules behind `complexity`, all for one sample. x: elements read,
/// y: elements written, w: parameters, K: elements of the window. Every pass streams whole tensors;
/// nothing is fused. Exponentials, powers, divisions and comparisons count as one flop each. Where
/// the output of a layer has several users, the sum of their gradients is not counted here.
namespace omniphi::models {

/// What the rules see of a layer.
struct Sizes {
  const std::vector<TensorShape>& inputs;
  const TensorShape& output;
  std::vector<bool> needs_gradient;  // of each input
  bool used = true;                  // whether another layer takes the output
  std::int64_t in = 0;               // elements of all inputs
  std::int64_t out = 0;              // elements of the output

  [[nodiscard]] std::int64_t channels() const { return inputs[0].dimensions[0]; }

  [[nodiscard]] std::size_t spatial_axes() const { return inputs[0].rank() - 1; }
};

/// Reads x and W, writes y; backward-data reads dy and W, writes dx; backward-weights reads x and
/// dy, writes dW. A bias is one addition an output, and in backward-weights one more to sum its
/// gradient.
Complexity of_weighted_product(std::int64_t macs,
                               std::int64_t weights,
                               std::int64_t biases,
                               const Sizes& s);

/// Forward reads x and writes y, backward reads `gradients_read` and writes dx; no weights.
Complexity of_pass(std::int64_t forward_operations,
                   std::int64_t backward_operations,
                   std::int64_t gradients_read,
                   const Sizes& s);

/// Copies, both ways.
inline Complexity of_copy(const Sizes& s) {
  return of_pass(0, 0, s.out, s);
}

Complexity rule_of(const Input& op, const Sizes& s);
Complexity rule_of(const Constant& op, const Sizes& s);
Complexity rule_of(const Convolution& op, const Sizes& s);
Complexity rule_of(const TransposedConvolution& op, const Sizes& s);
Complexity rule_of(const InnerProduct& op, const Sizes& s);
Complexity rule_of(const MatrixProduct& op, const Sizes& s);
Complexity rule_of(const Gemm& op, const Sizes& s);
Complexity rule_of(const Embedding& op, const Sizes& s);
Complexity rule_of(const Recurrent& op, const Sizes& s);
Complexity rule_of(const Attention& op, const Sizes& s);
Complexity rule_of(const Pooling& op, const Sizes& s);
Complexity rule_of(const GlobalPooling& op, const Sizes& s);
Complexity rule_of(const BatchNormalization& op, const Sizes& s);
Complexity rule_of(const LayerNormalization& op, const Sizes& s);
Complexity rule_of(const RmsNormalization& op, const Sizes& s);
Complexity rule_of(const GroupNormalization& op, const Sizes& s);
Complexity rule_of(const InstanceNormalization& op, const Sizes& s);
Complexity rule_of(const LocalResponseNormalization& op, const Sizes& s);
Complexity rule_of(const Scale& op, const Sizes& s);
Complexity rule_of(const Activation& op, const Sizes& s);
Complexity rule_of(const ParametricRelu& op, const Sizes& s);
Complexity rule_of(const Dropout& op, const Sizes& s);
Complexity rule_of(const Conversion& op, const Sizes& s);
Complexity rule_of(const ElementWise& op, const Sizes& s);
Complexity rule_of(const Reduction& op, const Sizes& s);
Complexity rule_of(const Softmax& op, const Sizes& s);
Complexity rule_of(const Loss& op, const Sizes& s);
Complexity rule_of(const TopK& op, const Sizes& s);
Complexity rule_of(const Concatenation& op, const Sizes& s);
Complexity rule_of(const Slice& op, const Sizes& s);
Complexity rule_of(const Gather& op, const Sizes& s);
Complexity rule_of(const Pad& op, const Sizes& s);
Complexity rule_of(const Reshape& op, const Sizes& s);
Complexity rule_of(const Transpose& op, const Sizes& s);
Complexity rule_of(const Expand& op, const Sizes& s);
Complexity rule_of(const Resize& op, const Sizes& s);
Complexity rule_of(const DepthToSpace& op, const Sizes& s);
Complexity rule_of(const Pass& op, const Sizes& s);

}  // namespace omniphi::models
