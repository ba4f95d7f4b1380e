#include "models/workload/importers/onnx_ops.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_node.h"
#include "models/workload/importers/onnx_window.h"

namespace omniphi::models {

namespace {

using Dimensions = std::vector<std::int64_t>;

template <class... Args>
void require(bool holds, fmt::format_string<Args...> text, Args&&... args) {
  if (!holds) throw std::invalid_argument(fmt::format(text, std::forward<Args>(args)...));
}

std::int64_t product(const Dimensions& dimensions) {
  return std::accumulate(
      dimensions.begin(), dimensions.end(), std::int64_t{1}, std::multiplies<>());
}

/// Shape of an input that must be a constant, since it is to be learnt.
Dimensions parameter_shape(const onnx::NodeProto& node, int index, const OnnxGraph& graph) {
  const std::string name = input_name(node, index);
  require(graph.is_constant(name), "{} is computed by the network, not a weight", in_quotes(name));
  return graph.shape(name);
}

/// Whether the node has this input, a bias for each of so many outputs.
bool has_bias(const onnx::NodeProto& node,
              int index,
              std::int64_t outputs,
              const OnnxGraph& graph) {
  if (input_name(node, index).empty()) return false;
  const std::int64_t biases = product(parameter_shape(node, index, graph));
  require(biases == outputs, "has {} biases for {} outputs", biases, outputs);
  return true;
}

/// An axis counted from the front of a tensor of this rank.
std::int64_t axis_attribute(const onnx::NodeProto& node, std::int64_t otherwise, std::size_t rank) {
  const auto axes = static_cast<std::int64_t>(rank);
  const std::int64_t axis = integer_attribute(node, "axis", otherwise);
  require(-axes <= axis && axis < axes, "has axis {} of {}", axis, axes);
  return axis < 0 ? axis + axes : axis;
}

void convolution(const onnx::NodeProto& node, OnnxLayers& layers) {
  const OnnxGraph& graph = layers.graph();
  const TensorShape input = graph.sample_shape(node.input(0));
  // [filters, channels / groups, kernel...]
  const Dimensions weights = parameter_shape(node, 1, graph);
  require(weights.size() == input.rank() + 1,
          "has weights of {} dimensions for samples of {}",
          weights.size(),
          input.rank());
  Convolution op;
  op.channels = weights[0];
  op.groups = integer_attribute(node, "group", 1);
  require(
      op.channels % op.groups == 0, "{} groups do not divide {} filters", op.groups, op.channels);
  require(weights[1] * op.groups == input.dimensions[0],
          "has weights for {} groups of {} channels but gets {} channels",
          op.groups,
          weights[1],
          input.dimensions[0]);
  const OnnxWindow w = window_of(node, input, {weights.begin() + 2, weights.end()});
  w.store(op);
  op.dilation = per_axis(w.dilation);
  op.bias = has_bias(node, 2, op.channels, graph);
  layers.add(node, op, {node.input(0)});
}

/// y = x W + b over samples that are vectors.
void inner_product(const onnx::NodeProto& node, OnnxLayers& layers, bool transposed) {
  const OnnxGraph& graph = layers.graph();
  const TensorShape input = graph.sample_shape(node.input(0));
  const Dimensions weights = parameter_shape(node, 1, graph);
  require(input.rank() == 1 && weights.size() == 2,
          "multiplies {} per sample, not a vector",
          input.text());
  const std::int64_t inputs = transposed ? weights[1] : weights[0];
  require(
      inputs == input.dimensions[0], "has weights for {} inputs but gets {}", inputs, input.text());
  InnerProduct op;
  op.features = transposed ? weights[0] : weights[1];
  op.bias = has_bias(node, 2, op.features, graph);
  layers.add(node, op, {node.input(0)});
}

void gemm(const onnx::NodeProto& node, OnnxLayers& layers) {
  require(integer_attribute(node, "transA", 0) == 0, "transA mixes the batch with the features");
  inner_product(node, layers, integer_attribute(node, "transB", 0) != 0);
}

void matmul(const onnx::NodeProto& node, OnnxLayers& layers) {
  inner_product(node, layers, false);
}

void pooling(const onnx::NodeProto& node, OnnxLayers& layers, PoolingMode mode) {
  const TensorShape input = layers.graph().sample_shape(node.input(0));
  const OnnxWindow w = window_of(node, input, integers_attribute(node, "kernel_shape"));
  require(product(w.dilation) == 1, "a dilated pooling window is not supported");
  Pooling op;
  op.mode = mode;
  w.store(op);
  if (integer_attribute(node, "ceil_mode", 0) != 0) op.rounding = Rounding::Ceil;
  layers.add(node, op, {node.input(0)});
}

void max_pool(const onnx::NodeProto& node, OnnxLayers& layers) {
  pooling(node, layers, PoolingMode::Maximum);
}

void average_pool(const onnx::NodeProto& node, OnnxLayers& layers) {
  pooling(node, layers, PoolingMode::Average);
}

void global_max_pool(const onnx::NodeProto& node, OnnxLayers& layers) {
  layers.add(node, GlobalPooling{PoolingMode::Maximum}, {node.input(0)});
}

void global_average_pool(const onnx::NodeProto& node, OnnxLayers& layers) {
  layers.add(node, GlobalPooling{PoolingMode::Average}, {node.input(0)});
}

void batch_normalization(const onnx::NodeProto& node, OnnxLayers& layers) {
  require(integer_attribute(node, "spatial", 1) != 0, "statistics per element are not supported");
  const std::int64_t channels = layers.graph().sample_shape(node.input(0)).dimensions[0];
  for (int i = 1; i < node.input_size(); ++i) {
    const std::int64_t size = product(parameter_shape(node, i, layers.graph()));
    require(size == channels,
            "{} is for {} channels, not {}",
            in_quotes(node.input(i)),
            size,
            channels);
  }
  layers.add(node, BatchNormalization{}, {node.input(0)});
}

void lrn(const onnx::NodeProto& node, OnnxLayers& layers) {
  layers.add(node, LocalResponseNormalization{integer_attribute(node, "size", 1)}, {node.input(0)});
}

void relu(const onnx::NodeProto& node, OnnxLayers& layers) {
  layers.add(node, Activation{Function::Relu}, {node.input(0)});
}

void sigmoid(const onnx::NodeProto& node, OnnxLayers& layers) {
  layers.add(node, Activation{Function::Sigmoid}, {node.input(0)});
}

void tanh(const onnx::NodeProto& node, OnnxLayers& layers) {
  layers.add(node, Activation{Function::Tanh}, {node.input(0)});
}

/// Refuses a constant that does not broadcast as one number for each channel of the sample.
void require_per_channel(const std::string& constant,
                         const TensorShape& sample,
                         const OnnxGraph& graph) {
  Dimensions shape = graph.shape(constant);
  const std::size_t rank = sample.rank() + 1;
  Dimensions expected(rank, 1);
  expected[1] = sample.dimensions[0];
  if (shape.size() < rank) shape.insert(shape.begin(), rank - shape.size(), 1);
  require(shape == expected,
          "the constant {} is not one number for each of {} channels",
          in_quotes(constant),
          sample.dimensions[0]);
}

/// Lets the operator that the shift follows add it; false if it has a shift of its own or none to
/// give.
bool absorb_shift(Op* op) {
  bool* shift = nullptr;
  if (auto* convolution = std::get_if<Convolution>(op)) shift = &convolution->bias;
  if (auto* product = std::get_if<InnerProduct>(op)) shift = &product->bias;
  if (auto* scale = std::get_if<Scale>(op)) shift = &scale->shift;
  return shift && !std::exchange(*shift, true);
}

/// Activations among themselves, or one with a learnt number per channel.
void combine(const onnx::NodeProto& node, OnnxLayers& layers, Combination combination) {
  std::vector<std::string> values = input_names(node);
  const OnnxGraph& graph = layers.graph();
  const auto constants =
      std::stable_partition(values.begin(), values.end(), [&](const std::string& value) {
        return !graph.is_constant(value);
      });
  if (constants == values.end()) {
    if (values.size() == 1) return layers.pass(node, values[0]);
    return layers.add(node, ElementWise{combination}, values);
  }
  require(values.size() == 2, "combines a constant with more than one activation");
  require_per_channel(values[1], graph.sample_shape(values[0]), graph);
  const bool shift = combination == Combination::Sum;
  if (shift && absorb_shift(layers.sole_producer(values[0]))) return layers.pass(node, values[0]);
  layers.add(node, Scale{.scale = !shift, .shift = shift}, {values[0]});
}

void sum(const onnx::NodeProto& node, OnnxLayers& layers) {
  combine(node, layers, Combination::Sum);
}

void mul(const onnx::NodeProto& node, OnnxLayers& layers) {
  combine(node, layers, Combination::Product);
}

void concat(const onnx::NodeProto& node, OnnxLayers& layers) {
  const std::size_t rank = layers.graph().shape(node.input(0)).size();
  const std::int64_t axis = axis_attribute(node, 1, rank);
  require(axis > 0, "joins along the batch");
  layers.add(node, Concatenation{axis - 1}, input_names(node));
}

/// Up to operator set 12 over the axis and all that follow it, later over the axis alone.
void softmax(const onnx::NodeProto& node, OnnxLayers& layers) {
  const bool to_the_end = layers.graph().operator_set() < 13;
  const TensorShape sample = layers.graph().sample_shape(node.input(0));
  const std::int64_t axis = axis_attribute(node, to_the_end ? 1 : -1, sample.rank() + 1);
  require(axis > 0, "mixes the batch with the sample");
  const auto first = sample.dimensions.begin() + (axis - 1);
  const Dimensions over(first, to_the_end ? sample.dimensions.end() : first + 1);
  require(
      product(over) == sample.elements(), "covers only a part of the sample, {}", sample.text());
  layers.add(node, Softmax{}, {node.input(0)});
}

void dropout(const onnx::NodeProto& node, OnnxLayers& layers) {
  // An attribute up to operator set 11, later an input.
  const double ratio =
      layers.graph().real(input_name(node, 1)).value_or(real_attribute(node, "ratio", 0.5));
  require(ratio >= 0 && ratio <= 1, "ratio {} is not between 0 and 1", ratio);
  layers.add(node, Dropout{ratio}, {node.input(0)});
}

/// Reshape, Flatten, Squeeze and Unsqueeze, once it is sure that they leave the batch alone.
void reshape(const onnx::NodeProto& node, OnnxLayers& layers) {
  const TensorShape output = layers.graph().sample_shape(node.output(0));
  layers.add(node, Reshape{output.dimensions}, {node.input(0)});
}

void flatten(const onnx::NodeProto& node, OnnxLayers& layers) {
  const std::size_t rank = layers.graph().shape(node.input(0)).size();
  require(axis_attribute(node, 1, rank) == 1,
          "flattens from another axis than the first of the sample");
  reshape(node, layers);
}

/// Squeeze and Unsqueeze: axes are an attribute up to operator set 12, later an input.
void reaxis(const onnx::NodeProto& node, OnnxLayers& layers) {
  const OnnxGraph& graph = layers.graph();
  const auto rank = static_cast<std::int64_t>(
      std::max(graph.shape(node.input(0)).size(), graph.shape(node.output(0)).size()));
  const Dimensions axes =
      graph.integers(input_name(node, 1)).value_or(integers_attribute(node, "axes"));
  for (const std::int64_t axis : axes) {
    require(axis != 0 && axis != -rank, "puts in or takes out an axis before the sample's");
  }
  reshape(node, layers);
}

void transpose(const onnx::NodeProto& node, OnnxLayers& layers) {
  Dimensions order = integers_attribute(node, "perm");
  require(!order.empty() && order[0] == 0, "moves the batch");
  order.erase(order.begin());
  for (std::int64_t& axis : order) --axis;
  layers.add(node, Transpose{order}, {node.input(0)});
}

void identity(const onnx::NodeProto& node, OnnxLayers& layers) {
  layers.pass(node, node.input(0));
}

using Translator = void (*)(const onnx::NodeProto&, OnnxLayers&);

struct Operator {
  std::string_view name;
  Translator translate;  // null: only constants go through it
};

constexpr std::array kOperators{Operator{"Add", sum},
                                Operator{"AveragePool", average_pool},
                                Operator{"BatchNormalization", batch_normalization},
                                Operator{"Cast", nullptr},
                                Operator{"Concat", concat},
                                Operator{"Constant", nullptr},
                                Operator{"ConstantOfShape", nullptr},
                                Operator{"Conv", convolution},
                                Operator{"Dropout", dropout},
                                Operator{"Flatten", flatten},
                                Operator{"Gather", nullptr},
                                Operator{"Gemm", gemm},
                                Operator{"GlobalAveragePool", global_average_pool},
                                Operator{"GlobalMaxPool", global_max_pool},
                                Operator{"Identity", identity},
                                Operator{"LRN", lrn},
                                Operator{"MatMul", matmul},
                                Operator{"MaxPool", max_pool},
                                Operator{"Mul", mul},
                                Operator{"Relu", relu},
                                Operator{"Reshape", reshape},
                                Operator{"Shape", nullptr},
                                Operator{"Sigmoid", sigmoid},
                                Operator{"Slice", nullptr},
                                Operator{"Softmax", softmax},
                                Operator{"Squeeze", reaxis},
                                Operator{"Sum", sum},
                                Operator{"Tanh", tanh},
                                Operator{"Transpose", transpose},
                                Operator{"Unsqueeze", reaxis}};

const Operator* find_operator(const onnx::NodeProto& node) {
  const auto found = std::find_if(kOperators.begin(), kOperators.end(), [&](const Operator& known) {
    return known.name == node.op_type();
  });
  return in_standard_domain(node) && found != kOperators.end() ? found : nullptr;
}

}  // namespace

bool is_supported(const onnx::NodeProto& node) {
  return find_operator(node) != nullptr;
}

void translate(const onnx::NodeProto& node, OnnxLayers& layers) {
  const Operator* known = find_operator(node);
  require(known && known->translate, "is supported among constants, not for activations");
  known->translate(node, layers);
}

}  // namespace omniphi::models
