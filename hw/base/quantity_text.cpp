#include "hw/base/quantity_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace omniphi {

namespace {

constexpr DimensionValue kNumber{};
constexpr DimensionValue kTime{1, 0, 0, 0, 0};
constexpr DimensionValue kRate{-1, 0, 0, 0, 0};
constexpr DimensionValue kBytes{0, 1, 0, 0, 0};
constexpr DimensionValue kFlops{0, 0, 1, 0, 0};
constexpr DimensionValue kEnergy{0, 0, 0, 1, 0};
constexpr DimensionValue kPower{-1, 0, 0, 1, 0};
constexpr DimensionValue kMoney{0, 0, 0, 0, 1};

constexpr DimensionValue quotient(DimensionValue a, DimensionValue b) {
  return {a.second - b.second,
          a.byte - b.byte,
          a.flop - b.flop,
          a.joule - b.joule,
          a.dollar - b.dollar};
}

/// One way to print a dimension; the first row of a dimension is the one used.
struct Notation {
  DimensionValue dimension;
  std::string_view noun;
  std::string_view example;
  std::string_view unit;              // printed after the prefix
  double scale;                       // base units in one `unit`
  std::string_view suffix;            // of a column or key
  std::string_view base_unit = unit;  // whose scale is 1
};

constexpr std::array kNotations{
    Notation{kNumber, "number", "0.5", "", 1, ""},
    Notation{kTime, "time", "1.5 us", "s", 1, "s"},
    Notation{kRate, "frequency or rate", "1.4 GHz", "Hz", 1, "per_s"},
    Notation{kBytes, "size", "16 GiB", "B", 1, "bytes"},
    Notation{quotient(kBytes, kTime), "data rate", "12.5 GB/s", "B/s", 1, "bytes_per_s"},
    Notation{kFlops, "amount of work", "7.7 Gflop", "flop", 1, "flop"},
    Notation{quotient(kFlops, kTime), "compute rate", "6.1 Tflop/s", "flop/s", 1, "flop_per_s"},
    Notation{quotient(kFlops, kBytes), "intensity", "10 flop/B", "flop/B", 1, "flop_per_byte"},
    Notation{kEnergy, "energy", "2 J", "J", 1, "j"},
    Notation{kPower, "power", "215 W", "W", 1, "w"},
    Notation{quotient(kEnergy, kBytes), "energy per byte", "40 pJ/B", "J/B", 1, "j_per_byte"},
    Notation{quotient(kEnergy, kFlops), "energy per flop", "20 pJ/flop", "J/flop", 1, "j_per_flop"},
    Notation{kMoney, "price", "4876 USD", "USD", 1, "usd"},
    Notation{quotient(kMoney, kEnergy),
             "price of energy",
             "0.1 USD/kWh",
             "USD/kWh",
             1 / 3.6e6,
             "usd_per_j",
             "USD/J"},
};

const Notation* notation(DimensionValue dimension) {
  for (const Notation& n : kNotations) {
    if (n.dimension == dimension) return &n;
  }
  return nullptr;
}

struct Unit {
  std::string_view symbol;
  double scale;
  DimensionValue dimension;
  std::string_view prefixes;  // decimal prefixes that this unit takes
  bool binary_prefixes = false;
};

constexpr std::array kUnits{
    Unit{"s", 1, kTime, "munp"},
    Unit{"min", 60, kTime, ""},
    Unit{"h", 3600, kTime, ""},
    Unit{"Hz", 1, kRate, "kMGT"},
    Unit{"T/s", 1, kRate, "MG"},  // transfers of a memory interface
    Unit{"B", 1, kBytes, "kMGTP", true},
    Unit{"b", 1.0 / 8, kBytes, "kMGTP"},
    Unit{"bit", 1.0 / 8, kBytes, "kMGTP"},
    Unit{"flop", 1, kFlops, "kMGTPE"},
    Unit{"J", 1, kEnergy, "kMGmunp"},
    Unit{"Wh", 3600, kEnergy, "kMG"},
    Unit{"W", 1, kPower, "kMGm"},
    Unit{"USD", 1, kMoney, "kM"},
    Unit{"%", 0.01, kNumber, ""},
};

struct Prefix {
  char symbol;
  int exponent;
};

constexpr std::array kPrefixes{Prefix{'p', -12},
                               Prefix{'n', -9},
                               Prefix{'u', -6},
                               Prefix{'m', -3},
                               Prefix{'k', 3},
                               Prefix{'M', 6},
                               Prefix{'G', 9},
                               Prefix{'T', 12},
                               Prefix{'P', 15},
                               Prefix{'E', 18}};
constexpr std::string_view kBinarySteps = "KMGTP";  // Ki = 2^10, each next one 2^10 more

/// Base units in one of a unit: 10^exponent * multiply / divide, apart so that each part is exact.
struct Factor {
  int exponent = 0;
  double multiply = 1;
  double divide = 1;
  DimensionValue dimension;
};

Factor with_exponent(const Unit& unit, int exponent) {
  return unit.scale < 1 ? Factor{exponent, 1, 1 / unit.scale, unit.dimension}
                        : Factor{exponent, unit.scale, 1, unit.dimension};
}

std::optional<Factor> simple_unit(std::string_view text) {
  for (const Unit& unit : kUnits) {
    if (text == unit.symbol) return with_exponent(unit, 0);
    if (!text.ends_with(unit.symbol)) continue;
    const std::string_view prefix = text.substr(0, text.size() - unit.symbol.size());
    if (prefix.size() == 1 && unit.prefixes.find(prefix[0]) != std::string_view::npos) {
      for (const Prefix& p : kPrefixes) {
        if (p.symbol == prefix[0]) return with_exponent(unit, p.exponent);
      }
    }
    if (unit.binary_prefixes && prefix.size() == 2 && prefix[1] == 'i') {
      const std::size_t step = kBinarySteps.find(prefix[0]);
      if (step == std::string_view::npos) continue;
      const double units = std::ldexp(unit.scale, 10 * (static_cast<int>(step) + 1));
      return Factor{0, units, 1, unit.dimension};
    }
  }
  return std::nullopt;
}

std::optional<Factor> any_unit(std::string_view text) {
  if (text.empty()) return Factor{};
  if (auto unit = simple_unit(text)) return unit;
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto numerator = simple_unit(text.substr(0, slash));
  const auto denominator = simple_unit(text.substr(slash + 1));
  if (!numerator || !denominator) return std::nullopt;
  return Factor{numerator->exponent - denominator->exponent,
                numerator->multiply * denominator->divide,
                numerator->divide * denominator->multiply,
                quotient(numerator->dimension, denominator->dimension)};
}

/// The units that are no quotients, "[kMGTP]?B|[KMGTP]iB|[kMGTP]?b"; "" if there is none.
std::string simple_unit_pattern(DimensionValue dimension) {
  std::vector<std::string> alternatives;
  for (const Unit& unit : kUnits) {
    if (unit.dimension != dimension) continue;
    const std::string prefix = unit.prefixes.empty() ? "" : fmt::format("[{}]?", unit.prefixes);
    alternatives.push_back(fmt::format("{}{}", prefix, unit.symbol));
    if (unit.binary_prefixes)
      alternatives.push_back(fmt::format("[{}]i{}", kBinarySteps, unit.symbol));
  }
  return fmt::format("{}", fmt::join(alternatives, "|"));
}

/// The dimensions that have units of their own.
std::vector<DimensionValue> unit_dimensions() {
  std::vector<DimensionValue> found;
  for (const Unit& unit : kUnits) {
    const bool is_new = std::find(found.begin(), found.end(), unit.dimension) == found.end();
    if (is_new) found.push_back(unit.dimension);
  }
  return found;
}

/// Power of ten of the first significant digit of `value`, rounded to `digits` digits.
int decimal_exponent(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  const std::size_t e = text.find('e');
  int exponent = 0;
  if (e == std::string::npos) return 0;  // not finite
  const std::size_t first = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + first, text.data() + text.size(), exponent);
  return exponent;
}

