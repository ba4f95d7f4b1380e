#include "models/workload/op/shape_rules.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <fmt/args.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace omniphi::models {

void refuse(std::string_view message, std::initializer_list<Shown> values) {
  fmt::dynamic_format_arg_store<fmt::format_context> shown;
  for (const Shown& value : values) shown.push_back(value.text);
  throw std::invalid_argument(fmt::vformat(message, shown));
}

/// Doubles are exact up to 2^53, well past every limit.
void check_product(const std::vector<std::int64_t>& factors,
                   std::int64_t limit,
                   std::string_view what) {
  double product = 1;
  for (const std::int64_t factor : factors) product *= static_cast<double>(factor);
  if (product <= static_cast<double>(limit)) return;
  refuse("{}, {}, is above the limit of {}",
         {what, std::string_view(fmt::format("{}", fmt::join(factors, " x "))), limit});
}

TensorShape checked(TensorShape shape) {
  const auto& dimensions = shape.dimensions;
  require(!dimensions.empty() && dimensions.size() <= kLargestRank,
          "a tensor has 1 to {} axes, got {}",
          {kLargestRank, dimensions.size()});
  if (!std::ranges::all_of(dimensions, [](std::int64_t d) { return d >= 1; })) {
    refuse("every dimension must be at least 1, got {}", {shape});
  }
  check_product(dimensions, kLargestTensor, "the number of elements");
  return shape;
}

const TensorShape& only_input(const Shapes& inputs) {
  require(inputs.size() == 1, "takes one input, got {}", {inputs.size()});
  return inputs[0];
}

const TensorShape& only_spatial_input(const Shapes& inputs) {
  const TensorShape& input = only_input(inputs);
  if (input.rank() < 2) {
    refuse("takes an input with channels and at least one more axis, got {}", {input});
  }
  return input;
}

void require_no_input(const Shapes& inputs) {
  require(inputs.empty(), "takes no input, got {}", {inputs.size()});
}

std::size_t axis_of(std::int64_t axis, const TensorShape& shape) {
  const auto rank = static_cast<std::int64_t>(shape.rank());
  if (axis < -rank || axis >= rank) {
    refuse("there is no axis {} in an input of shape {}", {axis, shape});
  }
  return static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
}

std::vector<std::size_t> axes_of(const std::vector<std::int64_t>& axes, const TensorShape& shape) {
  std::vector<std::size_t> counted(shape.rank());
  std::iota(counted.begin(), counted.end(), std::size_t{0});
  if (axes.empty()) return counted;
  require(
      axes.size() <= shape.rank(), "names {} axes of an input of {}", {axes.size(), shape.rank()});
  counted.clear();
  for (const std::int64_t axis : axes) counted.push_back(axis_of(axis, shape));
  std::ranges::sort(counted);
  require(std::ranges::adjacent_find(counted) == counted.end(), "names an axis twice");
  return counted;
}

std::int64_t elements_from(const TensorShape& shape, std::size_t first) {
  return std::accumulate(shape.dimensions.begin() + static_cast<std::ptrdiff_t>(first),
                         shape.dimensions.end(),
                         std::int64_t{1},
                         std::multiplies<>());
}

TensorShape broadcast(const TensorShape& a, const TensorShape& b) {
  const bool a_longer = a.rank() >= b.rank();
  TensorShape result = a_longer ? a : b;
  const TensorShape& other = a_longer ? b : a;
  const std::size_t offset = result.rank() - other.rank();
  for (std::size_t i = 0; i < other.rank(); ++i) {
    std::int64_t& dimension = result.dimensions[offset + i];
    if (dimension != other.dimensions[i] && dimension != 1 && other.dimensions[i] != 1) {
      refuse("its inputs do not broadcast: {} and {}", {a, b});
    }
    dimension = std::max(dimension, other.dimensions[i]);
  }
  return checked(result);
}

void check_parameter_shape(const std::vector<std::int64_t>& shape, const TensorShape& sample) {
  if (shape.empty()) return;
  const TensorShape parameter = checked({shape});
  if (parameter.rank() > sample.rank() || broadcast(parameter, sample) != sample) {
    refuse("numbers of shape {} do not fit a sample of {}", {parameter, sample});
  }
}

std::int64_t parameter_elements(const std::vector<std::int64_t>& shape, const TensorShape& sample) {
  return shape.empty() ? sample.dimensions[0] : TensorShape{shape}.elements();
}

}  // namespace omniphi::models
