// Matrix products.

#include "models/workload/importers/onnx_products.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_formats.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

/// [..., rows, columns] of an operand, after its transposition.
struct Matrix {
  Dimensions stack;
  std::int64_t rows = 1;
  std::int64_t columns = 1;
};

Matrix matrix_of(const OnnxValue& value, bool transposed, bool first) {
  if (value.rank() == 0) refuse("multiplies a single number");
  if (value.rank() == 1) {
    return first ? Matrix{{}, 1, value.shape[0]} : Matrix{{}, value.shape[0], 1};
  }
  Matrix matrix{{value.shape.begin(), value.shape.end() - 2},
                value.shape[value.rank() - 2],
                value.shape[value.rank() - 1]};
  if (transposed) std::swap(matrix.rows, matrix.columns);
  return matrix;
}

[[noreturn]] void refuse_sizes(const OnnxValue& a, const OnnxValue& b) {
  refuse(fmt::format(
      "its inputs do not multiply: {} and {}", shape_text(a.shape), shape_text(b.shape)));
}

/// y = x W + b with W [inputs, outputs] for each position of x [..., inputs].
OnnxValue inner_product(OnnxNode& node,
                        const OnnxValue& x,
                        const OnnxValue& weights,
                        std::int64_t outputs,
                        const OnnxValue* bias,
                        std::string_view part) {
  InnerProduct op;
  op.features = outputs;
  op.bias = bias != nullptr;
  op.axis = -1;
  OnnxResult result{x.shape, x.batch_axis, x.type};
  result.shape.back() = outputs;
  std::vector<const OnnxValue*> learnt{&weights};
  if (bias) learnt.push_back(bias);
  Dimensions sample = node.sample(x);
  if (sample.size() == 1) op.axis = 0;
  return node.layer(op, {{x, sample}}, result, learnt, part);
}

/// Whether a constant operand is a matrix that every sample is multiplied with.
bool is_weight_matrix(const OnnxValue& value) {
  return value.is_constant() && element_count(value.shape) > 0 && value.rank() >= 1 &&
         std::all_of(value.shape.begin(),
                     value.shape.end() -
                         std::min<std::ptrdiff_t>(2, value.shape.end() - value.shape.begin()),
                     [](std::int64_t d) { return d == 1; });
}

/// The shape of a stack of matrices within one sample: the batch left out, the matrix kept.
Dimensions stacked_sample(const OnnxNode& node,
                          const OnnxValue& value,
                          const Dimensions& stack,
                          std::optional<std::size_t> batch_axis,
                          bool first) {
  OnnxValue matrices = value;
  if (value.rank() == 1)
    matrices.shape.insert(first ? matrices.shape.begin() : matrices.shape.end(), 1);
  Dimensions shape = stack;
  shape.insert(shape.end(), matrices.shape.end() - 2, matrices.shape.end());
  Dimensions sample(shape.size() - matrices.rank(), 1);
  sample.insert(sample.end(), matrices.shape.begin(), matrices.shape.end());
  const std::int64_t batch = node.walk().batch().size;
  if (batch_axis) {
    if (value.batch_axis) sample[*batch_axis] /= batch;
    if (stack[*batch_axis] == batch) {
      sample.erase(sample.begin() + static_cast<std::ptrdiff_t>(*batch_axis));
    }
  }
  while (sample.size() > 2 && sample.front() == 1) sample.erase(sample.begin());
  return sample;
}

/// Where the batch lies among the axes before the matrices; none if an operand has it elsewhere.
std::optional<std::size_t> stacked_batch_axis(const OnnxValue& value, std::size_t stack_rank) {
  if (!value.batch_axis || *value.batch_axis + 2 >= value.rank()) return {};
  return *value.batch_axis + stack_rank - (value.rank() - 2);
}

void matmul(OnnxNode& node) {
  node.set(0, multiplied(node, node.tensor(0), node.tensor(1)));
}

/// com.microsoft: the last two axes may be taken transposed; alpha scales the result on the way.
void fused_matmul(OnnxNode& node) {
  if (node.integer("transBatchA", 0) != 0 || node.integer("transBatchB", 0) != 0) {
    refuse("moves the axes of the stack");
  }
  node.set(0,
           multiplied(node,
                      node.tensor(0),
                      node.tensor(1),
                      node.integer("transA", 0) != 0,
                      node.integer("transB", 0) != 0));
}

