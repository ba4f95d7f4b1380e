#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "hw/base/parameters.h"
#include "hw/fabric/graph.h"

namespace omniphi::models {

/// What takes the larger part of a collective's time.
enum class CollectiveLimit { Nothing, Latency, Link, Injection, LocalCopy, Reduction };

constexpr auto choices(CollectiveLimit) {
  using L = CollectiveLimit;
  return std::array{
      Choice<L>{"nothing", L::Nothing, "it takes no time"},
      Choice<L>{"latency", L::Latency, "message overheads, handshakes and hops"},
      Choice<L>{"link", L::Link, "the busiest arc of the fabric"},
      Choice<L>{"injection", L::Injection, "what one rank can feed into the fabric"},
      Choice<L>{"local-copy", L::LocalCopy, "copies between the ranks of a host"},
      Choice<L>{"reduction", L::Reduction, "adding up what was received"},
  };
}

/// Time of one collective and what it is made of.
/// Physics, for whoever checks it:  busiest_arc_bytes / bandwidth of busiest_arc <= total,
/// sent_per_rank / injection rate <= total (without local messages), total = latency + transfer +
/// reduction.
struct CollectiveTime {
  Seconds total{};
  Seconds latency{};  // message overheads, rendezvous handshakes, hops
  Seconds
      transfer{};  // bytes over the busiest arc, through the end points, or between ranks of a host
  Seconds reduction{};  // adding up
  CollectiveLimit limited_by = CollectiveLimit::Nothing;

  std::int64_t steps = 0;
  std::int64_t messages = 0;  // of all ranks
  Bytes sent_per_rank{};      // by the rank that sends most, local messages too

  std::optional<hw::ArcId> busiest_arc;  // over the whole collective; none if nothing left a host
  Bytes busiest_arc_bytes{};             // payload, without packet headers
};

}  // namespace omniphi::models
