#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "hw/base/quantity.h"

/// The one list of a part's parameters. A part is a plain struct whose members have defaults and
/// whose `visit` names each once:
///
///     struct Link {
///       BytesPerSecond bandwidth{};
///       template <class Self, class Visitor>
///       static void visit(Self& self, Visitor&& v) {
///         v("bandwidth", self.bandwidth, "payload data rate of one direction", required |
///         positive);
///       }
///     };
///
/// Whoever needs the list (reader, writer, schema, form) is a visitor. A member may be a Quantity,
/// bool, int, std::int64_t, double, std::string, an enum with `choices`, another such struct,
/// std::optional, std::vector or std::map (by name) of these, a Part<T>, or a std::variant of
/// structs that each have a `kind`.
namespace omniphi {

/// What a parameter's value must satisfy, in base units.
struct Rule {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool above_low = false;  // strictly
  bool required = false;

  [[nodiscard]] constexpr bool low_holds(double value) const {
    return above_low ? value > low : value >= low;
  }

  [[nodiscard]] constexpr bool holds(double value) const {
    return low_holds(value) && value <= high;
  }
};

constexpr Rule required{.required = true};
constexpr Rule positive{.low = 0, .above_low = true};
constexpr Rule non_negative{.low = 0};
constexpr Rule fraction{.low = 0, .high = 1};

constexpr Rule between(double low, double high) {
  return {.low = low, .high = high};
}

constexpr Rule at_least(double low) {
  return {.low = low};
}

/// Both rules together.
constexpr Rule operator|(Rule a, Rule b) {
  const bool above_low = (a.above_low && a.low >= b.low) || (b.above_low && b.low >= a.low);
  return {a.low > b.low ? a.low : b.low,
          a.high < b.high ? a.high : b.high,
          above_low,
          a.required || b.required};
}

/// One word a parameter may be set to. An enum's list is found as `choices(E{})`.
template <class E>
struct Choice {
  std::string_view name;
  E value;
  std::string_view meaning;
};

template <class E>
constexpr std::string_view choice_name(E value) {
  for (const auto& choice : choices(E{})) {
    if (choice.value == value) return choice.name;
  }
  return "?";
}

/// A part named from the catalog or written in place. T has `static constexpr std::string_view
/// folder`.
template <class T>
struct Part {
  std::string id;  // the catalog's name; empty for one written in place
  T value{};

  const T* operator->() const { return &value; }

  const T& operator*() const { return value; }
};

/// Named where types say how they read themselves (ReadsItself) and describe themselves; it is in
/// parameter_schema.h.
struct SchemaContext;

template <class T>
concept Enumerated = requires {
  choices(T{});
};

template <class T>
concept Parameterised = requires(T& part) {
  T::visit(part, [](auto&&...) {});
};

template <class T>
struct IsPart : std::false_type {};

template <class T>
struct IsPart<Part<T>> : std::true_type {};

template <class T>
struct IsVariant : std::false_type {};

template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};

}  // namespace omniphi
