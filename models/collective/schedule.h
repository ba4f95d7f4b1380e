#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace omniphi::models {

/// One message of a step: `chunks` consecutive chunks of the payload, from chunk `first_chunk`
/// (modulo the schedule's chunk count), go from one rank to another, which adds them to its own or
/// keeps them.
struct Transfer {
  int source = 0;
  int destination = 0;
  std::int64_t first_chunk = 0;
  std::int64_t chunks = 0;
  bool reduce = false;  // add to what the destination holds; otherwise overwrite it
};

/// A collective as plain data, written once and read by every executor. Payload = `chunks` equal
/// pieces.
struct Schedule {
  /// `repeats` steps, one after the other, that move equally large messages between the same ranks;
  /// in repeat r every transfer's first chunk is `first_chunk + r * chunk_shift`. The transfers of
  /// one step happen at once and read what was there before the step.
  struct Phase {
    std::int64_t repeats = 1;
    std::int64_t chunk_shift = 0;
    std::vector<Transfer> transfers;
  };

  std::string name;
  int ranks = 1;
  std::int64_t chunks = 1;
  std::vector<Phase> phases;

  [[nodiscard]] std::int64_t steps() const;
};

/// Names of the all-reduce schedules, in the order they are tried and printed.
const std::vector<std::string_view>& all_reduce_names();

/// The all-reduce of this name for `ranks` ranks (1 or more; no transfers for one).
/// Throws std::invalid_argument for a name that is not in the list.
Schedule all_reduce_schedule(std::string_view name, int ranks);

}  // namespace omniphi::models
