#include "models/workload/op/product.h"

#include <utility>

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

ProductSizes product_sizes(const InnerProduct& op, const TensorShape& input) {
  const std::size_t axis = axis_of(op.axis, input);
  const std::int64_t inner = elements_from(input, axis);
  return {1, input.elements() / inner, op.features, inner};
}

TensorShape shape_of(const InnerProduct& op, const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  const std::size_t axis = axis_of(op.axis, input);
  TensorShape output{
      {input.dimensions.begin(), input.dimensions.begin() + static_cast<std::ptrdiff_t>(axis)}};
  output.dimensions.push_back(op.features);
  output = checked(output);
  check_product({op.features, elements_from(input, axis)}, kLargestTensor, "the number of weights");
  check_product(
      {op.features, input.elements()}, kLargestWork, "the number of multiply-accumulates");
  return output;
}

namespace {

/// The last two axes as [rows, columns].
std::pair<std::int64_t, std::int64_t> matrix_of(const TensorShape& shape, bool transposed) {
  const auto last = shape.dimensions.rbegin();
  return transposed ? std::pair{last[0], last[1]} : std::pair{last[1], last[0]};
}

/// All axes before the last two; one of 1 where there are none.
TensorShape stack_of(const TensorShape& shape) {
  TensorShape stack{{shape.dimensions.begin(), shape.dimensions.end() - 2}};
  if (stack.dimensions.empty()) stack.dimensions.push_back(1);
  return stack;
}

}  // namespace

ProductSizes product_sizes(const MatrixProduct& op, const TensorShape& a, const TensorShape& b) {
  const auto [m, k] = matrix_of(a, op.transpose_a);
  const std::int64_t n = matrix_of(b, op.transpose_b).second;
  return {broadcast(stack_of(a), stack_of(b)).elements(), m, n, k};
}

TensorShape shape_of(const MatrixProduct& op, const Shapes& inputs) {
  require(inputs.size() == 2, "takes two inputs, got {}", {inputs.size()});
  const TensorShape& a = inputs[0];
  const TensorShape& b = inputs[1];
  if (a.rank() < 2 || b.rank() < 2) refuse("multiplies matrices, not {} and {}", {a, b});
  const std::int64_t k = matrix_of(a, op.transpose_a).second;
  if (matrix_of(b, op.transpose_b).first != k) {
    refuse("its inputs do not multiply: {} and {}", {a, b});
  }
  const ProductSizes sizes = product_sizes(op, a, b);
  check_product(
      {sizes.count, sizes.m, sizes.n, sizes.k}, kLargestWork, "the number of multiply-accumulates");
  TensorShape output = broadcast(stack_of(a), stack_of(b));
  if (a.rank() == 2 && b.rank() == 2) output.dimensions.clear();
  output.dimensions.push_back(sizes.m);
  output.dimensions.push_back(sizes.n);
  return output;
}

TensorShape shape_of(const Gemm& op, const Shapes& inputs) {
  require_no_input(inputs);
  checked({{op.m, op.k}});
  checked({{op.k, op.n}});
  check_product({op.m, op.n, op.k}, kLargestWork, "the number of multiply-accumulates");
  return {{op.m, op.n}};
}

TensorShape shape_of(const Embedding& op, const Shapes& inputs) {
  TensorShape output = only_input(inputs);
  output.dimensions.push_back(op.features);
  check_product({op.entries, op.features}, kLargestTensor, "the number of weights");
  return output;
}

}  // namespace omniphi::models