/// alpha A B + beta C, where C of one number a column is a bias.
void gemm(OnnxNode& node) {
  const OnnxValue& a = node.tensor(0);
  const OnnxValue& b = node.tensor(1);
  require(a.rank() <= 2 && b.rank() <= 2, "multiplies what are no matrices");
  const bool transpose_a = node.integer("transA", 0) != 0;
  const bool transpose_b = node.integer("transB", 0) != 0;
  const OnnxValue* c = node.has(2) ? &node.tensor(2) : nullptr;
  const std::int64_t outputs = matrix_of(b, transpose_b, false).columns;
  const bool is_bias = c && c->is_constant() && element_count(c->shape) == outputs &&
                       !c->shape.empty() && c->shape.back() == outputs;
  OnnxValue made =
      multiplied(node, a, b, transpose_a, transpose_b, is_bias && b.is_constant() ? c : nullptr);
  if (!c || (is_bias && b.is_constant())) return node.set(0, std::move(made));
  if (broadcast_shape(made.shape, c->shape) != made.shape) {
    refuse(fmt::format("adds {} to {}", shape_text(c->shape), shape_text(made.shape)));
  }
  const OnnxResult result{made.shape, made.batch_axis, made.type};
  const Dimensions added = aligned_sample(node, *c, made.shape, made.batch_axis);
  if (c->is_constant() && is_learnt(*c)) {
    Scale shift{.scale = false, .shift = true};
    shift.shape = added;
    return node.set(0, node.layer(shift, {{made}}, result, {c}, "bias"));
  }
  node.set(0, node.layer(ElementWise{Combination::Sum}, {{made}, {*c, added}}, result, {}, "sum"));
}

/// The indices of an Einstein sum, one letter an axis; "..." stands for as many as there are.
struct Equation {
  std::vector<std::string> inputs;
  std::string output;
};

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

/// Letters for the axes of "...", the same for all operands.
void expand_dots(std::string& indices, std::size_t rank) {
  const std::size_t dots = indices.find("...");
  if (dots == std::string::npos) return;
  const std::size_t letters = indices.size() - 3;
  if (letters > rank) refuse(fmt::format("names {} axes of {}", letters, rank));
  std::string axes;
  for (std::size_t i = 0; i < rank - letters; ++i) axes += static_cast<char>('0' + i);
  indices.replace(dots, 3, axes);
}

Equation equation_of(const OnnxNode& node) {
  const std::string text = without_spaces(node.text("equation", ""));
  const std::size_t arrow = text.find("->");
  Equation equation;
  std::string left = text.substr(0, arrow);
  for (std::size_t comma; (comma = left.find(',')) != std::string::npos;) {
    equation.inputs.push_back(left.substr(0, comma));
    left.erase(0, comma + 1);
  }
  equation.inputs.push_back(left);
  if (static_cast<int>(equation.inputs.size()) != node.inputs()) {
    refuse(
        fmt::format("its equation has {} operands, not {}", equation.inputs.size(), node.inputs()));
  }
  for (int i = 0; i < node.inputs(); ++i) {
    expand_dots(equation.inputs[static_cast<std::size_t>(i)], node.tensor(i).rank());
  }
  if (arrow != std::string::npos) {
    equation.output = text.substr(arrow + 2);
    const std::string& longest =
        *std::ranges::max_element(equation.inputs, {}, [](const std::string& s) {
          return std::ranges::count_if(s, ::isdigit);
        });
    const auto dotted = static_cast<std::size_t>(std::ranges::count_if(longest, ::isdigit));
    const std::size_t dots = equation.output.find("...");
    if (dots != std::string::npos) {
      expand_dots(equation.output, equation.output.size() - 3 + dotted);
    }
    return equation;
  }
  // Without an arrow: the letters that come once, in alphabetical order.
  std::map<char, int> seen;
  for (const std::string& input : equation.inputs) {
    for (const char letter : input) ++seen[letter];
  }
  for (const auto& [letter, times] : seen) {
    if (times == 1 || ::isdigit(letter)) equation.output += letter;
  }
  return equation;
}

/// The size of each index.
std::map<char, std::int64_t> index_sizes(const OnnxNode& node, const Equation& equation) {
  std::map<char, std::int64_t> sizes;
  for (int i = 0; i < node.inputs(); ++i) {
    const std::string& indices = equation.inputs[static_cast<std::size_t>(i)];
    const Dimensions& shape = node.tensor(i).shape;
    if (indices.size() != shape.size()) {
      refuse(fmt::format("names {} axes of {}", indices.size(), shape_text(shape)));
    }
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      std::int64_t& size = sizes.emplace(indices[axis], shape[axis]).first->second;
      if (size == 1) size = shape[axis];
      if (shape[axis] != 1 && shape[axis] != size) {
        refuse(fmt::format("index {} is {} and {}", indices[axis], size, shape[axis]));
      }
    }
  }
  return sizes;
}

/// Axes of two operands as one product: `count` times [m, k] with [k, n].
OnnxValue einsum_of_two(OnnxNode& node,
                        const Equation& equation,
                        std::map<char, std::int64_t> sizes,
                        const OnnxResult& result) {
  const auto has = [](const std::string& indices, char letter) {
    return indices.find(letter) != std::string::npos;
  };
  Dimensions count, m, n, k;
  for (const auto& [letter, size] : sizes) {
    const bool a = has(equation.inputs[0], letter);
    const bool b = has(equation.inputs[1], letter);
    const bool kept = has(equation.output, letter);
    (a && b ? (kept ? count : k) : a ? m : n).push_back(size);
    if (!kept && a != b) refuse("sums over an index of one operand alone");
  }
  const std::int64_t stack = element_count(count);
  const Dimensions left{stack, element_count(m), element_count(k)};
  const Dimensions right{stack, element_count(k), element_count(n)};
  OnnxValue a = node.whole(node.tensor(0));
  OnnxValue b = node.whole(node.tensor(1));
  if (element_count(a.shape) != element_count(left) ||
      element_count(b.shape) != element_count(right)) {
    refuse("broadcasts or repeats an index");
  }
  return node.layer(MatrixProduct{}, {{a, left}, {b, right}}, result);
}

