#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/collective/schedule.h"

/// Proves a schedule right by running it on symbols instead of numbers.
namespace omniphi::tests {

/// What each rank holds of each chunk: how often it contains each rank's contribution.
class SymbolicRun {
 public:
  explicit SymbolicRun(const models::Schedule& schedule)
      : schedule_(schedule), held_(schedule.ranks * schedule.chunks * schedule.ranks) {
    for (int rank = 0; rank < schedule.ranks; ++rank) {
      for (std::int64_t chunk = 0; chunk < schedule.chunks; ++chunk) at(rank, chunk)[rank] = 1;
    }
    for (const models::Schedule::Phase& phase : schedule.phases) {
      for (std::int64_t repeat = 0; repeat < phase.repeats; ++repeat) {
        step(phase, repeat * phase.chunk_shift);
      }
    }
  }

  /// "" if every rank ends with every contribution exactly once in every chunk.
  [[nodiscard]] std::string fault() const {
    for (std::size_t i = 0; i < held_.size(); ++i) {
      if (held_[i] == 1) continue;
      const std::size_t rank = i / (schedule_.chunks * schedule_.ranks);
      const std::size_t chunk = i / schedule_.ranks % schedule_.chunks;
      return "rank " + std::to_string(rank) + " holds the contribution of rank " +
             std::to_string(i % schedule_.ranks) + " to chunk " + std::to_string(chunk) + ' ' +
             std::to_string(held_[i]) + " times";
    }
    return "";
  }

 private:
  using Count = std::int32_t;

  Count* at(int rank, std::int64_t chunk) {
    return held_.data() + (rank * schedule_.chunks + chunk) * schedule_.ranks;
  }

  [[nodiscard]] std::int64_t chunk(const models::Transfer& t,
                                   std::int64_t shift,
                                   std::int64_t i) const {
    return (t.first_chunk + shift + i) % schedule_.chunks;
  }

  void step(const models::Schedule::Phase& phase, std::int64_t shift) {
    // All messages of a step are read before any is written.
    messages_.clear();
    for (const models::Transfer& t : phase.transfers) {
      for (std::int64_t i = 0; i < t.chunks; ++i) {
        const Count* from = at(t.source, chunk(t, shift, i));
        messages_.insert(messages_.end(), from, from + schedule_.ranks);
      }
    }
    const Count* message = messages_.data();
    for (const models::Transfer& t : phase.transfers) {
      for (std::int64_t i = 0; i < t.chunks; ++i, message += schedule_.ranks) {
        Count* to = at(t.destination, chunk(t, shift, i));
        for (int rank = 0; rank < schedule_.ranks; ++rank) {
          to[rank] = message[rank] + (t.reduce ? to[rank] : 0);
        }
      }
    }
  }

  const models::Schedule& schedule_;
  std::vector<Count> held_;  // [rank, chunk, contribution]
  std::vector<Count> messages_;
};

/// Chunks that each rank sends in all.
inline std::vector<std::int64_t> chunks_sent(const models::Schedule& schedule) {
  std::vector<std::int64_t> sent(schedule.ranks);
  for (const models::Schedule::Phase& phase : schedule.phases) {
    for (const models::Transfer& t : phase.transfers) sent[t.source] += phase.repeats * t.chunks;
  }
  return sent;
}

}  // namespace omniphi::tests
