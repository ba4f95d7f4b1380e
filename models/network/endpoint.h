#pragma once

#include <limits>

#include "hw/base/quantity.h"

namespace omniphi::models {

constexpr double kUnlimited = std::numeric_limits<double>::infinity();

/// What one rank's communication can do: a node's cores and adapters under a software stack, in the
/// parameters of LogGP [Alexandrov1995]. The default is an ideal end point, which costs nothing.
/// All rates are positive; infinite ones do not limit.
struct Endpoint {
  Seconds message_overhead{};              // o_s + o_r: sending core and receiving core, a message
  Bytes rendezvous_threshold{kUnlimited};  // larger messages ask first and are then moved by DMA
  Seconds rendezvous_handshake{};          // asking: added to such messages
  BytesPerSecond eager_copy_rate{
      kUnlimited};  // of messages up to the threshold, copied by a core (PIO)
  BytesPerSecond injection_rate{kUnlimited};   // of all of one rank's messages, each direction
  BytesPerSecond local_copy_rate{kUnlimited};  // of one rank's messages to ranks of the same host
  BytesPerSecond reduction_rate{kUnlimited};   // bytes of result that one rank adds up in a second

  /// How fast a rank feeds a message of this size into the fabric.
  [[nodiscard]] BytesPerSecond rate(Bytes message) const {
    const bool copied = message <= rendezvous_threshold && eager_copy_rate < injection_rate;
    return copied ? eager_copy_rate : injection_rate;
  }

  [[nodiscard]] Seconds handshake(Bytes message) const {
    return message > rendezvous_threshold ? rendezvous_handshake : Seconds{};
  }
};

}  // namespace omniphi::models
