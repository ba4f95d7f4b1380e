#include "models/workload/expression.h"

#include <cmath>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <muParser.h>

#include "hw/base/error.h"

namespace omniphi::models {

struct Calculator::Parser {
  mu::Parser mu;
};

Calculator::Calculator() : parser_(std::make_unique<Parser>()) {
  parser_->mu.DefineNameChars("$_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

Calculator::~Calculator() = default;

namespace {

/// muParser would only say that it met an unexpected token.
void check_names(std::string_view expression, const std::map<std::string, double>& numbers) {
  constexpr std::string_view kNameCharacters =
      "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::vector<std::string_view> known;
  for (const auto& [name, value] : numbers) known.emplace_back(name);
  for (auto at = expression.find('$'); at != std::string_view::npos;
       at = expression.find('$', at + 1)) {
    const std::string_view rest = expression.substr(at + 1);
    const std::string name(rest.substr(0, rest.find_first_not_of(kNameCharacters)));
    if (numbers.contains(name)) continue;
    throw std::invalid_argument(fmt::format(
        "\"{}\" names no number \"{}\"{}", expression, name, did_you_mean(name, known)));
  }
}

}  // namespace

std::int64_t Calculator::whole(const std::string& expression,
                               const std::map<std::string, double>& numbers) {
  constexpr std::size_t kLongest = 200;
  constexpr double kLargest = 9007199254740992;  // 2^53: up to here doubles hold every whole number
  if (expression.size() > kLongest) {
    throw std::invalid_argument(
        fmt::format("an expression may have at most {} characters", kLongest));
  }
  check_names(expression, numbers);
  double value = 0;
  try {
    parser_->mu.ClearConst();
    for (const auto& [name, number] : numbers) parser_->mu.DefineConst('$' + name, number);
    parser_->mu.SetExpr(expression);
    value = parser_->mu.Eval();
  } catch (const mu::Parser::exception_type& fault) {
    throw std::invalid_argument(
        fmt::format("cannot evaluate \"{}\": {}", expression, fault.GetMsg()));
  }
  if (std::abs(value) <= kLargest && value == std::floor(value)) {
    return static_cast<std::int64_t>(value);
  }
  throw std::invalid_argument(
      fmt::format("\"{}\" must come out as a whole number, got {}", expression, value));
}

}  // namespace omniphi::models
