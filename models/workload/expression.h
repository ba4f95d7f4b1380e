#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace omniphi::models {

/// Evaluates arithmetic over named numbers: "($kernel - 1) / 2". Each number reads as `$name`.
/// Besides the usual operators and functions (muParser's) there are floor, ceil and divisible(x;
/// d), which rounds x to a multiple of d, at least d and no less than 0.9 x: how the MobileNets
/// round widths (tensorflow/models, slim/nets/mobilenet/mobilenet.py, _make_divisible).
/// Arguments are parted by `;`, as a comma parts values in YAML.
class Calculator {
 public:
  Calculator();
  ~Calculator();

  /// The value of `expression`, which must be whole and at most 2^53.
  /// Throws std::invalid_argument with one sentence where it is malformed, names a number that is
  /// not there, or has another value.
  std::int64_t whole(const std::string& expression, const std::map<std::string, double>& numbers);

  /// The same, of any finite value.
  double number(const std::string& expression, const std::map<std::string, double>& numbers);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

/// The names that an expression mentions as `$name`.
std::vector<std::string> names_in(std::string_view expression);

}  // namespace omniphi::models
