#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "models/workload/op/per_axis.h"
#include "models/workload/tensor.h"

/// Operators that put elements in another order or place. Axes are those of the sample; a negative
/// one is counted from the end.
namespace omniphi::models {

/// Inputs joined along one axis of the sample (0 = channels).
struct Concatenation {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "concatenation";
  std::int64_t axis = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("axis", self.axis, "axis of the sample along which the inputs are joined");
  }
};

/// A part of the sample: along each of `axes` the elements from `begin` to before `end`. A split is
/// several slices.
struct Slice {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "slice";
  std::vector<std::int64_t> axes{};
  std::vector<std::int64_t> begin{};
  std::vector<std::int64_t> end{};
  std::vector<std::int64_t> step{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("axes", self.axes, "axes that are cut", required);
    v("begin",
      self.begin,
      "first element kept, for each of the axes; negative: counted from the end",
      required);
    v("end",
      self.end,
      "first element not kept; negative: counted from the end; beyond the axis: all",
      required);
    v("step", self.step, "distance of the elements kept; none: 1; negative: backwards");
  }
};

/// Elements along one axis, picked by indices that another layer computes (the second input) or
/// that are fixed (`indices` is then their shape; an empty one takes the axis away).
struct Gather {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "gather";
  std::int64_t axis = 0;
  std::optional<std::vector<std::int64_t>> indices{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("axis", self.axis, "axis that the indices count along");
    v("indices", self.indices, "shape of fixed indices", at_least(1));
  }
};

/// A border of a constant, or of copies, around the sample; negative numbers cut off.
struct Pad {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "pad";
  std::vector<std::int64_t> begin{};
  std::vector<std::int64_t> end{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("begin", self.begin, "elements before each axis of the sample", required);
    v("end", self.end, "elements after each axis; none: as before it");
  }
};

/// The same elements in another shape; costs nothing. One dimension may be -1: what is left.
struct Reshape {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "reshape";
  std::vector<std::int64_t> shape{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape", self.shape, "shape of one sample; one dimension may be -1", required | at_least(-1));
  }
};

/// Axes of the sample in another order; the elements move.
struct Transpose {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "transpose";
  std::vector<std::int64_t> order{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("order", self.order, "which input axis each output axis is", required | at_least(0));
  }
};

/// The sample repeated along its axes until it has this shape; axes are matched from the last.
struct Expand {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "expand";
  std::vector<std::int64_t> shape{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape",
      self.shape,
      "shape of the output; each dimension a multiple of the input's",
      required | at_least(1));
  }
};

enum class Interpolation { Nearest, Linear, Cubic };

constexpr auto choices(Interpolation) {
  return std::array{
      Choice<Interpolation>{"nearest", Interpolation::Nearest, "the nearest element"},
      Choice<Interpolation>{"linear", Interpolation::Linear, "between two neighbours an axis"},
      Choice<Interpolation>{"cubic", Interpolation::Cubic, "between four neighbours an axis"}};
}

/// [C, spatial...] sampled at another resolution: to a size, or by a whole factor.
struct Resize {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "resize";
  Interpolation mode = Interpolation::Nearest;
  std::optional<PerAxis> size{};
  std::optional<PerAxis> scale{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("mode", self.mode, "what lies between elements");
    v("size", self.size, "spatial size of the output, per axis", at_least(1));
    v("scale", self.scale, "factor that the spatial size grows by, per axis", at_least(1));
  }
};

/// [C, H, W] to [C / b^2, b H, b W], or back.
struct DepthToSpace {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "depth-to-space";
  std::int64_t block = 2;
  bool inverse = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("block_size", self.block, "b, the size of the block that channels turn into", at_least(1));
    v("inverse", self.inverse, "space to depth: [C, b H, b W] to [C b^2, H, W]");
  }
};

/// Any other operator that reads its inputs once and writes one output: its shape and its
/// arithmetic are stated, not derived.
struct Pass {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "pass";
  std::vector<std::int64_t> shape{};
  std::int64_t operations = 0;
  bool gradient = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape", self.shape, "shape of the output", required | at_least(1));
    v("operations", self.operations, "flop for each element of the output", between(0, 1000));
    v("gradient", self.gradient, "whether training goes back through it, at the same cost");
  }
};

TensorShape shape_of(const Concatenation& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Slice& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Gather& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Pad& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Reshape& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Transpose& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Expand& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Resize& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const DepthToSpace& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Pass& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