/// Exponent of the prefix that leaves 1 to 999 before the point; where `unit` takes none so large
/// or so small, the nearest it takes.
int prefix_exponent(int decimal_exponent, std::string_view unit) {
  const std::string_view head = unit.substr(0, unit.find('/'));
  const auto* row =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.symbol == head; });
  const std::string_view prefixes = row == kUnits.end() ? "" : row->prefixes;
  int smallest = 0;
  int best = decimal_exponent >= 0 ? 0 : std::numeric_limits<int>::min();
  for (const Prefix& p : kPrefixes) {
    if (prefixes.find(p.symbol) == std::string_view::npos) continue;
    smallest = std::min(smallest, p.exponent);
    if (p.exponent <= decimal_exponent) best = std::max(best, p.exponent);
  }
  return std::max(smallest, best);
}

std::string_view prefix_symbol(int exponent) {
  for (const Prefix& p : kPrefixes) {
    if (p.exponent == exponent) return {&p.symbol, 1};
  }
  return {};
}

/// `number` with `digits` significant digits; "1024" keeps its figures whatever `digits`.
std::string number_text(double number, int digits) {
  std::string text = fmt::format("{:.{}g}", number, digits);
  const bool shortened = text.find("e+") != std::string::npos && std::abs(number) < 1e7;
  return shortened ? fmt::format("{:.0f}", number) : text;
}

