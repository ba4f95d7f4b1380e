// Operators that combine tensors element by element.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_formats.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

struct KnownCombination {
  std::string_view name;
  Combination combination;
  double (*fold)(double, double);
  bool gives_bool = false;
};

double sum(double a, double b) {
  return a + b;
}

double difference(double a, double b) {
  return a - b;
}

double product(double a, double b) {
  return a * b;
}

double quotient(double a, double b) {
  return a / b;
}

double power(double a, double b) {
  return std::pow(a, b);
}

double smaller(double a, double b) {
  return std::min(a, b);
}

double larger(double a, double b) {
  return std::max(a, b);
}

/// The remainder has the divisor's sign, as in Python.
double remainder(double a, double b) {
  return a - b * std::floor(a / b);
}

double equal(double a, double b) {
  return a == b ? 1 : 0;
}

double less(double a, double b) {
  return a < b ? 1 : 0;
}

double greater(double a, double b) {
  return a > b ? 1 : 0;
}

double at_most(double a, double b) {
  return a <= b ? 1 : 0;
}

double at_least(double a, double b) {
  return a >= b ? 1 : 0;
}

double both(double a, double b) {
  return a != 0 && b != 0 ? 1 : 0;
}

double either(double a, double b) {
  return a != 0 || b != 0 ? 1 : 0;
}

double one_of_two(double a, double b) {
  return (a != 0) != (b != 0) ? 1 : 0;
}

constexpr KnownCombination kCombinations[] = {
    {"Add", Combination::Sum, sum},
    {"And", Combination::Logical, both, true},
    {"BitShift", Combination::Logical, nullptr},
    {"BitwiseAnd", Combination::Logical, nullptr},
    {"BitwiseOr", Combination::Logical, nullptr},
    {"BitwiseXor", Combination::Logical, nullptr},
    {"Div", Combination::Quotient, quotient},
    {"Equal", Combination::Comparison, equal, true},
    {"Greater", Combination::Comparison, greater, true},
    {"GreaterOrEqual", Combination::Comparison, at_least, true},
    {"Less", Combination::Comparison, less, true},
    {"LessOrEqual", Combination::Comparison, at_most, true},
    {"Max", Combination::Maximum, larger},
    {"Mean", Combination::Mean, nullptr},
    {"Min", Combination::Minimum, smaller},
    {"Mod", Combination::Modulo, remainder},
    {"Mul", Combination::Product, product},
    {"Or", Combination::Logical, either, true},
    {"Pow", Combination::Power, power},
    {"Sub", Combination::Difference, difference},
    {"Sum", Combination::Sum, sum},
    {"Xor", Combination::Logical, one_of_two, true}};

const KnownCombination& known_combination(std::string_view name) {
  return *std::ranges::find(kCombinations, name, &KnownCombination::name);
}

/// Up to operator set 6 the second input may be matched from an axis that the node names.
OnnxValue matched_from_axis(OnnxNode& node, const OnnxValue& value, std::size_t rank) {
  const bool old = node.operator_set() < 7 && node.integer("broadcast", 0) != 0;
  if (!old || !node.has_attribute("axis")) return value;
  const std::size_t axis = node.axis(0, rank);
  if (axis + value.rank() > rank) refuse("its second input has too many axes");
  Dimensions shape = value.shape;
  shape.resize(rank - axis, 1);
  return reshaped(node, value, std::move(shape));
}

OnnxValue folded(OnnxNode& node,
                 const std::vector<OnnxValue>& values,
                 const KnownCombination& known,
                 const Dimensions& shape,
                 int type) {
  const bool all_known =
      std::ranges::all_of(values, [](const OnnxValue& v) { return v.numbers != nullptr; });
  if (!all_known || !known.fold || element_count(shape) == 0) return constant(type, shape);
  const bool whole = !is_floating(type) && known.combination == Combination::Quotient;
  return constant(type, shape, numbers_at(node, shape, [&](const Dimensions& index) {
                    double result = broadcast_number(values[0], index);
                    for (std::size_t i = 1; i < values.size(); ++i) {
                      result = known.fold(result, broadcast_number(values[i], index));
                    }
                    return whole ? std::trunc(result) : result;
                  }));
}

/// One activation with one number that is the same everywhere.
std::optional<Op> with_number(const KnownCombination& known, const OnnxValue& number, bool first) {
  const std::optional<double> value = scalar(number);
  Scale by{.scale = true, .shift = false};
  by.shape = {1};
  by.learnt = false;
  switch (known.combination) {
    case Combination::Sum:
    case Combination::Difference:
      std::swap(by.scale, by.shift);
      return by;
    case Combination::Product:
      return by;
    case Combination::Quotient:
      return first ? Op(Activation{Function::Reciprocal, {}, {}}) : Op(by);
    case Combination::Power:
      if (first) return Activation{Function::Exp, {}, {}};
      if (value == 2) return Activation{Function::Square, {}, {}};
      if (value == 0.5) return Activation{Function::Sqrt, {}, {}};
      return Activation{Function::Power, value, {}};
    case Combination::Minimum:
      return Activation{Function::Clip, {}, value};
    case Combination::Maximum:
      return Activation{Function::Clip, value, {}};
    case Combination::Comparison:
    case Combination::Logical:
      return Activation{Function::Step, {}, {}};
    default:
      return {};
  }
}

