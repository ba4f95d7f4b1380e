#include "models/workload/expression.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace omniphi::models {
namespace {

std::string fault(const std::string& expression, const std::map<std::string, double>& numbers) {
  try {
    Calculator().whole(expression, numbers);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Calculator, ComputesWithNamedNumbers) {
  Calculator calculator;
  EXPECT_EQ(calculator.whole("($kernel - 1) / 2", {{"kernel", 7}}), 3);
  EXPECT_EQ(calculator.whole("4 * $c + $c1", {{"c", 64}, {"c1", 1}}), 257);
  EXPECT_EQ(calculator.whole("$alpha * 32", {{"alpha", 0.25}}), 8);
}

TEST(Calculator, RoundsWidthsAsTheMobileNetsDo) {
  Calculator calculator;
  const auto rounded = [&](double width, double channels) {
    return calculator.whole("divisible($width * $channels; 8)",
                            {{"width", width}, {"channels", channels}});
  };
  EXPECT_EQ(rounded(1, 32), 32);
  EXPECT_EQ(rounded(0.75, 24), 24);  // 18: nearest is 16, less than 0.9 of it, so the next
  EXPECT_EQ(rounded(1.4, 96), 136);  // 134.4
  EXPECT_EQ(rounded(0.1, 16), 8);    // never below the divisor
  EXPECT_EQ(calculator.whole("ceil($x) - floor($x)", {{"x", 2.5}}), 1);
}

TEST(Calculator, ForgetsTheNumbersOfTheLastCall) {
  Calculator calculator;
  EXPECT_EQ(calculator.whole("$a", {{"a", 1}}), 1);
  EXPECT_THROW(calculator.whole("$a", {}), std::invalid_argument);
}

TEST(Calculator, SaysWhyThereIsNoWholeNumber) {
  const std::map<std::string, double> numbers{{"kernel", 4}};
  EXPECT_EQ(fault("($kernel - 1) / 2", numbers),
            "\"($kernel - 1) / 2\" must come out as a whole number, got 1.5");
  EXPECT_EQ(fault("$kernel / 0", numbers), "\"$kernel / 0\" has no value");
  EXPECT_EQ(fault("$kernel ^ 99", numbers),
            "\"$kernel ^ 99\" must come out as a whole number, got 4.017345110647476e+59");
  EXPECT_EQ(fault("$kernal + 1", numbers),
            "\"$kernal + 1\" names no number \"kernal\" (did you mean \"kernel\"?)");
  EXPECT_EQ(fault("$kernel +", numbers),
            "cannot evaluate \"$kernel +\": Unexpected end of expression at position 10");
  EXPECT_EQ(fault("$kernel = 3", numbers),
            "cannot evaluate \"$kernel = 3\": Unexpected operator \"=\" found at position 8");
  EXPECT_EQ(fault(std::string(201, '('), numbers), "an expression may have at most 200 characters");
}

}  // namespace
}  // namespace omniphi::models
