#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/collective/schedule.h"

/// Proves a schedule right by running it on symbols instead of numbers.
namespace omniphi::tests {

/// What each rank holds of each chunk: how often it contains what each rank had at the start. For
/// an all-to-all, in which chunks are for somebody and are not added up, what a rank had is told
/// apart by the rank it is for.
class SymbolicRun {
 public:
  SymbolicRun(models::Collective collective, const models::Schedule& schedule)
      : collective_(collective),
        schedule_(schedule),
        held_(schedule.ranks * schedule.chunks * schedule.ranks) {
    for (int rank = 0; rank < schedule.ranks; ++rank) {
      for (std::int64_t chunk = 0; chunk < schedule.chunks; ++chunk) {
        if (starts_with(rank, chunk))
          at(rank, chunk)[rank] = kFirst + kFor * addressee(rank, chunk);
      }
    }
    for (const models::Schedule::Phase& phase : schedule.phases) {
      for (std::int64_t repeat = 0; repeat < phase.repeats; ++repeat) step(phase, repeat);
    }
  }

  /// "" if every rank ends with what the collective promises, and each of it once.
  [[nodiscard]] std::string fault() const {
    for (int rank = 0; rank < schedule_.ranks; ++rank) {
      for (std::int64_t chunk = 0; chunk < schedule_.chunks; ++chunk) {
        if (!ends_with(rank, chunk)) continue;
        for (int from = 0; from < schedule_.ranks; ++from) {
          const Count found = at(rank, chunk)[from];
          if (found == expected(rank, chunk, from)) continue;
          return "rank " + std::to_string(rank) + " holds what rank " + std::to_string(from) +
                 " had of chunk " + std::to_string(chunk) + ' ' + std::to_string(found % kFor) +
                 " times";
        }
      }
    }
    return "";
  }

 private:
  using Count = std::int32_t;
  using C = models::Collective;

  static constexpr Count kFirst = 1;    // one contribution
  static constexpr Count kFor = 10000;  // times the rank it is for, in an all-to-all

  [[nodiscard]] bool starts_with(int rank, std::int64_t chunk) const {
    if (collective_ == C::AllGather) return rank == chunk;
    return collective_ != C::Broadcast || rank == 0;
  }

  [[nodiscard]] bool ends_with(int rank, std::int64_t chunk) const {
    return collective_ != C::ReduceScatter || rank == chunk;
  }

  [[nodiscard]] int addressee(int rank, std::int64_t chunk) const {
    return collective_ == C::AllToAll ? static_cast<int>((rank + chunk) % schedule_.ranks) : 0;
  }

  /// What must be there at the end, of what rank `from` had.
  [[nodiscard]] Count expected(int rank, std::int64_t chunk, int from) const {
    switch (collective_) {
      case C::AllGather:
        return from == chunk ? kFirst : 0;
      case C::Broadcast:
        return from == 0 ? kFirst : 0;
      case C::AllToAll:
        return (from + chunk) % schedule_.ranks == rank ? kFirst + kFor * rank : 0;
      case C::AllReduce:
      case C::ReduceScatter:
        break;
    }
    return kFirst;
  }

  Count* at(int rank, std::int64_t chunk) {
    return held_.data() + (rank * schedule_.chunks + chunk) * schedule_.ranks;
  }

  [[nodiscard]] const Count* at(int rank, std::int64_t chunk) const {
    return held_.data() + (rank * schedule_.chunks + chunk) * schedule_.ranks;
  }

  [[nodiscard]] std::int64_t chunk(const models::Transfer& t,
                                   std::int64_t shift,
                                   std::int64_t i) const {
    return (t.chunk(i) + shift) % schedule_.chunks;
  }

  void step(const models::Schedule::Phase& phase, std::int64_t repeat) {
    const std::int64_t shift = repeat * phase.chunk_shift;
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
        Count* to = at(schedule_.destination(phase, t, repeat), chunk(t, shift, i));
        for (int rank = 0; rank < schedule_.ranks; ++rank) {
          to[rank] = message[rank] + (t.reduce ? to[rank] : 0);
        }
      }
    }
  }

  models::Collective collective_;
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
