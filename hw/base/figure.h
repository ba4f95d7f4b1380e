#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "hw/base/parameters.h"

namespace omniphi {

/// Where a number comes from.
enum class Basis { Measured, Calibrated, Published, Derived, Unknown };

constexpr auto choices(Basis) {
  return std::array{
      Choice<Basis>{"measured", Basis::Measured, "read off a real machine"},
      Choice<Basis>{"calibrated", Basis::Calibrated, "from a model fitted to measurements"},
      Choice<Basis>{"published", Basis::Published, "read in a named source"},
      Choice<Basis>{"derived", Basis::Derived, "computed from other numbers"},
      Choice<Basis>{"unknown", Basis::Unknown, "nobody knows: there is no value"},
  };
}

/// A number that says how sure it is: low <= value <= high, and what it rests on.
template <class Q>
struct Figure {
  Q value{};
  Q low{};
  Q high{};
  Basis basis = Basis::Derived;
  std::string source;  // document and page, if not the one of the part it stands in

  static Figure exact(Q value, Basis basis = Basis::Derived) {
    return {value, value, value, basis, {}};
  }

  static Figure between(Q value, Q low, Q high, Basis basis) {
    return {value, std::min(low, value), std::max(high, value), basis, {}};
  }

  static Figure unknown() { return {Q{}, Q{}, Q{}, Basis::Unknown, {}}; }

  [[nodiscard]] bool known() const { return basis != Basis::Unknown; }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("value", self.value, "the best estimate; none if the basis is unknown", required);
    v("low", self.low, "lower end of the range it is believed in");
    v("high", self.high, "upper end of that range");
    v("basis", self.basis, "what the number rests on");
    v("source", self.source, "document and page, or \"memory\" for one only remembered");
  }

  /// In YAML a figure may be written as its bare value: it is then as sure as its part's source.
  static constexpr bool reads_as_value = true;

  void complete(bool low_given, bool high_given) {
    if (!low_given) low = value;
    if (!high_given) high = value;
  }
};

/// Ends move together, as if the two errors were fully correlated: never too narrow, and stated so.
template <class Q>
Figure<Q> operator+(const Figure<Q>& a, const Figure<Q>& b) {
  const Basis basis = a.known() && b.known() ? std::max(a.basis, b.basis) : Basis::Unknown;
  return {a.value + b.value, a.low + b.low, a.high + b.high, basis, {}};
}

template <class Q>
Figure<Q> operator*(const Figure<Q>& a, double factor) {
  const auto [low, high] = std::minmax({a.low * factor, a.high * factor});
  return {a.value * factor, low, high, a.basis, {}};
}

}  // namespace omniphi
