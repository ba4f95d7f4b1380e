#include "models/workload/tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace omniphi::models {

std::string TensorShape::text() const {
  return fmt::format("{}", fmt::join(dimensions, " x "));
}

}  // namespace omniphi::models
