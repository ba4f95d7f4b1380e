#pragma once

#include <string>
#include <variant>

namespace omniphi {

/// A design that is described correctly but does not work (it does not fit, the fabric has too few
/// ports): a value, not an error, since an explorer meets it daily.
struct Infeasible {
  std::string reason;  // one sentence with the numbers
};

template <class T>
using Outcome = std::variant<T, Infeasible>;

}  // namespace omniphi
