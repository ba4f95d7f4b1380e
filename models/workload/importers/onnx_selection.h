#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/workload/importers/onnx_node.h"

namespace omniphi::models {

/// Elements kept along one axis: `count` from `begin`, `step` apart.
struct OnnxCut {
  std::size_t axis = 0;
  std::int64_t begin = 0;
  std::int64_t count = 0;
  std::int64_t step = 1;
};

/// The elements that all cuts keep, which lie within the value.
OnnxValue cut_out(OnnxNode& node,
                  OnnxValue value,
                  std::vector<OnnxCut> cuts,
                  std::string_view part = "");

/// Values joined along an axis; those without elements (a past of length 0) vanish.
OnnxValue joined(OnnxNode& node,
                 std::vector<OnnxValue> values,
                 std::size_t axis,
                 std::string_view part = "");

/// Values of one shape joined along a new first axis.
OnnxValue stacked(OnnxNode& node, const std::vector<OnnxValue>& values, std::string_view part = "");

}  // namespace omniphi::models