std::string decimal_text(double value, const Notation& n, int digits) {
  if (n.unit.empty()) return number_text(value, digits);
  const double in_unit = value / n.scale;
  const int exponent =
      in_unit == 0 ? 0 : prefix_exponent(decimal_exponent(in_unit, digits), n.unit);
  const double power = std::pow(10.0, std::abs(exponent));
  const double scaled = exponent < 0 ? in_unit * power : in_unit / power;
  return fmt::format("{} {}{}", number_text(scaled, digits), prefix_symbol(exponent), n.unit);
}

std::string binary_bytes_text(double value, int digits) {
  std::size_t step = 0;
  double scaled = value / 1024;
  for (; step + 1 < kBinarySteps.size() && std::abs(scaled) >= 1024; ++step) scaled /= 1024;
  return fmt::format("{} {}iB", number_text(scaled, digits), kBinarySteps[step]);
}

/// The double nearest to the decimal number `text` times 10^shift. The point is moved in the text,
/// so that "1.023 kB" is 1023 bytes, which a multiplication by 1000 would miss by one bit.
double shifted_number(std::string_view text, int shift) {
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  int exponent = 0;
  if (e < text.size()) {
    const std::size_t first = text[e + 1] == '+' ? e + 2 : e + 1;
    std::from_chars(text.data() + first, text.data() + text.size(), exponent);
  }
  const std::string shifted = fmt::format("{}e{}", text.substr(0, e), exponent + shift);
  double value = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(shifted.data(), shifted.data() + shifted.size(), value);
  return value;
}

/// "010" is 10 to some and 8 to YAML 1.1: it is not a number here.
bool has_leading_zero(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

/// The text with at most `digits` digits that parses back to the very same number, if there is one.
std::optional<std::string> exact_text_within(double value, const Notation& n, int digits) {
  const auto is_exact = [&](const std::string& text) {
    return parse_quantity(text, n.dimension) == value;
  };
  const std::string decimal = decimal_text(value, n, digits);
  if (n.dimension == kBytes) {
    const std::string binary = binary_bytes_text(value, digits);
    if (is_exact(binary) && (binary.size() < decimal.size() || !is_exact(decimal))) return binary;
  }
  return is_exact(decimal) ? std::optional(decimal) : std::nullopt;
}

}  // namespace

DimensionName dimension_name(DimensionValue dimension) {
  const Notation* n = notation(dimension);
  return n ? DimensionName{n->noun, n->example} : DimensionName{"quantity", "1"};
}

std::string unit_pattern(DimensionValue dimension) {
  if (dimension == kNumber) return simple_unit_pattern(kNumber);  // nobody needs "3 s/s"
  std::string pattern = simple_unit_pattern(dimension);
  for (const DimensionValue numerator : unit_dimensions()) {
    for (const DimensionValue denominator : unit_dimensions()) {
      if (denominator == kNumber || quotient(numerator, denominator) != dimension) continue;
      if (!pattern.empty()) pattern += '|';
      pattern += fmt::format(
          "(?:{})/(?:{})", simple_unit_pattern(numerator), simple_unit_pattern(denominator));
    }
  }
  return fmt::format("(?:{})", pattern);
}

std::string_view unit_suffix(DimensionValue dimension) {
  const Notation* n = notation(dimension);
  return n ? n->suffix : "";
}

std::optional<double> parse_quantity(std::string_view text, DimensionValue dimension) {
  if (has_leading_zero(text)) return std::nullopt;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  const std::string_view suffix(rest, static_cast<std::size_t>(end - rest));
  std::string_view unit = suffix;
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const auto factor = any_unit(unit);
  if (!factor || factor->dimension != dimension) return std::nullopt;
  const std::string_view digits = text.substr(0, text.size() - suffix.size());
  const double value = shifted_number(digits, factor->exponent) * factor->multiply / factor->divide;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string exact_text(double value, DimensionValue dimension) {
  const Notation* n = notation(dimension);
  if (!n || n->unit.empty()) return fmt::format("{}", value);
  for (int digits = 4; digits <= 17; ++digits) {
    if (auto text = exact_text_within(value, *n, digits)) return *text;
  }
  // Scaling rounds once more, so that some doubles have no such text.
  return fmt::format("{} {}", value, n->base_unit);
}

std::string short_text(double value, DimensionValue dimension, int digits) {
  const Notation* n = notation(dimension);
  if (!n) return number_text(value, digits);
  return exact_text_within(value, *n, digits).value_or(decimal_text(value, *n, digits));
}

}  // namespace omniphi
