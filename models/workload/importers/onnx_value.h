#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "models/workload/tensor.h"

namespace omniphi::models {

using Dimensions = std::vector<std::int64_t>;

/// The numbers of a small constant tensor, in row-major order; null where they are not known.
/// Doubles hold every whole number up to 2^53, well past all limits on dimensions.
using OnnxNumbers = std::shared_ptr<const std::vector<double>>;

/// Shapes, axes, ratios and trip counts are small; larger tensors are never looked into.
constexpr std::int64_t kMostNumbers = std::int64_t{1} << 14;

/// What is known of one value while its graph is walked: a tensor, a sequence of values, or why
/// there is neither.
struct OnnxValue {
  enum class Kind {
    Constant,    // the same for every sample: weights, shapes, what is computed from them
    Activation,  // the output of a layer
    Sequence,    // its items are values
    Missing,     // an optional without an element, an input that is left out
    Gradient,    // of training, which is not read
    Faulty       // follows from a fault already reported
  };

  Kind kind = Kind::Missing;
  int type = onnx::TensorProto::UNDEFINED;  // onnx::TensorProto::DataType
  Dimensions shape;                         // batch included; empty for a scalar
  std::optional<std::size_t> batch_axis;    // of an activation: where its samples lie side by side
  std::size_t layer = 0;                    // of an activation: which layer makes it
  OnnxNumbers numbers;                      // of a constant
  std::string tensor;  // of a constant: the tensor that it holds all of; of a sequence: the input
  int stored_type = onnx::TensorProto::UNDEFINED;  // before it was dequantised
  std::shared_ptr<const std::vector<OnnxValue>> items;

  [[nodiscard]] bool is_constant() const { return kind == Kind::Constant; }

  [[nodiscard]] bool is_activation() const { return kind == Kind::Activation; }

  [[nodiscard]] bool is_tensor() const { return is_constant() || is_activation(); }

  [[nodiscard]] std::size_t rank() const { return shape.size(); }
};

/// Product of the dimensions. Throws std::invalid_argument above kLargestTensor, for a negative
/// dimension, and for more axes than any tensor may have here.
std::int64_t element_count(const Dimensions& shape);

/// "[2, 3]"
std::string shape_text(const Dimensions& shape);

/// A constant of this shape, its numbers if they are known and few enough to be of interest.
OnnxValue constant(int type, Dimensions shape, OnnxNumbers numbers = nullptr);
/// A constant vector (or scalar) of int64.
OnnxValue constant_integers(const std::vector<std::int64_t>& values);
OnnxValue constant_scalar(int type, double value);

/// Of a tensor written in the file. Throws std::invalid_argument if it is no tensor of its shape.
OnnxValue constant(const onnx::TensorProto& tensor);

/// The numbers as whole ones, those out of range at its ends; none if they are not known.
std::optional<std::vector<std::int64_t>> integers(const OnnxValue& value);
/// The only number of a constant of one element; none if it is not known.
std::optional<double> scalar(const OnnxValue& value);

/// Number of bits of an element, 0 for strings and types that are not known.
int element_bits(int type);
/// "int8", "float", ... as ONNX spells it.
std::string type_name(int type);
bool is_floating(int type);

}  // namespace omniphi::models
