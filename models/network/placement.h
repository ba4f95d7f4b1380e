#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "hw/fabric/graph.h"

namespace omniphi::models {

/// Which host each rank runs on: ranks fill the hosts one after the other, as MPI launchers do by
/// default, or are listed.
class Placement {
 public:
  explicit Placement(int ranks_per_host = 1) : ranks_per_host_(ranks_per_host) {}

  /// The host of each rank.
  explicit Placement(std::vector<hw::HostId> hosts) : hosts_(std::move(hosts)) {}

  [[nodiscard]] hw::HostId host(int rank) const {
    return hosts_.empty() ? hw::HostId(rank / ranks_per_host_) : hosts_[rank];
  }

  /// One more than the number of the last host that some of the first `ranks` ranks run on.
  [[nodiscard]] int hosts(int ranks) const {
    if (hosts_.empty()) return (ranks - 1) / ranks_per_host_ + 1;
    const auto last = std::max_element(hosts_.begin(), hosts_.begin() + ranks);
    return static_cast<int>(last->index()) + 1;
  }

 private:
  int ranks_per_host_ = 1;
  std::vector<hw::HostId> hosts_;
};

}  // namespace omniphi::models
