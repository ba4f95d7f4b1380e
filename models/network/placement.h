#pragma once

#include "hw/fabric/graph.h"

namespace omniphi::models {

/// Which host a rank runs on: ranks fill the hosts one after the other, as MPI launchers do by
/// default.
struct Placement {
  int ranks_per_host = 1;

  [[nodiscard]] hw::HostId host(int rank) const { return hw::HostId(rank / ranks_per_host); }

  [[nodiscard]] int hosts(int ranks) const { return (ranks - 1) / ranks_per_host + 1; }
};

}  // namespace omniphi::models
