#include "hw/base/figure.h"

#include <gtest/gtest.h>

namespace omniphi {
namespace {

TEST(Figure, ExactOneHasNoWidth) {
  const auto price = Figure<Usd>::exact(Usd(10));
  EXPECT_EQ(price.low, price.high);
  EXPECT_TRUE(price.known());
}

TEST(Figure, AlwaysHoldsItsValueBetweenItsEnds) {
  const auto figure = Figure<Usd>::between(Usd(10), Usd(11), Usd(12), Basis::Published);
  EXPECT_EQ(figure.low, Usd(10));
  EXPECT_EQ(figure.high, Usd(12));
}

TEST(Figure, SumMovesBothEndsTogether) {
  const auto a = Figure<Watts>::between(Watts(10), Watts(9), Watts(12), Basis::Measured);
  const auto b = Figure<Watts>::between(Watts(5), Watts(4), Watts(6), Basis::Published);
  const auto sum = a + b;
  EXPECT_EQ(sum.value, Watts(15));
  EXPECT_EQ(sum.low, Watts(13));
  EXPECT_EQ(sum.high, Watts(18));
  EXPECT_EQ(sum.basis, Basis::Published) << "a sum is no surer than its least sure part";
}

TEST(Figure, SumWithAnUnknownIsUnknown) {
  EXPECT_FALSE(
      (Figure<Watts>::exact(Watts(1), Basis::Measured) + Figure<Watts>::unknown()).known());
}

TEST(Figure, KeepsItsEndsInOrderWhenTheSignTurns) {
  const auto loss = Figure<Usd>::between(Usd(10), Usd(9), Usd(12), Basis::Derived) * -2;
  EXPECT_EQ(loss.value, Usd(-20));
  EXPECT_EQ(loss.low, Usd(-24));
  EXPECT_EQ(loss.high, Usd(-18));
}

}  // namespace
}  // namespace omniphi
