#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hw/base/parameter_reader.h"
#include "models/workload/tensor.h"

/// The operators of the layer graph. Each is a plain struct whose parameter list reads the network
/// YAML; shapes are those of one sample ([C, H, W]); tensors keep the batch outside.
namespace omniphi::models {

/// One whole number per spatial axis. In YAML one number stands for all axes: `kernel: 3`, `kernel:
/// [1, 7]`.
struct PerAxis {
  std::vector<std::int64_t> values;

  [[nodiscard]] std::int64_t operator[](std::size_t axis) const {
    return values.size() == 1 ? values[0] : values.at(axis);
  }

  friend bool operator==(const PerAxis&, const PerAxis&) = default;

  static void read(const ConfigNode&, const std::string& path, PerAxis& out, Rule, ReadContext);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;
};

/// Where the samples enter the network.
struct Input {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "input";
  std::vector<std::int64_t> shape;  // [C, H, W]

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape", self.shape, "shape of one sample, without the batch", required | at_least(1));
  }
};

/// Convolution (cross-correlation) of [C, spatial...] with `channels` filters.
struct Convolution {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "convolution";
  std::int64_t channels = 0;  // filters
  PerAxis kernel{{1}};
  PerAxis stride{{1}};
  PerAxis pad{{0}};                // before each axis
  std::optional<PerAxis> pad_end;  // after each axis, where it differs from `pad`
  PerAxis dilation{{1}};
  std::int64_t groups = 1;
  bool bias = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("channels",
      self.channels,
      "number of filters, the channels of the output",
      required | at_least(1));
    v("kernel", self.kernel, "filter size, per axis", at_least(1));
    v("stride", self.stride, "step of the filter, per axis", at_least(1));
    v("pad",
      self.pad,
      "zeros before each axis (and after it, unless pad_end says otherwise)",
      at_least(0));
    v("pad_end", self.pad_end, "zeros after each axis", at_least(0));
    v("dilation", self.dilation, "distance between filter taps, per axis", at_least(1));
    v("groups", self.groups, "channel groups convolved apart", at_least(1));
    v("bias", self.bias, "whether each filter adds a bias");
  }
};

/// y = W x + b over the flattened sample.
struct InnerProduct {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "inner-product";
  std::int64_t features = 0;
  bool bias = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("features", self.features, "number of outputs", required | at_least(1));
    v("bias", self.bias, "whether each output adds a bias");
  }
};

/// One matrix product C[m, n] += op(A)[m, k] op(B)[k, n] asked for by itself; it takes no input
/// layer and counts both operands as activations.
struct MatrixProduct {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "gemm";
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
  bool transpose_a = false;
  bool transpose_b = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("m", self.m, "rows of A and C", required | at_least(1));
    v("n", self.n, "columns of B and C", required | at_least(1));
    v("k", self.k, "columns of A, rows of B", required | at_least(1));
    v("transpose_a", self.transpose_a, "A is stored transposed");
    v("transpose_b", self.transpose_b, "B is stored transposed");
  }
};

enum class PoolingMode { Maximum, Average };

constexpr auto choices(PoolingMode) {
  return std::array{Choice<PoolingMode>{"max", PoolingMode::Maximum, "largest of the window"},
                    Choice<PoolingMode>{"average", PoolingMode::Average, "mean of the window"}};
}

enum class Rounding { Floor, Ceil };

constexpr auto choices(Rounding) {
  return std::array{
      Choice<Rounding>{"floor", Rounding::Floor, "windows that fit (ONNX, PyTorch)"},
      Choice<Rounding>{"ceil", Rounding::Ceil, "a last window that sticks out (Caffe)"}};
}

