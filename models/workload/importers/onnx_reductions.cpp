// Operators that turn all elements along some axes into fewer.

#include <algorithm>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

struct KnownReduction {
  std::string_view name;
  ReductionFunction function;
};

constexpr KnownReduction kReductions[] = {{"ArgMax", ReductionFunction::ArgMax},
                                          {"ArgMin", ReductionFunction::ArgMax},
                                          {"ReduceL1", ReductionFunction::L1},
                                          {"ReduceL2", ReductionFunction::L2},
                                          {"ReduceLogSum", ReductionFunction::Sum},
                                          {"ReduceLogSumExp", ReductionFunction::LogSumExp},
                                          {"ReduceMax", ReductionFunction::Maximum},
                                          {"ReduceMean", ReductionFunction::Mean},
                                          {"ReduceMin", ReductionFunction::Minimum},
                                          {"ReduceProd", ReductionFunction::Product},
                                          {"ReduceSum", ReductionFunction::Sum},
                                          {"ReduceSumSquare", ReductionFunction::L2}};

/// Of the reductions that shapes are computed with.
std::optional<double> start_of(ReductionFunction function) {
  switch (function) {
    case ReductionFunction::Sum:
      return 0.0;
    case ReductionFunction::Product:
      return 1.0;
    case ReductionFunction::Maximum:
      return -std::numeric_limits<double>::infinity();
    case ReductionFunction::Minimum:
      return std::numeric_limits<double>::infinity();
    default:
      return {};
  }
}

double accumulated(ReductionFunction function, double a, double b) {
  switch (function) {
    case ReductionFunction::Product:
      return a * b;
    case ReductionFunction::Maximum:
      return std::max(a, b);
    case ReductionFunction::Minimum:
      return std::min(a, b);
    default:
      return a + b;
  }
}

/// `kept` has axes of one where elements are reduced.
OnnxNumbers reduced_numbers(const OnnxNode& node,
                            const OnnxValue& input,
                            const Dimensions& kept,
                            ReductionFunction function) {
  const auto start = start_of(function);
  if (!input.numbers || !start || element_count(kept) > kMostNumbers) return nullptr;
  auto sums = std::make_shared<std::vector<double>>(element_count(kept), *start);
  numbers_at(node, input.shape, [&](Dimensions index) {
    const double number = (*input.numbers)[static_cast<std::size_t>(offset_of(index, input.shape))];
    for (std::size_t axis = 0; axis < index.size(); ++axis) {
      if (kept[axis] == 1) index[axis] = 0;
    }
    double& sum = (*sums)[static_cast<std::size_t>(offset_of(index, kept))];
    sum = accumulated(function, sum, number);
    return number;
  });
  return sums;
}

/// All elements along `axes` become one.
OnnxValue reduced(OnnxNode& node,
                  OnnxValue input,
                  const std::vector<std::size_t>& axes,
                  ReductionFunction function,
                  bool keep_axes,
                  int type) {
  Dimensions kept = input.shape;
  for (const std::size_t axis : axes) kept[axis] = 1;
  Dimensions shape;
  for (std::size_t axis = 0; axis < kept.size(); ++axis) {
    if (keep_axes || !std::ranges::binary_search(axes, axis)) shape.push_back(kept[axis]);
  }
  if (input.is_constant()) {
    return constant(type, shape, reduced_numbers(node, input, kept, function));
  }
  if (input.batch_axis && std::ranges::binary_search(axes, *input.batch_axis)) {
    input = node.whole(input);
  }
  OnnxResult result{shape, input.batch_axis, type};
  if (result.batch_axis && !keep_axes) {
    *result.batch_axis -= static_cast<std::size_t>(
        std::ranges::count_if(axes, [&](std::size_t axis) { return axis < *input.batch_axis; }));
  }
  Reduction op;
  op.function = function;
  op.keep_axes = keep_axes;
  for (const std::size_t axis : axes) op.axes.push_back(node.sample_axis(input, axis));
  return node.layer(op, {{input}}, result);
}