/// A sum of products over indices. What moves axes beside is not counted.
void einsum(OnnxNode& node) {
  const Equation equation = equation_of(node);
  const std::map<char, std::int64_t> sizes = index_sizes(node, equation);
  OnnxResult result{{}, {}, node.tensor(0).type};
  for (const char letter : equation.output) {
    const auto size = sizes.find(letter);
    if (size == sizes.end()) refuse(fmt::format("makes an index, {}, of nothing", letter));
    result.shape.push_back(size->second);
  }
  if (node.inputs() == 2) return node.set(0, einsum_of_two(node, equation, sizes, result));
  require(node.inputs() == 1, "multiplies more than two operands");
  const OnnxValue input = node.whole(node.tensor(0));
  node.set(0, pass(node, {{input}}, result, 1, true));
}

/// By elimination: 2/3 n^3 flop for each matrix.
void determinant(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  require(input.rank() >= 2 && input.shape[input.rank() - 1] == input.shape[input.rank() - 2],
          "takes square matrices");
  const OnnxValue from =
      input.batch_axis && *input.batch_axis + 2 >= input.rank() ? node.whole(input) : input;
  const double n = static_cast<double>(input.shape.back());
  const auto flop = static_cast<std::int64_t>(std::min(1000.0, 2 * n * n * n / 3));
  if (flop == 1000)
    node.note(NoteKind::Approximated, "arithmetic counted up to 1000 flop a matrix");
  const Dimensions shape(input.shape.begin(), input.shape.end() - 2);
  node.set(0, pass(node, {{from}}, {shape, from.batch_axis, input.type}, flop, true));
}

constexpr OnnxOperator kOperators[] = {{"Det", determinant},
                                       {"Einsum", einsum, 1, kAnyNumber},
                                       {"FusedMatMul", fused_matmul, 2, 2, kContrib},
                                       {"Gemm", gemm, 2, 3, "", 1u << 1 | 1u << 2},
                                       {"MatMul", matmul, 2, 2},
                                       {"TransposeMatMul", fused_matmul, 2, 2, kContrib}};

}  // namespace

OnnxValue multiplied(OnnxNode& node,
                     const OnnxValue& first,
                     const OnnxValue& second,
                     bool transpose_a,
                     bool transpose_b,
                     const OnnxValue* bias,
                     std::string_view part) {
  OnnxValue a = first;
  OnnxValue b = second;
  const Matrix left = matrix_of(a, transpose_a, true);
  const Matrix right = matrix_of(b, transpose_b, false);
  if (left.columns != right.rows) refuse_sizes(a, b);
  const Dimensions stack = broadcast_shape(left.stack, right.stack);
  Dimensions shape = stack;
  if (a.rank() > 1) shape.push_back(left.rows);
  if (b.rank() > 1) shape.push_back(right.columns);

  const bool sums_batch = a.batch_axis && *a.batch_axis == a.rank() - (transpose_a ? 2 : 1);
  if (is_weight_matrix(b) && !transpose_a && b.rank() > 1 && !sums_batch && a.is_activation() &&
      b.rank() <= std::max<std::size_t>(2, a.rank())) {
    return inner_product(node, a, b, right.columns, bias, part);
  }
  // A product with weights on the left, or of two activations. The batch may lie among the stacked
  // axes, or among the rows of the first operand if all share the second.
  std::optional<std::size_t> batch = stacked_batch_axis(a, stack.size());
  if (!batch) batch = stacked_batch_axis(b, stack.size());
  const bool aligned = [&] {
    for (const OnnxValue* value : {&a, &b}) {
      if (value->batch_axis && stacked_batch_axis(*value, stack.size()) != batch) return false;
    }
    return true;
  }();
  if (!aligned || !batch) {
    const bool rows = a.batch_axis && !b.batch_axis && a.rank() == 2 && stack.empty() &&
                      !transpose_a && *a.batch_axis == 0;
    if (rows) {
      const Dimensions row{left.rows / node.walk().batch().size, left.columns};
      const Dimensions column{right.rows, right.columns};
      return node.layer(MatrixProduct{false, transpose_b},
                        {{a, row}, {b, transpose_b ? Dimensions{column[1], column[0]} : column}},
                        {shape, 0, a.type},
                        {},
                        part);
    }
    a = node.whole(a);
    b = node.whole(b);
    batch.reset();
  }
  MatrixProduct op;
  op.transpose_a = transpose_a && a.rank() > 1;
  op.transpose_b = transpose_b && b.rank() > 1;
  return node.layer(op,
                    {{a, stacked_sample(node, a, stack, batch, true)},
                     {b, stacked_sample(node, b, stack, batch, false)}},
                    {shape, batch, a.type},
                    {},
                    part);
}

std::span<const OnnxOperator> onnx_product_operators() {
  return kOperators;
}

}  // namespace omniphi::models