struct Pooling {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "pooling";
  PoolingMode mode = PoolingMode::Maximum;
  PerAxis kernel{{2}};
  PerAxis stride{{1}};
  PerAxis pad{{0}};
  std::optional<PerAxis> pad_end;
  Rounding rounding = Rounding::Floor;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("mode", self.mode, "what is taken of each window", required);
    v("kernel", self.kernel, "window size, per axis", required | at_least(1));
    v("stride", self.stride, "step of the window, per axis", at_least(1));
    v("pad",
      self.pad,
      "border before each axis (and after it, unless pad_end says otherwise)",
      at_least(0));
    v("pad_end", self.pad_end, "border after each axis", at_least(0));
    v("rounding", self.rounding, "how the output size is rounded");
  }
};

/// [C, spatial...] to [C, 1, ...].
struct GlobalPooling {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "global-pooling";
  PoolingMode mode = PoolingMode::Average;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("mode", self.mode, "what is taken of each channel");
  }
};

/// Normalisation by batch statistics (running ones at inference), then scale and shift per channel.
struct BatchNormalization {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "batch-normalization";
  bool affine = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("affine", self.affine, "whether a learnt scale and shift follow");
  }
};

/// Learnt scale and, if wanted, shift; per channel unless a shape is given.
struct Scale {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "scale";
  bool scale = true;
  bool shift = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("scale", self.scale, "multiply each channel by a learnt factor");
    v("shift", self.shift, "add a learnt term to each channel");
  }
};

struct LocalResponseNormalization {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "local-response-normalization";
  std::int64_t size = 5;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("size", self.size, "channels in the window", at_least(1));
  }
};

enum class Function { Relu, Sigmoid, Tanh };

constexpr auto choices(Function) {
  return std::array{Choice<Function>{"relu", Function::Relu, "max(0, x)"},
                    Choice<Function>{"sigmoid", Function::Sigmoid, "1 / (1 + exp(-x))"},
                    Choice<Function>{"tanh", Function::Tanh, "hyperbolic tangent"}};
}

struct Activation {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "activation";
  Function function = Function::Relu;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("function", self.function, "the function applied to each element");
  }
};

enum class Combination { Sum, Product };

constexpr auto choices(Combination) {
  return std::array{Choice<Combination>{"sum", Combination::Sum, "add the inputs"},
                    Choice<Combination>{"product", Combination::Product, "multiply the inputs"}};
}

/// Inputs of one shape combined element by element.
struct ElementWise {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "element-wise";
  Combination combination = Combination::Sum;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("combination", self.combination, "how the inputs are combined");
  }
};

/// Inputs joined along one axis of the sample (0 = channels).
struct Concatenation {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "concatenation";
  std::int64_t axis = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("axis", self.axis, "axis of the sample along which the inputs are joined", at_least(0));
  }
};

/// Softmax over the sample; in training its gradient is that of softmax with cross-entropy loss.
struct Softmax {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "softmax";

  template <class Self, class Visitor>
  static void visit(Self&, Visitor&&) {}
};

struct Dropout {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "dropout";
  double ratio = 0.5;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("ratio", self.ratio, "share of elements set to zero in training", fraction);
  }
};

/// The same elements in another shape; costs nothing. One dimension may be -1: what is left.
struct Reshape {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "reshape";
  std::vector<std::int64_t> shape;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape", self.shape, "shape of one sample; one dimension may be -1", required | at_least(-1));
  }
};

/// Axes of the sample in another order; the elements move.
struct Transpose {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "transpose";
  std::vector<std::int64_t> order;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("order", self.order, "which input axis each output axis is", required | at_least(0));
  }
};

using Op = std::variant<Input,
                        Convolution,
                        InnerProduct,
                        MatrixProduct,
                        Pooling,
                        GlobalPooling,
                        BatchNormalization,
                        Scale,
                        LocalResponseNormalization,
                        Activation,
                        ElementWise,
                        Concatenation,
                        Softmax,
                        Dropout,
                        Reshape,
                        Transpose>;

/// "convolution", "batch-normalization", ...
std::string_view op_name(const Op& op);

/// Shape of the output for these inputs.
/// Throws std::invalid_argument with one sentence where the operator cannot take them.
TensorShape output_shape(const Op& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
