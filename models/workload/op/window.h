#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "models/workload/op/per_axis.h"
#include "models/workload/tensor.h"

/// Operators that slide a window over the spatial axes of [C, spatial...].
namespace omniphi::models {

/// Convolution (cross-correlation) of [C, spatial...] with `channels` filters. As many groups as
/// channels make it depth-wise.
struct Convolution {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "convolution";
  std::int64_t channels = 0;  // filters
  PerAxis kernel{{1}};
  PerAxis stride{{1}};
  PerAxis pad{{0}};                  // before each axis
  std::optional<PerAxis> pad_end{};  // after each axis, where it differs from `pad`
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

/// The gradient of a convolution with respect to its input, as a layer of its own: each input
/// element spreads over a window of the output.
///     out = (in - 1) stride - pad - pad_end + dilation (kernel - 1) + output_pad + 1
struct TransposedConvolution {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "transposed-convolution";
  std::int64_t channels = 0;
  PerAxis kernel{{1}};
  PerAxis stride{{1}};
  PerAxis pad{{0}};
  std::optional<PerAxis> pad_end{};
  PerAxis output_pad{{0}};
  PerAxis dilation{{1}};
  std::int64_t groups = 1;
  bool bias = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("channels", self.channels, "channels of the output", required | at_least(1));
    v("kernel", self.kernel, "filter size, per axis", at_least(1));
    v("stride", self.stride, "distance between windows of the output, per axis", at_least(1));
    v("pad",
      self.pad,
      "elements cut off before each axis (and after it, unless pad_end says otherwise)",
      at_least(0));
    v("pad_end", self.pad_end, "elements cut off after each axis", at_least(0));
    v("output_pad", self.output_pad, "elements added after each axis of the output", at_least(0));
    v("dilation", self.dilation, "distance between filter taps, per axis", at_least(1));
    v("groups", self.groups, "channel groups convolved apart", at_least(1));
    v("bias", self.bias, "whether each output channel adds a bias");
  }
};

enum class PoolingMode { Maximum, Average, Lp };

constexpr auto choices(PoolingMode) {
  return std::array{Choice<PoolingMode>{"max", PoolingMode::Maximum, "largest of the window"},
                    Choice<PoolingMode>{"average", PoolingMode::Average, "mean of the window"},
                    Choice<PoolingMode>{"lp", PoolingMode::Lp, "p-norm of the window"}};
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
  std::optional<PerAxis> pad_end{};
  PerAxis dilation{{1}};
  Rounding rounding = Rounding::Floor;
  bool count_pad = false;

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
    v("dilation", self.dilation, "distance between elements of the window, per axis", at_least(1));
    v("rounding", self.rounding, "how the output size is rounded");
    v("count_pad", self.count_pad, "whether a mean counts the border's zeros");
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

// The shapes of these operators' outputs: see output_shape (op.h), which checks the result too.
TensorShape shape_of(const Convolution& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const TransposedConvolution& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Pooling& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const GlobalPooling& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
