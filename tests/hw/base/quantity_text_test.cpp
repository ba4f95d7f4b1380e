#include "hw/base/quantity_text.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace omniphi {
namespace {

template <class Q>
double parsed(std::string_view text) {
  const auto value = parse_quantity(text, dimension_value<typename Q::dimension>());
  return value ? *value : std::numeric_limits<double>::quiet_NaN();
}

template <class Q>
std::string exact(double value) {
  return exact_text(value, dimension_value<typename Q::dimension>());
}

TEST(QuantityText, ReadsDecimalAndBinaryPrefixes) {
  EXPECT_EQ(parsed<Bytes>("16 GiB"), 17179869184.0);
  EXPECT_EQ(parsed<Bytes>("16 GB"), 16e9);
  EXPECT_EQ(parsed<Bytes>("32KiB"), 32768);
  EXPECT_EQ(parsed<BytesPerSecond>("12.5 GB/s"), 12.5e9);
  EXPECT_EQ(parsed<FlopsPerSecond>("6.1 Tflop/s"), 6.1e12);
  EXPECT_EQ(parsed<Hertz>("1.4 GHz"), 1.4e9);
  EXPECT_EQ(parsed<Hertz>("2133 MT/s"), 2.133e9);
  EXPECT_EQ(parsed<JoulesPerByte>("40 pJ/B"), 40e-12);
}

TEST(QuantityText, TellsBitsFromBytes) {
  EXPECT_EQ(parsed<BytesPerSecond>("100 Gb/s"), 12.5e9);
  EXPECT_EQ(parsed<BytesPerSecond>("100 Gbit/s"), 12.5e9);
}

TEST(QuantityText, ReadsUnitsThatAreNoPowerOfTenOfTheBase) {
  EXPECT_EQ(parsed<Seconds>("1.5 h"), 5400);
  EXPECT_EQ(parsed<Joules>("2 kWh"), 7.2e6);
  EXPECT_DOUBLE_EQ(parsed<UsdPerJoule>("0.1 USD/kWh"), 0.1 / 3.6e6);
  EXPECT_EQ(parse_quantity("18 %", {}), 0.18);
}

// 1.023 * 1e3 is 1022.9999999999999.
TEST(QuantityText, ReadsTheSameDoubleAsTheLiteral) {
  EXPECT_EQ(parsed<Seconds>("12.5 ns"), 12.5e-9);
  EXPECT_EQ(parsed<Bytes>("1.023 kB"), 1023);
  EXPECT_EQ(parsed<Seconds>("2.5e-3 us"), 2.5e-9);
  EXPECT_EQ(parsed<Seconds>("2.5e+3 us"), 2.5e-3);
}

TEST(QuantityText, RefusesABareNumberWhereAUnitIsDue) {
  EXPECT_FALSE(parse_quantity("12.5", dimension_value<Seconds::dimension>()));
  EXPECT_FALSE(parse_quantity("0", dimension_value<Bytes::dimension>()));
}

TEST(QuantityText, RefusesAUnitOfAnotherDimension) {
  EXPECT_FALSE(parse_quantity("12.5 GB", dimension_value<BytesPerSecond::dimension>()));
  EXPECT_FALSE(parse_quantity("12.5 s", {}));
}

TEST(QuantityText, RefusesWhatIsNoNumber) {
  for (const std::string_view text : {"",
                                      "GB",
                                      "inf",
                                      "nan",
                                      "-inf",
                                      "yes",
                                      "1_000",
                                      "1,5",
                                      "010",
                                      "-010",
                                      "00.5",
                                      "0x10",
                                      "+1",
                                      "1e400",
                                      "1e",
                                      "1 k",
                                      "1 2",
                                      "~"}) {
    EXPECT_FALSE(parse_quantity(text, {})) << text;
  }
  for (const std::string_view text :
       {"010 s", "1e308 Gs", "1 s/", "1 /s", "1 ks", "1 kS", "1 s s", "1\ts"}) {
    EXPECT_FALSE(parse_quantity(text, dimension_value<Seconds::dimension>())) << text;
  }
  EXPECT_FALSE(parse_quantity("1e308 PB", dimension_value<Bytes::dimension>()))
      << "too large for a double";
}

TEST(QuantityText, PrintsWithThePrefixPeopleUse) {
  EXPECT_EQ(exact<Seconds>(0.0001), "100 us");
  EXPECT_EQ(exact<Seconds>(0), "0 s");
  EXPECT_EQ(exact<Seconds>(-3e-6), "-3 us");
  EXPECT_EQ(exact<Seconds>(999.6e-9), "999.6 ns");
  EXPECT_EQ(exact<Joules>(1.5e-13), "0.15 pJ");
  EXPECT_EQ(exact<FlopsPerSecond>(1e12), "1 Tflop/s");
  EXPECT_EQ(exact<UsdPerJoule>(0.1 / 3.6e6), "0.1 USD/kWh");
  EXPECT_EQ(exact<Usd>(0.5), "0.5 USD");
  EXPECT_EQ(exact<Watts>(1e-6), "0.001 mW");
  EXPECT_EQ(exact_text(0.1, {}), "0.1");
}

TEST(QuantityText, PrintsASizeInPowersOfTwoWhereThatIsShorter) {
  EXPECT_EQ(exact<Bytes>(17179869184.0), "16 GiB");
  EXPECT_EQ(exact<Bytes>(32768), "32 KiB");
  EXPECT_EQ(exact<Bytes>(1.5 * 1048576), "1.5 MiB");
  EXPECT_EQ(exact<Bytes>(25e6), "25 MB");
  EXPECT_EQ(exact<Bytes>(1000), "1 kB");
  EXPECT_EQ(exact<Bytes>(1023), "1.023 kB");
  EXPECT_EQ(exact<Bytes>(512), "512 B");
}

TEST(QuantityText, ShortensForPeople) {
  EXPECT_EQ(short_text(Bytes(17179869184.0)), "16 GiB");
  EXPECT_EQ(short_text(Bytes(123456789)), "123.5 MB");
  EXPECT_EQ(short_text(Bytes(999.96e6)), "1 GB") << "the prefix is that of the rounded value";
  EXPECT_EQ(short_text(Seconds(99.6), 2), "100 s") << "no exponent for a whole number";
  EXPECT_EQ(short_text(Seconds(1.0 / 3)), "333.3 ms");
  EXPECT_EQ(short_text(12345.0, {}), "12345");
  EXPECT_EQ(short_text(0.0123456, {}), "0.01235");
}

TEST(QuantityText, NamesItsDimensions) {
  EXPECT_EQ(dimension_name(dimension_value<BytesPerSecond::dimension>()).noun, "data rate");
  EXPECT_EQ(dimension_name({.second = 5}).noun, "quantity");
  EXPECT_EQ(unit_suffix(dimension_value<UsdPerJoule::dimension>()), "usd_per_j");
  EXPECT_EQ(unit_suffix({.second = 5}), "");
}

template <class Q>
class EveryQuantity : public ::testing::Test {};

using Named = ::testing::Types<Seconds,
                               Hertz,
                               Bytes,
                               BytesPerSecond,
                               Flops,
                               FlopsPerSecond,
                               FlopsPerByte,
                               Joules,
                               Watts,
                               JoulesPerByte,
                               JoulesPerFlop,
                               Usd,
                               UsdPerJoule>;
TYPED_TEST_SUITE(EveryQuantity, Named);

TYPED_TEST(EveryQuantity, NamesAnExampleThatItReads) {
  const DimensionName name = dimension_name(dimension_value<typename TypeParam::dimension>());
  EXPECT_GT(parsed<TypeParam>(name.example), 0) << name.example;
}

TYPED_TEST(EveryQuantity, SurvivesPrintingAndParsingToTheLastBit) {
  std::mt19937_64 random(20240611);
  for (int i = 0; i < 5000; ++i) {
    const auto any_double = std::bit_cast<double>(random());
    const double everyday =
        std::ldexp(static_cast<double>(random() >> 11), -static_cast<int>(random() % 100));
    for (const double value : {any_double, everyday}) {
      if (!std::isfinite(value)) continue;
      ASSERT_EQ(parsed<TypeParam>(exact<TypeParam>(value)), value) << exact<TypeParam>(value);
    }
  }
}

TYPED_TEST(EveryQuantity, IsShortenedToWithinItsDigits) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    const double value =
        std::ldexp(static_cast<double>(random() >> 11), -static_cast<int>(random() % 100));
    ASSERT_NEAR(parsed<TypeParam>(short_text(TypeParam(value))), value, 5.1e-4 * value) << value;
  }
}

}  // namespace
}  // namespace omniphi
