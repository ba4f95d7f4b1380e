#include "models/workload/importers/onnx_folding.h"

#include <algorithm>

#include <fmt/format.h>

namespace omniphi::models {

std::int64_t offset_of(const Dimensions& index, const Dimensions& shape) {
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    offset = offset * shape[axis] + index[axis];
  return offset;
}

OnnxNumbers numbers_at(const OnnxNode& node,
                       const Dimensions& shape,
                       const std::function<double(const Dimensions&)>& number_at) {
  const std::int64_t count = element_count(shape);
  if (count > kMostNumbers) return nullptr;
  node.walk().spend(count);
  auto numbers = std::make_shared<std::vector<double>>();
  Dimensions index(shape.size(), 0);
  for (std::int64_t i = 0; i < count; ++i) {
    numbers->push_back(number_at(index));
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return numbers;
}

Dimensions broadcast_shape(const Dimensions& a, const Dimensions& b) {
  Dimensions shape(std::max(a.size(), b.size()), 1);
  const auto fit = [&](const Dimensions& other) {
    for (std::size_t i = 0; i < other.size(); ++i) {
      std::int64_t& here = shape[shape.size() - 1 - i];
      const std::int64_t there = other[other.size() - 1 - i];
      if (here == 1) {
        here = there;
      } else if (there != 1 && there != here) {
        refuse(fmt::format("its inputs differ in shape: {} and {}", shape_text(a), shape_text(b)));
      }
    }
  };
  fit(a);
  fit(b);
  return shape;
}

double broadcast_number(const OnnxValue& value, const Dimensions& index) {
  Dimensions own(value.rank(), 0);
  const std::size_t missing = index.size() - value.rank();
  for (std::size_t axis = 0; axis < own.size(); ++axis) {
    if (value.shape[axis] != 1) own[axis] = index[axis + missing];
  }
  return (*value.numbers)[static_cast<std::size_t>(offset_of(own, value.shape))];
}

std::int64_t product(const Dimensions& shape, std::size_t begin, std::size_t end) {
  return element_count({shape.begin() + static_cast<std::ptrdiff_t>(begin),
                        shape.begin() + static_cast<std::ptrdiff_t>(end)});
}

std::vector<std::size_t> normalised_axes(const std::vector<std::int64_t>& axes, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  std::vector<std::size_t> normalised;
  for (const std::int64_t axis : axes) {
    if (axis < -count || axis >= count) refuse(fmt::format("has axis {} of {}", axis, count));
    normalised.push_back(static_cast<std::size_t>(axis < 0 ? axis + count : axis));
  }
  std::ranges::sort(normalised);
  if (std::ranges::adjacent_find(normalised) != normalised.end()) refuse("names an axis twice");
  return normalised;
}

}  // namespace omniphi::models
