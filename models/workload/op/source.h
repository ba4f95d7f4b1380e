#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "models/workload/tensor.h"

/// Operators without input.
namespace omniphi::models {

/// Where the samples enter the network.
struct Input {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "input";
  std::vector<std::int64_t> shape{};  // [C, H, W]

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape", self.shape, "shape of one sample, without the batch", required | at_least(1));
  }
};

/// A tensor that no sample changes: a position table, a class token, a mask. There is one of it,
/// however large the batch.
struct Constant {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "constant";
  std::vector<std::int64_t> shape{};
  bool learnt = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("shape", self.shape, "its shape", required | at_least(1));
    v("learnt", self.learnt, "whether its elements are parameters");
  }
};

TensorShape shape_of(const Input& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Constant& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
