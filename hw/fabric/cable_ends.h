#pragma once

#include <string>

#include "hw/base/parameter_reader.h"
#include "hw/base/parameter_schema.h"

namespace omniphi::hw {

/// Cables between two vertices by name: "host-3 switch-0", or "switch-0 switch-4 x2" for two.
/// Names have no spaces in them.
struct CableEnds {
  std::string a;
  std::string b;
  int count = 1;

  static void read(const ConfigNode& node,
                   const std::string& path,
                   CableEnds& out,
                   Rule rule,
                   ReadContext context);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;
};

}  // namespace omniphi::hw
