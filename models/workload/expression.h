#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace omniphi::models {

/// Evaluates arithmetic over named numbers: "($kernel - 1) / 2". Each number reads as `$name`.
class Calculator {
 public:
  Calculator();
  ~Calculator();

  /// The value of `expression`, which must be whole and at most 2^53.
  /// Throws std::invalid_argument with one sentence where it is malformed, names a number that is
  /// not there, or has another value.
  std::int64_t whole(const std::string& expression, const std::map<std::string, double>& numbers);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace omniphi::models
