#include "models/workload/expression.h"

#include <algorithm>
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

namespace {

constexpr std::string_view kNameCharacters =
    "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

double divisible(double x, double divisor) {
  const double near = std::max(divisor, std::floor((x + divisor / 2) / divisor) * divisor);
  return near < 0.9 * x ? near + divisor : near;
}

double floor_of(double x) {
  return std::floor(x);
}

double ceil_of(double x) {
  return std::ceil(x);
}

}  // namespace

Calculator::Calculator() : parser_(std::make_unique<Parser>()) {
  parser_->mu.DefineNameChars(('$' + std::string(kNameCharacters)).c_str());
  parser_->mu.SetArgSep(';');  // a comma parts values in YAML
  parser_->mu.DefineFun("divisible", divisible);
  parser_->mu.DefineFun("floor", floor_of);
  parser_->mu.DefineFun("ceil", ceil_of);
}

Calculator::~Calculator() = default;

std::vector<std::string> names_in(std::string_view expression) {
  std::vector<std::string> names;
  for (auto at = expression.find('$'); at != std::string_view::npos;
       at = expression.find('$', at + 1)) {
    const std::string_view rest = expression.substr(at + 1);
    names.emplace_back(rest.substr(0, rest.find_first_not_of(kNameCharacters)));
  }
  return names;
}

namespace {

/// muParser would only say that it met an unexpected token.
void check_names(std::string_view expression, const std::map<std::string, double>& numbers) {
  std::vector<std::string_view> known;
  for (const auto& [name, value] : numbers) known.emplace_back(name);
  for (const std::string& name : names_in(expression)) {
    if (numbers.contains(name)) continue;
    throw std::invalid_argument(fmt::format(
        "\"{}\" names no number \"{}\"{}", expression, name, did_you_mean(name, known)));
  }
}

}  // namespace

double Calculator::number(const std::string& expression,
                          const std::map<std::string, double>& numbers) {
  constexpr std::size_t kLongest = 200;
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
  if (std::isfinite(value)) return value;
  throw std::invalid_argument(fmt::format("\"{}\" has no value", expression));
}

std::int64_t Calculator::whole(const std::string& expression,
                               const std::map<std::string, double>& numbers) {
  constexpr double kLargest = 9007199254740992;  // 2^53: up to here doubles hold every whole number
  const double value = number(expression, numbers);
  if (std::abs(value) <= kLargest && value == std::floor(value)) {
    return static_cast<std::int64_t>(value);
  }
  throw std::invalid_argument(
      fmt::format("\"{}\" must come out as a whole number, got {}", expression, value));
}

}  // namespace omniphi::models
