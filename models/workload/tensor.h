#pragma once

#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace omniphi::models {

/// Shape of one sample's tensor, without the batch: [C, H, W], [features], ... Dimensions are at
/// least 1.
struct TensorShape {
  std::vector<std::int64_t> dimensions;

  /// Number of elements of one sample.
  [[nodiscard]] std::int64_t elements() const {
    return std::accumulate(
        dimensions.begin(), dimensions.end(), std::int64_t{1}, std::multiplies<>());
  }

  [[nodiscard]] std::size_t rank() const { return dimensions.size(); }

  /// "64 x 56 x 56"
  [[nodiscard]] std::string text() const;
  friend bool operator==(const TensorShape&, const TensorShape&) = default;
};

/// No tensor of one sample, and no tensor of weights, may have more elements.
constexpr std::int64_t kLargestTensor = std::int64_t{1} << 40;

/// No layer may need more multiply-accumulates or window visits for one sample. With this and the
/// bounds on tensors and on a network's size, every sum over a network fits 64 bits.
constexpr std::int64_t kLargestWork = std::int64_t{1} << 44;

/// No tensor may have more axes.
constexpr std::size_t kLargestRank = 8;

}  // namespace omniphi::models
