#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"

namespace omniphi::models {

/// What a group of P ranks does together. A payload is cut in equal chunks; what rank r holds of
/// them:
///
///                    before                          after
///   all-reduce       its addends of all chunks       the sums of all chunks
///   reduce-scatter   its addends of all P chunks     the sum of chunk r
///   all-gather       chunk r of P                    all chunks
///   broadcast        all chunks, if r is 0           all chunks
///   all-to-all       in chunk j, what is for         in chunk j, what rank
///                    rank (r + j) mod P              (r - j) mod P had for it
///
/// The payload is what the side with more of it holds.
enum class Collective { AllReduce, ReduceScatter, AllGather, Broadcast, AllToAll };

constexpr auto choices(Collective) {
  using C = Collective;
  return std::array{
      Choice<C>{"all-reduce", C::AllReduce, "everybody gets the sums"},
      Choice<C>{"reduce-scatter", C::ReduceScatter, "each gets its part of the sums"},
      Choice<C>{"all-gather", C::AllGather, "everybody gets everybody's part"},
      Choice<C>{"broadcast", C::Broadcast, "everybody gets what the first has"},
      Choice<C>{"all-to-all", C::AllToAll, "each has something for everybody"},
  };
}

/// One message of a step: `chunks` chunks of the payload go from one rank to another, which adds
/// them to its own or keeps them in place of its own. They are consecutive from `first_chunk` on
/// (modulo the schedule's chunk count), or, with a `run`, in runs of that many, `stride` apart.
struct Transfer {
  int source = 0;
  int destination = 0;
  std::int64_t first_chunk = 0;
  std::int64_t chunks = 0;
  bool reduce = false;  // add to what the destination holds; otherwise overwrite it
  std::int64_t run = 0;
  std::int64_t stride = 0;

  /// The i-th of its chunks, before it is taken modulo the schedule's chunk count.
  [[nodiscard]] std::int64_t chunk(std::int64_t i) const {
    return first_chunk + (run == 0 ? i : i / run * stride + i % run);
  }
};

/// A collective as plain data, written once and read by every executor. Payload = `chunks` equal
/// pieces.
struct Schedule {
  /// `repeats` steps, one after the other, that move equally large messages. In repeat r every
  /// transfer's chunks are r * chunk_shift further on, and so are destinations by r * peer_shift,
  /// modulo the ranks. The transfers of one step happen at once and read what was there before the
  /// step.
  struct Phase {
    std::int64_t repeats = 1;
    std::int64_t chunk_shift = 0;
    int peer_shift = 0;
    std::vector<Transfer> transfers;
  };

  std::string name;
  int ranks = 1;
  std::int64_t chunks = 1;
  std::vector<Phase> phases;

  [[nodiscard]] std::int64_t steps() const;

  [[nodiscard]] int destination(const Phase& phase, const Transfer& t, std::int64_t repeat) const {
    return static_cast<int>((t.destination + repeat * phase.peer_shift) % ranks);
  }
};

/// Whom a schedule is for.
struct GroupShape {
  int ranks = 1;
  int ranks_per_host = 1;  // consecutive ranks share a host; a divisor of `ranks`
};

/// Names of a collective's algorithms, in the order they are tried and printed.
const std::vector<std::string_view>& algorithm_names(Collective collective);

/// Those that `auto` compares: what communication libraries of the machines in the catalog have.
/// Others run where they are named: pairwise all-reduce (as many steps of as many bytes as the
/// ring, and not only between neighbours), double trees and dual halving-doubling; and hierarchical
/// with one rank a host is halving-doubling.
std::vector<std::string_view> candidate_names(Collective collective, const GroupShape& group);

/// One sentence on the algorithm of this name.
/// Throws std::invalid_argument for a name that is not in the list.
std::string_view algorithm_meaning(Collective collective, std::string_view name);

/// The schedule of this name (no transfers for one rank).
/// Throws std::invalid_argument for a name that is not in the list, for no ranks, and where a host
/// would not be full.
Schedule schedule(Collective collective, std::string_view name, const GroupShape& group);

}  // namespace omniphi::models
