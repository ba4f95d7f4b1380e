#pragma once

#include <string>

#include "hw/base/error.h"

namespace omniphi::test {

/// What a user would be told, one line a fault; "" if all is well. Empties `diagnostics`.
inline std::string faults(Diagnostics& diagnostics) {
  try {
    diagnostics.throw_if_any();
    return "";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

}  // namespace omniphi::test
