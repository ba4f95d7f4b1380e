#pragma once

#include "models/collective/schedule.h"

namespace omniphi::models {

/// How an algorithm for 2^k ranks serves any number P of them: with 2^k the largest power of two
/// that fits and r = P - 2^k, each even one of the first 2 r ranks gives its payload to the odd one
/// after it and waits for the result [Thakur2005; Rabenseifner2004]. Two steps more, of the whole
/// payload.
class Folding {
 public:
  explicit Folding(int ranks);

  /// 2^k
  [[nodiscard]] int participants() const { return participants_; }

  /// The rank that is number `participant` of those that stay.
  [[nodiscard]] int rank(int participant) const {
    return participant < extra_ ? 2 * participant + 1 : participant + extra_;
  }

  /// Adds the step in which the extra ranks give their payload, if there are any.
  void add_fold(Schedule& schedule) const;
  /// Adds the step in which they get the result.
  void add_unfold(Schedule& schedule) const;

 private:
  int participants_ = 1;
  int extra_ = 0;
};

}  // namespace omniphi::models
