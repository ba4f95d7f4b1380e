#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/workload/importers/onnx_node.h"

/// Shapes and small constants computed while a graph is walked.
namespace omniphi::models {

/// Where an element lies in row-major order.
std::int64_t offset_of(const Dimensions& index, const Dimensions& shape);

/// The numbers of a tensor of this shape, each computed from its index; null if there are more than
/// anyone looks into.
OnnxNumbers numbers_at(const OnnxNode& node,
                       const Dimensions& shape,
                       const std::function<double(const Dimensions&)>& number_at);

/// NumPy's broadcasting: axes are matched from the last, an axis of 1 is repeated.
/// Throws std::invalid_argument where shapes do not match.
Dimensions broadcast_shape(const Dimensions& a, const Dimensions& b);

/// The number of a tensor of shape `shape` that an index into a shape it broadcasts to means.
double broadcast_number(const OnnxValue& value, const Dimensions& index);

/// Product of dimensions from axis `begin` to before axis `end`.
std::int64_t product(const Dimensions& shape, std::size_t begin, std::size_t end);

/// Axes counted from the front of a tensor of this rank, in order, each once.
/// Throws std::invalid_argument for an axis that is not there or comes twice.
std::vector<std::size_t> normalised_axes(const std::vector<std::int64_t>& axes, std::size_t rank);

}  // namespace omniphi::models
