#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "models/workload/tensor.h"

/// Operators that bring elements to a common scale.
namespace omniphi::models {

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

/// Normalisation over the axes of the sample from `axis` on; scale and shift have their shape.
struct LayerNormalization {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "layer-normalization";
  std::int64_t axis = -1;
  bool scale = true;
  bool shift = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("axis", self.axis, "first axis that is normalised over; negative: counted from the end");
    v("scale", self.scale, "whether a learnt factor for each element follows");
    v("shift", self.shift, "whether a learnt term for each element follows");
  }
};

/// Division by the root of the mean square over the axes from `axis` on.
struct RmsNormalization {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "rms-normalization";
  std::int64_t axis = -1;
  bool scale = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("axis", self.axis, "first axis that is normalised over; negative: counted from the end");
    v("scale", self.scale, "whether a learnt factor for each element follows");
  }
};

/// Normalisation over each group of channels with all positions; scale and shift per channel.
struct GroupNormalization {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "group-normalization";
  std::int64_t groups = 32;
  bool affine = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("groups", self.groups, "groups that the channels are dealt to", at_least(1));
    v("affine", self.affine, "whether a learnt scale and shift follow");
  }
};

/// Normalisation of each channel over all positions; scale and shift per channel.
struct InstanceNormalization {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "instance-normalization";
  bool affine = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("affine", self.affine, "whether a learnt scale and shift follow");
  }
};

enum class Region { AcrossChannels, WithinChannel };

constexpr auto choices(Region) {
  return std::array{
      Choice<Region>{"across-channels", Region::AcrossChannels, "the same position of neighbours"},
      Choice<Region>{"within-channel", Region::WithinChannel, "a square around each position"}};
}

/// y = x (k + a sum x^2)^-b over a window of `size` channels, or of size x size positions.
struct LocalResponseNormalization {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "local-response-normalization";
  std::int64_t size = 5;
  Region region = Region::AcrossChannels;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("size", self.size, "channels, or positions per axis, in the window", at_least(1));
    v("region", self.region, "what the window spans");
  }
};

/// Scale and, if wanted, shift by numbers that belong to the network.
struct Scale {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "scale";
  bool scale = true;
  bool shift = true;
  std::vector<std::int64_t> shape{};
  bool learnt = true;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("scale", self.scale, "multiply by a factor");
    v("shift", self.shift, "add a term");
    v("shape",
      self.shape,
      "shape of the factors and of the terms, broadcast against the sample from its last axis; "
      "none: one for each channel",
      at_least(1));
    v("learnt", self.learnt, "whether they are learnt, not fixed");
  }
};

TensorShape shape_of(const BatchNormalization& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const LayerNormalization& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const RmsNormalization& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const GroupNormalization& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const InstanceNormalization& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const LocalResponseNormalization& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Scale& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
