#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hw/base/quantity.h"

namespace omniphi {

/// What a dimension is called and how a value of it is written, for messages:
/// {"data rate", "12.5 GB/s"}. A dimension nobody named is "quantity".
struct DimensionName {
  std::string_view noun;
  std::string_view example;
};

DimensionName dimension_name(DimensionValue dimension);

/// The number of base units in a text such as "12.5 GB/s", "16 GiB", "215 W", "18 %"; nothing if
/// the text is malformed or its unit has another dimension. k = 10^3, Ki = 2^10, b = bit, B = byte.
/// A plain number is a quantity only where the dimension is none; "010" and "1_000" are no numbers.
std::optional<double> parse_quantity(std::string_view text, DimensionValue dimension);

/// The shortest text that parses back to the very same number, with the prefix people would use:
/// "12.5 GB/s", "100 us"; a size that is round in powers of two is written so, "16 GiB".
std::string exact_text(double value, DimensionValue dimension);

/// For people: `digits` significant digits and a prefix, "12.5 GB/s"; rounded, unless the exact
/// text is no longer than that.
std::string short_text(double value, DimensionValue dimension, int digits = 4);

/// A regular expression (ECMA-262) of the units, prefixes included, that a text of this dimension
/// may end in, "(?:[munp]?s|min|h)"; "%" for plain numbers.
std::string unit_pattern(DimensionValue dimension);

/// The suffix that names the base unit where a number loses its type (CSV, JSON): "s", "bytes",
/// "w".
std::string_view unit_suffix(DimensionValue dimension);

template <class D>
std::optional<Quantity<D>> parse_quantity(std::string_view text) {
  const auto value = parse_quantity(text, dimension_value<D>());
  return value ? std::optional(Quantity<D>(*value)) : std::nullopt;
}

template <class D>
std::string short_text(Quantity<D> quantity, int digits = 4) {
  return short_text(quantity.value(), dimension_value<D>(), digits);
}

}  // namespace omniphi
