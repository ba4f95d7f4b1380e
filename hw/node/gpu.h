#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "hw/base/figure.h"
#include "hw/base/parameters.h"
#include "hw/fabric/parts.h"
#include "hw/node/node_parts.h"

namespace omniphi::hw {

/// The memory on a device's board or package.
struct DeviceMemory {
  std::string name;  // "hbm2", "gddr5x"
  Bytes capacity{};
  BytesPerSecond peak_bandwidth{};          // of the interface
  int channels = 1;                         // each opens rows of its own
  Figure<BytesPerSecond> stream_bandwidth;  // sustained by all multiprocessors
  Figure<Seconds> latency;                  // idle, load to use
  Figure<JoulesPerByte> energy;             // device and interface

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("name", self.name, "what it is called", required);
    v("capacity", self.capacity, "size", required | positive);
    v("peak_bandwidth", self.peak_bandwidth, "rate of the interface", required | positive);
    v("channels",
      self.channels,
      "channels that open rows independently",
      required | between(1, 4096));
    v("stream_bandwidth",
      self.stream_bandwidth,
      "rate sustained by all multiprocessors",
      required | positive);
    v("latency", self.latency, "idle latency, load to use", required | positive);
    v("energy",
      self.energy,
      "energy of a byte moved, device and interface",
      required | non_negative);
  }
};

/// One way between the device and its host's memory.
struct HostLink {
  BytesPerSecond peak_bandwidth{};  // of one direction
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("peak_bandwidth",
      self.peak_bandwidth,
      "rate of one direction, after line coding",
      required | positive);
    v("source", self.source, "document and page");
  }
};

/// A node that computes on one graphics processor; `platform` in power and price is its share of
/// the host.
struct Gpu {
  static constexpr std::string_view kind_key = "kind";
  static constexpr std::string_view kind = "gpu";

  std::string source;
  int multiprocessors = 0;
  Hertz clock{};                // that the vendor's peak is quoted at
  Figure<Hertz> load_clock;     // kept under sustained arithmetic; not given: `clock`
  FlopPerCycle flop_per_cycle;  // of one multiprocessor
  Bytes register_file{};        // of one multiprocessor
  Bytes shared_memory{};        // of one multiprocessor, at most
  Bytes l2{};                   // of the device
  DeviceMemory memory;
  Figure<Seconds> kernel_launch;
  HostLink host_link;
  Part<Adapter> adapter;
  Power power;
  NodePrice price;

  [[nodiscard]] Hertz working_clock() const {
    return load_clock.value > Hertz(0) ? load_clock.value : clock;
  }

  /// Multiply-adds that the scalar units of one multiprocessor start a cycle.
  [[nodiscard]] double lanes(NumberFormat format) const {
    return flop_per_cycle_of(flop_per_cycle, format) / 2;
  }

  /// The same of its units for small matrices, or of the scalar ones where it has none.
  [[nodiscard]] double matrix_lanes(NumberFormat format) const {
    const auto entry = flop_per_cycle.find(std::string(choice_name(format)) + "-tensor");
    return entry == flop_per_cycle.end() ? lanes(format) : entry->second / 2;
  }

  /// All multiprocessors, every cycle a full multiply-add on each unit, at the higher clock.
  [[nodiscard]] FlopsPerSecond peak(NumberFormat format) const {
    const Hertz fastest = std::max(clock, working_clock());
    return Flops(multiprocessors * 2 * matrix_lanes(format)) * fastest;
  }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("source",
      self.source,
      "document and page that holds for every value without one of its own",
      required);
    v("multiprocessors",
      self.multiprocessors,
      "streaming multiprocessors or compute units",
      required | between(1, 10000));
    v("clock", self.clock, "clock that the peak is quoted at", required | positive);
    v("load_clock",
      self.load_clock,
      "clock kept under sustained arithmetic, within the power limit",
      positive);
    v("flop_per_cycle",
      self.flop_per_cycle,
      "peak flop a cycle of one multiprocessor, by number format; with \"-tensor\": of its units "
      "for small matrices",
      required | positive);
    v("register_file", self.register_file, "registers of one multiprocessor", required | positive);
    v("shared_memory",
      self.shared_memory,
      "memory that the threads of one multiprocessor share, at most",
      required | positive);
    v("l2", self.l2, "last cache before the memory", required | positive);
    v("memory", self.memory, "memory of the device", required);
    v("kernel_launch",
      self.kernel_launch,
      "time from the host's call to the kernel's start",
      required | positive);
    v("host_link", self.host_link, "link to the host", required);
    v("adapter", self.adapter, "fabric adapter of the host", required);
    v("power", self.power, "power and energy", required);
    v("price", self.price, "bill of materials, adapter apart", required);
  }
};

}  // namespace omniphi::hw
