#pragma once

#include <algorithm>
#include <vector>

#include "models/mapping/task_graph.h"

namespace omniphi::models {

struct Interval {
  Seconds start{};
  Seconds finish{};
};

/// One step, task by task.
struct Timeline {
  std::vector<Interval> tasks;
  std::vector<Seconds> busy;   // computing, by rank class
  std::vector<Seconds> waits;  // compute lane idle until a sum finished, by rank class
  std::vector<Seconds>
      imbalance;       // the part of it in which that sum itself waited for a slower class
  Seconds input{};     // longest input task; it runs beside the step, one step ahead
  Seconds computed{};  // last compute or communication task finished

  /// A step cannot be shorter than preparing its samples.
  [[nodiscard]] Seconds step() const { return std::max(computed, input); }
};

/// Follows the lanes in the order of the task graph: every class computes its tasks one after the
/// other, sums follow one another on the fabric and begin when all their producers have finished,
/// and input is prepared one step ahead on threads of its own.
Timeline timeline(const TaskGraph& graph, const std::vector<Seconds>& durations);

}  // namespace omniphi::models
