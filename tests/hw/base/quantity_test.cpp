#include "hw/base/quantity.h"

#include <limits>
#include <type_traits>

#include <gtest/gtest.h>

#include "hw/base/id.h"

namespace omniphi {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};

template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};

static_assert(Addable<Seconds, Seconds>);
static_assert(!Addable<Seconds, Bytes>, "a time and a size have no sum");
static_assert(!Addable<Seconds, double>, "a bare number has no unit");
static_assert(!Comparable<Watts, Joules>);
static_assert(!std::is_convertible_v<double, Seconds>);

TEST(Quantity, DividesBytesByARateIntoATime) {
  const auto time = Bytes(25e6) / BytesPerSecond(12.5e9);
  static_assert(std::is_same_v<decltype(time), const Seconds>);
  EXPECT_DOUBLE_EQ(time.value(), 2e-3);
}

TEST(Quantity, MultipliesPowerByTimeIntoEnergy) {
  const auto energy = Watts(215) * Seconds(10);
  static_assert(std::is_same_v<decltype(energy), const Joules>);
  EXPECT_EQ(energy, Joules(2150));
}

TEST(Quantity, BecomesAPlainNumberWhenItsUnitsCancel) {
  const auto ratio = Seconds(3) / Seconds(2);
  static_assert(std::is_same_v<decltype(ratio), const double>);
  EXPECT_EQ(ratio, 1.5);
}

TEST(Quantity, InvertsATimeIntoARate) {
  const auto rate = 64.0 / Seconds(0.5);
  static_assert(std::is_same_v<decltype(rate), const Hertz>);
  EXPECT_EQ(rate, Hertz(128));
}

TEST(Quantity, AddsSubtractsScalesAndCompares) {
  EXPECT_EQ(Seconds(1) + Seconds(2) - Seconds(0.5), Seconds(2.5));
  EXPECT_EQ(2 * Seconds(3), Seconds(3) * 2);
  EXPECT_EQ(-Seconds(3) / 2, Seconds(-1.5));
  EXPECT_LT(Seconds(1), Seconds(2));
  EXPECT_GE(Seconds(2), Seconds(2));
  EXPECT_NE(Seconds(1), Seconds(2));
}

TEST(Quantity, KnowsWhetherItIsFinite) {
  EXPECT_TRUE(is_finite(Seconds(1)));
  EXPECT_FALSE(is_finite(Seconds(std::numeric_limits<double>::infinity())));
  EXPECT_FALSE(is_finite(Seconds(std::numeric_limits<double>::quiet_NaN())));
}

TEST(Id, OfOneThingIsNoIdOfAnother) {
  struct Link {};

  struct Layer {};

  static_assert(!std::is_convertible_v<Id<Link>, Id<Layer>>);
  EXPECT_EQ(Id<Link>(7).index(), 7u);
  EXPECT_LT(Id<Link>(1), Id<Link>(2));
}

}  // namespace
}  // namespace omniphi
