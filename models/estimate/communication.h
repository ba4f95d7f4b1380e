#pragma once

#include <string>
#include <vector>

#include "hw/fabric/graph.h"
#include "hw/fabric/routing.h"
#include "models/mapping/design.h"
#include "models/network/collective_model.h"

namespace omniphi::models {

/// What the ranks of a group can communicate: cores set aside (or, without any, the one that
/// calls), its memory and its adapter, under the stack's library. What a device has computed passes
/// through the link to its host, whose cores communicate.
Endpoint endpoint_of(const hw::NodeGroup& group, const SoftwareStack& stack, int ports_per_node);

/// Where the design's ranks run, or why there is no such place: too few hosts are listed, or some
/// that the fabric does not have or twice.
Outcome<Placement> placement_of(const Design& design, const hw::FabricGraph& fabric);

/// The sums of a design on its fabric: the schedule that it names, or of all schedules the fastest
/// for each payload.
class Communication {
 public:
  /// Throws std::bad_variant_access where placement_of is Infeasible.
  Communication(const Design& design,
                const SoftwareStack& stack,
                const hw::FabricGraph& fabric,
                const hw::Routing& routing);

  struct Sum {
    CollectiveTime time;
    std::string_view algorithm;
  };

  /// The slowest group's end points pace a sum.
  [[nodiscard]] Sum sum(Bytes payload) const { return sum(payload, endpoints_); }

  /// The same between other end points, one or more.
  [[nodiscard]] Sum sum(Bytes payload, const std::vector<Endpoint>& endpoints) const;

 private:
  struct Candidate {
    std::string_view name;
    CollectiveModel model;
  };

  std::vector<Candidate> candidates_;
  std::vector<Endpoint> endpoints_;  // by group
};

}  // namespace omniphi::models