/// One activation with a learnt number for some of its axes.
std::optional<Scale> with_weights(const KnownCombination& known, bool first) {
  Scale op{.scale = false, .shift = false};
  switch (known.combination) {
    case Combination::Sum:
    case Combination::Difference:
      op.shift = true;
      return op;
    case Combination::Quotient:
      if (first) return {};
      [[fallthrough]];
    case Combination::Product:
      op.scale = true;
      return op;
    default:
      return {};
  }
}

OnnxValue combined(OnnxNode& node,
                   const std::vector<OnnxValue>& values,
                   const KnownCombination& known) {
  Dimensions shape = values[0].shape;
  for (const OnnxValue& value : values) shape = broadcast_shape(shape, value.shape);
  const int type = known.gives_bool ? static_cast<int>(onnx::TensorProto::BOOL) : values[0].type;
  const auto constants = std::ranges::count_if(values, &OnnxValue::is_constant);
  if (constants == static_cast<std::ptrdiff_t>(values.size())) {
    return folded(node, values, known, shape, type);
  }
  if (values.size() == 1) return values[0];
  std::vector<const OnnxValue*> pointers;
  for (const OnnxValue& value : values) pointers.push_back(&value);
  std::optional<std::size_t> batch = broadcast_batch_axis(pointers, shape.size());
  const OnnxResult result{shape, batch, type};

  if (values.size() == 2 && constants == 1) {
    const bool first = values[0].is_constant();
    const OnnxValue& fixed = values[first ? 0 : 1];
    const OnnxValue& input = values[first ? 1 : 0];
    const bool number = element_count(fixed.shape) == 1;
    if (number && shape == input.shape) {
      if (auto op = with_number(known, fixed, first)) return node.layer(*op, {{input}}, result);
    }
    if (is_learnt(fixed) && shape == input.shape) {
      if (auto op = with_weights(known, first)) {
        op->shape = aligned_sample(node, fixed, shape, batch);
        return node.layer(*op, {{input}}, result, {&fixed});
      }
    }
  }
  std::vector<OnnxOperand> operands;
  for (const OnnxValue& value : values) {
    operands.push_back({value, aligned_sample(node, value, shape, batch)});
  }
  return node.layer(ElementWise{known.combination}, operands, result);
}

void combine(OnnxNode& node) {
  std::vector<OnnxValue> values;
  for (int i = 0; i < node.inputs(); ++i) {
    if (node.has(i)) values.push_back(node.tensor(i));
  }
  require(!values.empty(), "combines nothing");
  if (values.size() == 2) values[1] = matched_from_axis(node, values[1], values[0].rank());
  node.set(0, combined(node, values, known_combination(node.proto().op_type())));
}

void where(OnnxNode& node) {
  const OnnxValue& condition = node.tensor(0);
  const OnnxValue& yes = node.tensor(1);
  const OnnxValue& no = node.tensor(2);
  const Dimensions shape = broadcast_shape(broadcast_shape(condition.shape, yes.shape), no.shape);
  if (condition.is_constant() && yes.is_constant() && no.is_constant()) {
    OnnxNumbers numbers;
    if (condition.numbers && yes.numbers && no.numbers) {
      numbers = numbers_at(node, shape, [&](const Dimensions& index) {
        return broadcast_number(broadcast_number(condition, index) != 0 ? yes : no, index);
      });
    }
    return node.set(0, constant(yes.type, shape, std::move(numbers)));
  }
  const auto batch = broadcast_batch_axis({&condition, &yes, &no}, shape.size());
  std::vector<OnnxOperand> operands;
  for (const OnnxValue* value : {&condition, &yes, &no}) {
    operands.push_back({*value, aligned_sample(node, *value, shape, batch)});
  }
  node.set(0, node.layer(ElementWise{Combination::Select}, operands, {shape, batch, yes.type}));
}

constexpr OnnxOperator kOperators[] = {
    {"Add", combine, 2, 2},          {"And", combine, 2, 2},
    {"BitShift", combine, 2, 2},     {"BitwiseAnd", combine, 2, 2},
    {"BitwiseOr", combine, 2, 2},    {"BitwiseXor", combine, 2, 2},
    {"Div", combine, 2, 2},          {"Equal", combine, 2, 2},
    {"Greater", combine, 2, 2},      {"GreaterOrEqual", combine, 2, 2},
    {"Less", combine, 2, 2},         {"LessOrEqual", combine, 2, 2},
    {"Max", combine, 1, kAnyNumber}, {"Mean", combine, 1, kAnyNumber},
    {"Min", combine, 1, kAnyNumber}, {"Mod", combine, 2, 2},
    {"Mul", combine, 2, 2},          {"Or", combine, 2, 2},
    {"Pow", combine, 2, 2},          {"Sub", combine, 2, 2},
    {"Sum", combine, 1, kAnyNumber}, {"Where", where, 3, 3},
    {"Xor", combine, 2, 2}};

}  // namespace

std::span<const OnnxOperator> onnx_combination_operators() {
  return kOperators;
}

}  // namespace omniphi::models
