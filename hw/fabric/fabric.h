#pragma once

#include "hw/fabric/topology/topology.h"

namespace omniphi::hw {

/// A fabric as scenarios name it: a topology with its parts, of the catalog (a real system's, say)
/// or written in place.
struct Fabric {
  static constexpr std::string_view folder = "fabrics";
  Topology topology;

  static void read(
      const ConfigNode& node, const std::string& path, Fabric& out, Rule rule, ReadContext context);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;
};

}  // namespace omniphi::hw
