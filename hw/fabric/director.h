#pragma once

#include <string>

#include "hw/fabric/parts.h"

namespace omniphi::hw {

/// A big switch that is a two-level fabric of equal switches inside: leaves, whose outer ports are
/// the director's, and spines. Every leaf has equally many wires to every spine. A catalog entry of
/// `fabrics/`.
struct Director {
  static constexpr std::string_view folder = "fabrics";
  Part<Switch> chip;  // what leaves and spines are; its ports have the director's links and cables
  int leaves = 0;
  int ports_per_leaf = 0;
  int spines = 0;
  int wires = 1;
  Figure<Usd> price;
  Figure<Watts> power;  // without cables' transceivers
  std::string source;

  [[nodiscard]] int ports() const { return leaves * ports_per_leaf; }

  [[nodiscard]] int chips() const { return leaves + spines; }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("chip", self.chip, "the switch that leaves and spines are", required);
    v("leaves", self.leaves, "switches with outer ports", required | between(1, 10000));
    v("ports_per_leaf", self.ports_per_leaf, "outer ports of a leaf", required | between(1, 10000));
    v("spines", self.spines, "switches between the leaves", required | between(1, 10000));
    v("wires", self.wires, "links between a leaf and a spine", between(1, 10000));
    v("price", self.price, "price of the director", required | non_negative);
    v("power", self.power, "power of the director, cables apart", required | non_negative);
    v("source", self.source, "document and page", required);
  }
};

}  // namespace omniphi::hw
