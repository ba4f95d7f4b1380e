// Quantised operators: the same work as their floating-point twins, in the formats of their weights
// and operands.

#include <algorithm>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_products.h"

namespace omniphi::models {

namespace {

/// Reads the node as `twin` of the inputs at `indices`, scales and zero points left out.
void as_twin(OnnxNode& node, const std::string& twin, const std::vector<int>& indices) {
  onnx::NodeProto proto;
  proto.set_name(node.proto().name());
  proto.set_op_type(twin);
  for (const int index : indices) proto.add_input(node.has(index) ? node.proto().input(index) : "");
  *proto.mutable_output() = node.proto().output();
  *proto.mutable_attribute() = node.proto().attribute();
  OnnxNode translated(proto, node.scope(), node.walk());
  find_operator(proto)->translate(translated);
}

/// Gives the first output the type that the quantised operator has.
void retype(OnnxNode& node, int type) {
  const OnnxValue* made = node.scope().find(node.proto().output(0));
  OnnxValue result = *made;
  result.type = type;
  node.set(0, std::move(result));
}

int type_at(const OnnxNode& node, int index, int otherwise) {
  return node.has(index) ? node.tensor(index).type : otherwise;
}

constexpr int kUint8 = onnx::TensorProto::UINT8;
constexpr int kInt32 = onnx::TensorProto::INT32;

/// Part of the layer before it if that works on quantised numbers; else a pass of its own.
void quantise(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto named = static_cast<int>(node.integer("output_dtype", 0));
  const int type = type_at(node, 2, named != 0 ? named : kUint8);
  OnnxValue result = input;
  result.type = type;
  result.stored_type = onnx::TensorProto::UNDEFINED;
  result.numbers = nullptr;
  if (input.is_activation() && !node.walk().layers()[input.layer].format) {
    result = node.layer(Conversion{true}, {{input}}, {input.shape, input.batch_axis, type});
  }
  node.set(0, std::move(result));
}

/// Part of the layer that takes it.
void dequantise(OnnxNode& node) {
  OnnxValue result = node.tensor(0);
  result.stored_type = result.type;
  result.type = type_at(node, 1, onnx::TensorProto::FLOAT);
  result.numbers = nullptr;
  node.set(0, std::move(result));
}

/// Looks for the range first, over the whole tensor.
void dynamic_quantise(OnnxNode& node) {
  const OnnxValue input = node.whole(node.tensor(0));
  Reduction extremes;
  extremes.function = ReductionFunction::Maximum;
  const OnnxResult single{{}, {}, input.type};
  node.note(NoteKind::Approximated, "one comparison for each element to find its range, not two");
  OnnxValue range = node.layer(extremes, {{input}}, single, {}, "range");
  node.set(1, range);
  range.type = kUint8;
  node.set(2, std::move(range));
  node.set(0, node.layer(Conversion{true}, {{input}}, {input.shape, {}, kUint8}));
}

void quantised_convolution(OnnxNode& node) {
  as_twin(node, "Conv", {0, 3, 8});
  retype(node, type_at(node, 7, kUint8));
}

void integer_convolution(OnnxNode& node) {
  as_twin(node, "Conv", {0, 1});
  retype(node, kInt32);
}

void quantised_matmul(OnnxNode& node) {
  as_twin(node, "MatMul", {0, 3});
  retype(node, type_at(node, 7, kUint8));
}

void integer_matmul(OnnxNode& node) {
  as_twin(node, "MatMul", {0, 1});
  retype(node, kInt32);
}

void quantised_gemm(OnnxNode& node) {
  as_twin(node, "Gemm", {0, 3, 6});
  retype(node, type_at(node, 8, onnx::TensorProto::FLOAT));
}

/// Operands of ONNX Runtime's element-wise operators each bring scale and zero point.
void quantised_pair(OnnxNode& node) {
  as_twin(node, node.proto().op_type().substr(std::string_view("QLinear").size()), {0, 3});
  retype(node, node.tensor(0).type);
}

/// ONNX Runtime's QLinearSigmoid, QLinearLeakyRelu and pools.
void quantised_single(OnnxNode& node) {
  require(node.integer("channels_last", 0) == 0, "takes channels last");
  as_twin(node, node.proto().op_type().substr(std::string_view("QLinear").size()), {0});
  retype(node, node.tensor(0).type);
}

/// Scale and zero point of the output, then the three of each operand.
void quantised_concat(OnnxNode& node) {
  std::vector<int> operands;
  for (int i = 2; i < node.inputs(); i += 3) operands.push_back(i);
  as_twin(node, "Concat", operands);
  retype(node, node.tensor(2).type);
}

/// A floating operand quantised on the way: com.microsoft DynamicQuantizeMatMul (bias is input 4)
/// and MatMulIntegerToFloat (input 6).
void matmul_to_float(OnnxNode& node) {
  const int bias = node.proto().op_type() == "DynamicQuantizeMatMul" ? 4 : 6;
  OnnxValue made = multiplied(node,
                              node.tensor(0),
                              node.tensor(1),
                              false,
                              false,
                              node.has(bias) ? &node.weight(bias) : nullptr);
  made.type = onnx::TensorProto::FLOAT;
  node.set(0, std::move(made));
}

/// Weights of a few bits, packed: the attributes say what they are.
void matmul_of_few_bits(OnnxNode& node) {
  const std::int64_t bits = node.integer("bits", 4);
  OnnxValue weights = node.weight(1);
  weights.shape = {node.integer("K", 0), node.integer("N", 0)};
  if (weights.shape[0] < 1 || weights.shape[1] < 1) refuse("has no sizes K and N");
  weights.numbers = nullptr;
  constexpr int kInt4 = 22;  // since IR version 10
  weights.type = bits <= 4 ? kInt4 : static_cast<int>(onnx::TensorProto::INT8);
  node.note(NoteKind::NotModelled, "the scales of blocks of weights are left out");
  node.set(0, multiplied(node, node.tensor(0), weights));
}

constexpr std::uint32_t kSecond = 1u << 1;

constexpr OnnxOperator kOperators[] = {
    {"ConvInteger", integer_convolution, 2, 4, "", kSecond},
    {"DequantizeLinear", dequantise, 2, 3},
    {"DequantizeLinear", dequantise, 2, 3, kContrib},
    {"DynamicQuantizeLinear", dynamic_quantise},
    {"DynamicQuantizeMatMul", matmul_to_float, 3, 5, kContrib},
    {"MatMulInteger", integer_matmul, 2, 4},
    {"MatMulIntegerToFloat", matmul_to_float, 4, 7, kContrib},
    {"MatMulNBits", matmul_of_few_bits, 3, 6, kContrib},
    {"QGemm", quantised_gemm, 6, 9, kContrib},
    {"QLinearAdd", quantised_pair, 7, 8, kContrib},
    {"QLinearAveragePool", quantised_single, 4, 5, kContrib},
    {"QLinearConcat", quantised_concat, 5, kAnyNumber, kContrib},
    {"QLinearConv", quantised_convolution, 8, 9, "", 1u << 3 | 1u << 8},
    {"QLinearGlobalAveragePool", quantised_single, 5, 5, kContrib},
    {"QLinearLeakyRelu", quantised_single, 4, 5, kContrib},
    {"QLinearMatMul", quantised_matmul, 8, 8},
    {"QLinearMul", quantised_pair, 7, 8, kContrib},
    {"QLinearSigmoid", quantised_single, 4, 5, kContrib},
    {"QuantizeLinear", quantise, 2, 3},
    {"QuantizeLinear", quantise, 2, 3, kContrib}};

}  // namespace

std::span<const OnnxOperator> onnx_quantised_operators() {
  return kOperators;
}

}  // namespace omniphi::models
