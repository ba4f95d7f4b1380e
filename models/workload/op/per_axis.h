#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hw/base/parameter_reader.h"

namespace omniphi::models {

/// No number of a window that a file asks for is larger: products with a dimension then fit 64
/// bits.
constexpr std::int64_t kLargestStep = std::int64_t{1} << 20;

/// One whole number per spatial axis. In YAML one number stands for all axes: `kernel: 3`, `kernel:
/// [1, 7]`.
struct PerAxis {
  std::vector<std::int64_t> values;

  /// One number as such where all axes have the same.
  static PerAxis shortest(std::vector<std::int64_t> values);

  [[nodiscard]] std::int64_t operator[](std::size_t axis) const {
    return values.size() == 1 ? values[0] : values.at(axis);
  }

  friend bool operator==(const PerAxis&, const PerAxis&) = default;

  static void read(const ConfigNode&, const std::string& path, PerAxis& out, Rule, ReadContext);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;
};

}  // namespace omniphi::models
