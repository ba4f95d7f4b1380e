#pragma once

#include <cstdint>

namespace omniphi::models {

/// Pieces of `b` that cover `a`.
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return a / b + (a % b != 0 ? 1 : 0);
}

}  // namespace omniphi::models