/// Axes are an attribute up to operator set 17 (12 for ReduceSum), an input since; none: all.
std::vector<std::size_t> reduced_axes(const OnnxNode& node, std::size_t rank) {
  const auto given = node.numbers("axes", 1);
  if (given && !given->empty()) return normalised_axes(*given, rank);
  if (!given && node.has(1)) refuse("its axes are computed from the samples");
  std::vector<std::size_t> all(rank);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

void reduce(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto given = node.numbers("axes", 1);
  const bool none = (!node.has(1) && !given) || (given && given->empty());
  if (none && node.integer("noop_with_empty_axes", 0) != 0) return node.set(0, input);
  if (!given && node.has(1)) {
    // Which axes is only known to a run; how many elements are left is what the file says.
    const auto declared = node.declared_shape(0);
    if (!declared) refuse("its axes are computed from the samples");
    node.note(NoteKind::Approximated, "has the shape that the file gives its output");
    const OnnxValue from = node.whole(input);
    const std::int64_t left = std::max<std::int64_t>(1, element_count(*declared));
    const std::int64_t each = std::min<std::int64_t>(1000, element_count(input.shape) / left);
    return node.set(0, pass(node, {{from}}, {*declared, {}, input.type}, each, true));
  }
  const std::string_view name = node.proto().op_type();
  const auto known = std::ranges::find(kReductions, name, &KnownReduction::name);
  const bool keep = node.integer("keepdims", 1) != 0;
  OnnxValue result =
      reduced(node, input, reduced_axes(node, input.rank()), known->function, keep, input.type);
  if (name == "ReduceLogSum" && result.is_activation()) {
    result = node.layer(Activation{Function::Log, {}, {}},
                        {{result}},
                        {result.shape, result.batch_axis, result.type},
                        {},
                        "log");
  }
  node.set(0, std::move(result));
}

void index_of_extreme(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  node.set(0,
           reduced(node,
                   input,
                   {node.axis(0, input.rank())},
                   ReductionFunction::ArgMax,
                   node.integer("keepdims", 1) != 0,
                   onnx::TensorProto::INT64));
}

/// Up to operator set 12 over the axis and all that follow it, later over the axis alone.
void softmax(OnnxNode& node) {
  OnnxValue input = node.tensor(0);
  if (input.rank() == 0) return node.map(Softmax{});
  const bool to_the_end = node.operator_set() < 13;
  const std::size_t axis = node.axis(to_the_end ? 1 : -1, input.rank());
  if (input.batch_axis && (*input.batch_axis == axis || (to_the_end && *input.batch_axis > axis))) {
    input = node.whole(input);
  }
  if (input.is_constant()) return node.set(0, constant(input.type, input.shape));
  Softmax op;
  op.logarithm = node.proto().op_type() == "LogSoftmax";
  const Dimensions sample = node.sample(input);
  const auto inner = static_cast<std::size_t>(node.sample_axis(input, axis));
  const bool is_all = to_the_end ? product(sample, 0, inner) == 1 : sample.size() == 1;
  OnnxOperand operand{input};
  if (!is_all) {
    op.axis = static_cast<std::int64_t>(inner);
    if (to_the_end && inner + 1 < sample.size()) {
      operand.sample = {product(sample, 0, inner), product(sample, inner, sample.size())};
      op.axis = 1;
    }
  }
  OnnxValue made = node.layer(op, {operand}, {input.shape, input.batch_axis, input.type});
  node.set(0, std::move(made));
}

/// k is an attribute in operator set 1 to 9. Values and indices come out of one pass.
void top_k(OnnxNode& node) {
  OnnxValue input = node.tensor(0);
  const std::size_t axis = node.axis(-1, input.rank());
  std::optional<std::int64_t> k;
  if (node.has_attribute("k")) k = node.integer("k", 1);
  if (const auto given = node.numbers(1); given && given->size() == 1) k = (*given)[0];
  if (!k) {
    const auto declared = node.declared_shape(0);
    if (!declared || declared->size() != input.rank()) refuse("k is computed from the samples");
    node.note(NoteKind::Approximated, "has the shape that the file gives its output");
    k = (*declared)[axis];
  }
  if (input.batch_axis == axis) input = node.whole(input);
  OnnxResult result{input.shape, input.batch_axis, input.type};
  if (*k < 0 || *k > input.shape[axis]) {
    refuse(fmt::format("keeps {} of {} elements", *k, input.shape[axis]));
  }
  result.shape[axis] = *k;
  OnnxValue made = node.layer(TopK{*k, node.sample_axis(input, axis)}, {{input}}, result);
  node.set(0, made);
  made.type = onnx::TensorProto::INT64;
  node.set(1, std::move(made));
}

constexpr OnnxOperator kOperators[] = {{"ArgMax", index_of_extreme},
                                       {"ArgMin", index_of_extreme},
                                       {"LogSoftmax", softmax},
                                       {"ReduceL1", reduce, 1, 2},
                                       {"ReduceL2", reduce, 1, 2},
                                       {"ReduceLogSum", reduce, 1, 2},
                                       {"ReduceLogSumExp", reduce, 1, 2},
                                       {"ReduceMax", reduce, 1, 2},
                                       {"ReduceMean", reduce, 1, 2},
                                       {"ReduceMin", reduce, 1, 2},
                                       {"ReduceProd", reduce, 1, 2},
                                       {"ReduceSum", reduce, 1, 2},
                                       {"ReduceSumSquare", reduce, 1, 2},
                                       {"Softmax", softmax},
                                       {"TopK", top_k, 1, 2}};

}  // namespace

std::span<const OnnxOperator> onnx_reduction_operators() {
  return kOperators;
}

}  // namespace omniphi::models
