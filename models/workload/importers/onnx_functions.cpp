// Functions of one element.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_formats.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

/// What is known of a function; `fold` computes it of constants, null where no shape depends on it.
struct KnownFunction {
  std::string_view name;
  Function function;
  double (*fold)(double) = nullptr;
  int result_type = onnx::TensorProto::UNDEFINED;  // that of the input, unless it is said
};

double negated(double x) {
  return -x;
}

double inverse(double x) {
  return 1 / x;
}

double none_of(double x) {
  return x == 0 ? 1 : 0;
}

double relu(double x) {
  return std::max(0.0, x);
}

double sign(double x) {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
}

double magnitude(double x) {
  return std::fabs(x);
}

double rounded_down(double x) {
  return std::floor(x);
}

double rounded_up(double x) {
  return std::ceil(x);
}

double rounded(double x) {
  return std::nearbyint(x);
}

double root(double x) {
  return std::sqrt(x);
}

double exponential(double x) {
  return std::exp(x);
}

double logarithm(double x) {
  return std::log(x);
}

constexpr int kBool = onnx::TensorProto::BOOL;

constexpr KnownFunction kFunctions[] = {{"Abs", Function::Abs, magnitude},
                                        {"Acos", Function::Trigonometric},
                                        {"Acosh", Function::Trigonometric},
                                        {"Asin", Function::Trigonometric},
                                        {"Asinh", Function::Trigonometric},
                                        {"Atan", Function::Trigonometric},
                                        {"Atanh", Function::Trigonometric},
                                        {"Ceil", Function::Step, rounded_up},
                                        {"Celu", Function::Celu},
                                        {"Cos", Function::Trigonometric},
                                        {"Cosh", Function::Trigonometric},
                                        {"Elu", Function::Elu},
                                        {"Erf", Function::Erf},
                                        {"Exp", Function::Exp, exponential},
                                        {"FastGelu", Function::GeluTanh},
                                        {"Floor", Function::Step, rounded_down},
                                        {"Gelu", Function::Gelu},
                                        {"HardSigmoid", Function::HardSigmoid},
                                        {"HardSwish", Function::HardSwish},
                                        {"IsInf", Function::Step, nullptr, kBool},
                                        {"IsNaN", Function::Step, nullptr, kBool},
                                        {"LeakyRelu", Function::LeakyRelu},
                                        {"Log", Function::Log, logarithm},
                                        {"Mish", Function::Mish},
                                        {"Neg", Function::Negation, negated},
                                        {"Not", Function::Step, none_of},
                                        {"BitwiseNot", Function::Step},
                                        {"QuickGelu", Function::Silu},
                                        {"Reciprocal", Function::Reciprocal, inverse},
                                        {"Relu", Function::Relu, relu},
                                        {"Round", Function::Step, rounded},
                                        {"Selu", Function::Selu},
                                        {"Shrink", Function::Shrink},
                                        {"Sigmoid", Function::Sigmoid},
                                        {"Sign", Function::Step, sign},
                                        {"Sin", Function::Trigonometric},
                                        {"Sinh", Function::Trigonometric},
                                        {"Softplus", Function::Softplus},
                                        {"Softsign", Function::Softsign},
                                        {"Sqrt", Function::Sqrt, root},
                                        {"Swish", Function::Silu},
                                        {"Tan", Function::Trigonometric},
                                        {"Tanh", Function::Tanh},
                                        {"ThresholdedRelu", Function::ThresholdedRelu}};

const KnownFunction& known_function(std::string_view name) {
  return *std::ranges::find(kFunctions, name, &KnownFunction::name);
}

OnnxValue applied(OnnxNode& node, const OnnxValue& input, const KnownFunction& known) {
  const int type = known.result_type != 0 ? known.result_type : input.type;
  if (input.is_constant() && input.numbers && known.fold) {
    return constant(type, input.shape, numbers_at(node, input.shape, [&](const Dimensions& index) {
                      return known.fold((
                          *input.numbers)[static_cast<std::size_t>(offset_of(index, input.shape))]);
                    }));
  }
  Activation op;
  op.function = known.function;
  if (node.has_attribute("alpha")) op.alpha = node.real("alpha", 0);
  if (node.has_attribute("beta")) op.beta = node.real("beta", 0);
  return node.layer(op, {{input}}, {input.shape, input.batch_axis, type});
}

void function(OnnxNode& node) {
  node.set(0, applied(node, node.tensor(0), known_function(node.proto().op_type())));
}

/// ONNX 20 names the approximation by an attribute.
void gelu(OnnxNode& node) {
  const bool tanh = node.text("approximate", "none") == "tanh";
  node.set(0, applied(node, node.tensor(0), known_function(tanh ? "FastGelu" : "Gelu")));
}

/// ONNX Runtime adds a bias first: com.microsoft FastGelu and BiasGelu.
void gelu_with_bias(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  OnnxValue sum = input;
  if (node.has(1)) {
    const OnnxValue& bias = node.weight(1);
    Scale shift{.scale = false, .shift = true};
    shift.shape = bias.shape;
    sum =
        node.layer(shift, {{input}}, {input.shape, input.batch_axis, input.type}, {&bias}, "bias");
  }
  const bool fast = node.proto().op_type() == "FastGelu";
  node.set(0, applied(node, sum, known_function(fast ? "FastGelu" : "Gelu")));
}

