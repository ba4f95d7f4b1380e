#pragma once

#include <string>

#include "hw/base/figure.h"
#include "hw/base/parameters.h"

/// The parts a fabric is bought of. Each is a catalog entry of `fabrics/`.
namespace omniphi::hw {

/// One port and its cable: a full-duplex link, described for one direction.
struct Link {
  BytesPerSecond bandwidth{};     // data after line coding and link-level framing
  Bytes maximum_transfer_unit{};  // payload of the largest packet
  Bytes packet_overhead{};        // headers and checks sent with each packet
  Seconds latency{};              // cable and both transceivers

  /// Share of `bandwidth` that is left for payload in full packets.
  [[nodiscard]] double packet_efficiency() const {
    return maximum_transfer_unit / (maximum_transfer_unit + packet_overhead);
  }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("bandwidth",
      self.bandwidth,
      "data rate of one direction, after line coding",
      required | positive);
    v("maximum_transfer_unit",
      self.maximum_transfer_unit,
      "payload of the largest packet",
      required | positive);
    v("packet_overhead", self.packet_overhead, "header and check bytes of a packet", non_negative);
    v("latency", self.latency, "time through the cable and both transceivers", non_negative);
  }
};

struct Cable {
  static constexpr std::string_view folder = "fabrics";
  Figure<Usd> price;
  Figure<Watts> power;  // of both ends' transceivers
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("price", self.price, "price of one cable with its ends", required | non_negative);
    v("power", self.power, "power of both transceivers", required | non_negative);
    v("source", self.source, "document and page", required);
  }
};

struct Switch {
  static constexpr std::string_view folder = "fabrics";
  int ports = 0;
  Link link;
  Seconds latency{};  // port to port, first bit in to first bit out
  Part<Cable> host_cable;
  Part<Cable> switch_cable;
  Figure<Usd> price;
  Figure<Watts> power;  // without cables' transceivers
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("ports", self.ports, "number of ports", required | between(2, 100000));
    v("link", self.link, "what one port carries", required);
    v("latency", self.latency, "port to port, cut-through", required | non_negative);
    v("host_cable", self.host_cable, "cable to a host", required);
    v("switch_cable", self.switch_cable, "cable to another switch", required);
    v("price", self.price, "price of the switch", required | non_negative);
    v("power", self.power, "power of the switch, cables apart", required | non_negative);
    v("source", self.source, "document and page", required);
  }
};

/// A host fabric interface: what a node plugs into the fabric.
struct Adapter {
  static constexpr std::string_view folder = "fabrics";
  int ports = 1;
  Link link;  // of each port
  Figure<Usd> price;
  Figure<Watts> power;  // of the whole adapter, without cables' transceivers
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("ports", self.ports, "number of ports", between(1, 8));
    v("link", self.link, "what one port carries", required);
    v("price", self.price, "price of the adapter", required | non_negative);
    v("power", self.power, "power of the adapter, cables apart", required | non_negative);
    v("source", self.source, "document and page", required);
  }
};

}  // namespace omniphi::hw
