#pragma once

#include <cmath>

namespace omniphi {

/// Exponents of the five base units: second, byte, flop, joule, US dollar.
/// Dimensions are types, so that bytes / (bytes / s) is a time and nothing else compiles.
template <int Second, int Byte, int Flop, int Joule, int Dollar>
struct Dimension {
  static constexpr int second = Second;
  static constexpr int byte = Byte;
  static constexpr int flop = Flop;
  static constexpr int joule = Joule;
  static constexpr int dollar = Dollar;
};

/// The same exponents as a value, for code that reads and prints quantities of any dimension.
struct DimensionValue {
  int second = 0;
  int byte = 0;
  int flop = 0;
  int joule = 0;
  int dollar = 0;
  friend constexpr bool operator==(const DimensionValue&, const DimensionValue&) = default;
};

template <class D>
constexpr DimensionValue dimension_value() {
  return {D::second, D::byte, D::flop, D::joule, D::dollar};
}

/// A number with a dimension, in base units (s, byte, flop, J, USD); 1 multiply-accumulate = 2
/// flop.
template <class D>
class Quantity {
 public:
  using dimension = D;

  constexpr Quantity() = default;

  constexpr explicit Quantity(double value) : value_(value) {}

  /// The number in base units; for the borders only (parse, print, JSON, solver, GUI).
  [[nodiscard]] constexpr double value() const { return value_; }

  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }

  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }

  constexpr Quantity& operator*=(double factor) {
    value_ *= factor;
    return *this;
  }

  constexpr Quantity operator-() const { return Quantity(-value_); }

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }

  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }

  friend constexpr Quantity operator*(Quantity a, double b) { return a *= b; }

  friend constexpr Quantity operator*(double a, Quantity b) { return b *= a; }

  friend constexpr Quantity operator/(Quantity a, double b) { return Quantity(a.value_ / b); }

  // Written out: a defaulted operator<=> costs branches with g++ 12.
  friend constexpr bool operator==(Quantity a, Quantity b) { return a.value_ == b.value_; }

  friend constexpr bool operator!=(Quantity a, Quantity b) { return a.value_ != b.value_; }

  friend constexpr bool operator<(Quantity a, Quantity b) { return a.value_ < b.value_; }

  friend constexpr bool operator>(Quantity a, Quantity b) { return a.value_ > b.value_; }

  friend constexpr bool operator<=(Quantity a, Quantity b) { return a.value_ <= b.value_; }

  friend constexpr bool operator>=(Quantity a, Quantity b) { return a.value_ >= b.value_; }

 private:
  double value_ = 0;
};

namespace detail {

template <class A, class B, int Sign>
using Combined = Dimension<A::second + Sign * B::second,
                           A::byte + Sign * B::byte,
                           A::flop + Sign * B::flop,
                           A::joule + Sign * B::joule,
                           A::dollar + Sign * B::dollar>;

using Number = Dimension<0, 0, 0, 0, 0>;

/// A quantity without dimension is a plain number.
template <class D>
constexpr auto quantity_or_number(double value) {
  if constexpr (dimension_value<D>() == DimensionValue{}) {
    return value;
  } else {
    return Quantity<D>(value);
  }
}

}  // namespace detail

template <class A, class B>
constexpr auto operator*(Quantity<A> a, Quantity<B> b) {
  return detail::quantity_or_number<detail::Combined<A, B, 1>>(a.value() * b.value());
}

template <class A, class B>
constexpr auto operator/(Quantity<A> a, Quantity<B> b) {
  return detail::quantity_or_number<detail::Combined<A, B, -1>>(a.value() / b.value());
}

template <class D>
constexpr auto operator/(double a, Quantity<D> b) {
  return Quantity<detail::Combined<detail::Number, D, -1>>(a / b.value());
}

template <class D>
bool is_finite(Quantity<D> quantity) {
  return std::isfinite(quantity.value());
}

using Seconds = Quantity<Dimension<1, 0, 0, 0, 0>>;
using Hertz = Quantity<Dimension<-1, 0, 0, 0, 0>>;  // also samples/s, messages/s, transfers/s
using Bytes = Quantity<Dimension<0, 1, 0, 0, 0>>;
using BytesPerSecond = Quantity<Dimension<-1, 1, 0, 0, 0>>;
using Flops = Quantity<Dimension<0, 0, 1, 0, 0>>;
using FlopsPerSecond = Quantity<Dimension<-1, 0, 1, 0, 0>>;
using FlopsPerByte = Quantity<Dimension<0, -1, 1, 0, 0>>;
using Joules = Quantity<Dimension<0, 0, 0, 1, 0>>;
using Watts = Quantity<Dimension<-1, 0, 0, 1, 0>>;
using JoulesPerByte = Quantity<Dimension<0, -1, 0, 1, 0>>;
using JoulesPerFlop = Quantity<Dimension<0, 0, -1, 1, 0>>;
using Usd = Quantity<Dimension<0, 0, 0, 0, 1>>;
using UsdPerJoule = Quantity<Dimension<0, 0, 0, -1, 1>>;

}  // namespace omniphi