/// The bounds are attributes up to operator set 10, inputs since.
void clip(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  if (input.is_constant()) return node.set(0, constant(input.type, input.shape));
  Activation op;
  op.function = Function::Clip;
  if (node.has_attribute("min")) op.alpha = node.real("min", 0);
  if (node.has_attribute("max")) op.beta = node.real("max", 0);
  if (node.has(1)) op.alpha = scalar(node.tensor(1));
  if (node.has(2)) op.beta = scalar(node.tensor(2));
  for (auto* bound : {&op.alpha, &op.beta}) {
    if (*bound && !std::isfinite(**bound)) bound->reset();
  }
  node.map(op);
}

/// The mask, where it is asked for, comes out of the same pass.
void dropout(OnnxNode& node) {
  Dropout op;
  op.ratio = node.real("ratio", 0.5);
  if (node.has(1)) op.ratio = scalar(node.tensor(1)).value_or(op.ratio);
  if (!(op.ratio >= 0 && op.ratio <= 1)) {
    refuse(fmt::format("drops a share of {}, which must be from 0 to 1", op.ratio));
  }
  const OnnxValue& input = node.tensor(0);
  OnnxValue made = node.layer(op, {{input}}, {input.shape, input.batch_axis, input.type});
  made.stored_type = input.stored_type;
  node.set(0, made);
  made.type = onnx::TensorProto::BOOL;
  node.set(1, std::move(made));
}

void parametric_relu(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  OnnxValue slope = node.tensor(1);
  // Up to operator set 6 slopes are matched with the channels.
  if (node.operator_set() < 7 && slope.rank() == 1 && input.rank() > 2) {
    Dimensions per_channel(input.rank() - 1, 1);
    per_channel[0] = slope.shape[0];
    slope = reshaped(node, slope, std::move(per_channel));
  }
  const Dimensions shape = broadcast_shape(input.shape, slope.shape);
  const auto batch = broadcast_batch_axis({&input, &slope}, shape.size());
  if (!slope.is_constant() || shape != input.shape) {
    const OnnxResult result{shape, batch, input.type};
    constexpr std::int64_t kComparisonAndProduct = 2;
    return node.set(0, pass(node, {{input}, {slope}}, result, kComparisonAndProduct, true));
  }
  ParametricRelu op;
  op.shape = aligned_sample(node, slope, shape, batch);
  node.map(op, {&slope});
}

/// One largest element an axis becomes 1, the others 0.
void hardmax(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const bool mixes = input.batch_axis == node.axis(node.operator_set() < 13 ? 1 : -1, input.rank());
  const OnnxValue from = mixes ? node.whole(input) : input;
  constexpr std::int64_t kComparisons = 2;
  node.set(0, pass(node, {{from}}, {input.shape, from.batch_axis, input.type}, kComparisons));
}

void cumulative_sum(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto axis = node.numbers(1);
  const bool mixes =
      !axis || axis->size() != 1 || normalised_axes(*axis, input.rank())[0] == input.batch_axis;
  const OnnxValue from = mixes ? node.whole(input) : input;
  node.set(0, pass(node, {{from}}, {input.shape, from.batch_axis, input.type}, 1, true));
}

constexpr OnnxOperator kOperators[] = {{"Abs", function},
                                       {"Acos", function},
                                       {"Acosh", function},
                                       {"Asin", function},
                                       {"Asinh", function},
                                       {"Atan", function},
                                       {"Atanh", function},
                                       {"BiasGelu", gelu_with_bias, 2, 2, kContrib},
                                       {"BitwiseNot", function},
                                       {"Ceil", function},
                                       {"Celu", function},
                                       {"Clip", clip, 1, 3},
                                       {"Cos", function},
                                       {"Cosh", function},
                                       {"CumSum", cumulative_sum, 2, 2},
                                       {"Dropout", dropout, 1, 3},
                                       {"Elu", function},
                                       {"Erf", function},
                                       {"Exp", function},
                                       {"FastGelu", gelu_with_bias, 1, 2, kContrib},
                                       {"Floor", function},
                                       {"Gelu", gelu},
                                       {"Gelu", function, 1, 1, kContrib},
                                       {"HardSigmoid", function},
                                       {"HardSwish", function},
                                       {"Hardmax", hardmax},
                                       {"IsInf", function},
                                       {"IsNaN", function},
                                       {"LeakyRelu", function},
                                       {"Log", function},
                                       {"Mish", function},
                                       {"Neg", function},
                                       {"Not", function},
                                       {"PRelu", parametric_relu, 2, 2, "", 1u << 1},
                                       {"QuickGelu", function, 1, 1, kContrib},
                                       {"Reciprocal", function},
                                       {"Relu", function},
                                       {"Round", function},
                                       {"Selu", function},
                                       {"Shrink", function},
                                       {"Sigmoid", function},
                                       {"Sign", function},
                                       {"Sin", function},
                                       {"Sinh", function},
                                       {"Softplus", function},
                                       {"Softsign", function},
                                       {"Sqrt", function},
                                       {"Swish", function},
                                       {"Tan", function},
                                       {"Tanh", function},
                                       {"ThresholdedRelu", function}};

}  // namespace

std::span<const OnnxOperator> onnx_function_operators() {
  return kOperators;
}

}  // namespace omniphi::models
