#pragma once

#include <optional>

#include "hw/fabric/topology/fabric_parameters.h"
#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// Cables that carry the same.
struct CableList {
  std::optional<BytesPerSecond> bandwidth{};
  std::optional<Seconds> latency{};
  std::vector<CableEnds> ends{};

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("bandwidth", self.bandwidth, "data rate of one direction (without: the switch's)", positive);
    v("latency", self.latency, "of cable and transceivers (without: the switch's)", non_negative);
    v("ends", self.ends, "their ends, as \"host-3 switch-0\" or \"s1 s2 x4\"", required);
  }
};

/// A fabric wired in whatever way, cable by cable. What is not among the switches is a host; hosts
/// are numbered as they first occur. A cluster of fewer nodes uses the first ones.
struct EdgeList : FabricParameters {
  static constexpr std::string_view kind_key = "topology";
  static constexpr std::string_view kind = "edge-list";
  std::vector<std::string> switches;
  std::vector<CableList> cables;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    visit_common(self, v);
    v("switches", self.switches, "names of the switches", required);
    v("cables", self.cables, "cables, in lists of equal ones", required);
  }
};

// What hw/fabric/topology/topology.h asks of a topology.

Outcome<Wiring> wired(const EdgeList& fabric, int hosts);
RoutingRules routing_rules(const EdgeList& fabric);

}  // namespace omniphi::hw
