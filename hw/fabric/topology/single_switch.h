#pragma once

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// All hosts at one switch.
struct SingleSwitch : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "single-switch";

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
  }
};

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const SingleSwitch& fabric, int hosts);
RoutingRules routing_rules(const SingleSwitch& fabric);

}  // namespace omniphi::hw
