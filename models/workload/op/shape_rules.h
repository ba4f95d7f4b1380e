#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "models/workload/tensor.h"

/// What the operators' shape rules share. Every fault is a std::invalid_argument with one sentence.
namespace omniphi::models {

using Shapes = std::vector<TensorShape>;

/// A value that a message shows.
struct Shown {
  std::string text;

  Shown(std::int64_t number) : text(std::to_string(number)) {}  // NOLINT

  Shown(std::size_t number) : text(std::to_string(number)) {}  // NOLINT

  Shown(std::string_view word) : text(word) {}  // NOLINT

  Shown(const TensorShape& shape) : text(shape.text()) {}  // NOLINT
};

/// Throws `message`, in which each `{}` stands for the next value.
[[noreturn]] void refuse(std::string_view message, std::initializer_list<Shown> values);

/// The values are only looked at where the condition does not hold, but are made in any case.
inline void require(bool condition,
                    std::string_view message,
                    std::initializer_list<Shown> values = {}) {
  if (!condition) refuse(message, values);
}

/// Refuses a product above `limit`; the factors are at least 1.
void check_product(const std::vector<std::int64_t>& factors,
                   std::int64_t limit,
                   std::string_view what);

/// The shape itself, if tensors may have it.
TensorShape checked(TensorShape shape);

const TensorShape& only_input(const Shapes& inputs);

/// The only input, which must have channels and at least one more axis.
const TensorShape& only_spatial_input(const Shapes& inputs);

void require_no_input(const Shapes& inputs);

/// `axis` counted from the front; it may be counted from the end by a negative number.
std::size_t axis_of(std::int64_t axis, const TensorShape& shape);

/// The axes counted from the front, in order; each at most once. None given: all.
std::vector<std::size_t> axes_of(const std::vector<std::int64_t>& axes, const TensorShape& shape);

/// Elements of the axes from `first` on.
std::int64_t elements_from(const TensorShape& shape, std::size_t first);

/// The shape both have after NumPy's broadcasting: axes are matched from the last, and an axis of 1
/// is repeated.
TensorShape broadcast(const TensorShape& a, const TensorShape& b);

/// Refuses a parameter's shape that does not broadcast to the sample's.
void check_parameter_shape(const std::vector<std::int64_t>& shape, const TensorShape& sample);

/// Elements of a parameter: of `shape`, or one for each channel where there is none.
std::int64_t parameter_elements(const std::vector<std::int64_t>& shape, const TensorShape& sample);

}  // namespace omniphi::models
