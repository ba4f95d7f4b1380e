#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// How an algorithm for 2^k ranks serves any number P of them: with 2^k the largest power of two
/// that fits and r = P - 2^k, each even one of the first 2 r ranks gives what it has to the odd one
/// after it and waits for its result [Thakur2005; Rabenseifner2004]. Two steps more.
class Folding {
 public:
  explicit Folding(int ranks);

  /// 2^k
  [[nodiscard]] int participants() const { return participants_; }

  /// The rank that is number `participant` of those that stay.
  [[nodiscard]] int rank(int participant) const {
    return participant < extra_ ? 2 * participant + 1 : participant + extra_;
  }

  /// First of the ranks that participant `participant` stands for: itself, and the one before it
  /// that it was given to. For `participants()`, the number of ranks.
  [[nodiscard]] int first_rank(int participant) const {
    return participant < extra_ ? 2 * participant : participant + extra_;
  }

  /// Adds the step in which the extra ranks give all their payload, if there are any.
  void add_fold(Schedule& schedule) const;
  /// Adds the step in which they get the whole result.
  void add_unfold(Schedule& schedule) const;
  /// The same for ranks that have one chunk each, numbered as they are.
  void add_fold_of_own_chunk(Schedule& schedule) const;
  void add_unfold_of_own_chunk(Schedule& schedule) const;

 private:
  enum class Payload { Whole, OwnChunk };

  void add_step(Schedule& schedule, Payload payload, bool up, bool reduce) const;

  int participants_ = 1;
  int extra_ = 0;
};

}  // namespace omniphi::models
