#pragma once

#include <optional>

#include "models/compute/kernel_plan.h"

namespace omniphi::models {

/// Of the plans that a library may choose from, the one that takes the least time; the first of
/// equals.
class FastestPlan {
 public:
  explicit FastestPlan(const Worker& worker) : worker_(worker) {}

  void consider(const KernelPlan& plan) {
    const Seconds time = plan.time(worker_).total();
    if (best_ && !(time < time_)) return;
    best_ = plan;
    time_ = time;
  }

  /// At least one must have been considered.
  [[nodiscard]] const KernelPlan& plan() const { return *best_; }

 private:
  const Worker& worker_;
  std::optional<KernelPlan> best_;
  Seconds time_{};
};

}  // namespace omniphi::models
