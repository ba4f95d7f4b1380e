#pragma once

#include <vector>

#include "hw/fabric/fabric.h"
#include "hw/node/node.h"

namespace omniphi::hw {

/// Equal nodes, set up and used in the same way.
struct NodeGroup {
  Part<Node> node;
  MemoryMode memory_mode = MemoryMode::Flat;
  ClusterMode cluster_mode = ClusterMode::Quadrant;
  int nodes = 1;
  int ranks_per_node = 1;
  int threads = 0;              // that compute, of each rank; 0: all cores that are left
  int communication_cores = 0;  // set aside in each rank

  [[nodiscard]] int ranks() const { return nodes * ranks_per_node; }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("node", self.node, "the node: a catalog entry or a description", required);
    v("memory_mode", self.memory_mode, "how the fast memory is used");
    v("cluster_mode", self.cluster_mode, "how addresses are spread over the mesh");
    v("nodes", self.nodes, "number of nodes", between(1, 1000000));
    v("ranks_per_node", self.ranks_per_node, "processes on each node", between(1, 4096));
    v("threads",
      self.threads,
      "compute threads of each rank, one a core (0: every core that is left)",
      between(0, 100000));
    v("communication_cores",
      self.communication_cores,
      "cores of each rank set aside for communication",
      between(0, 100000));
  }
};

/// Node groups on one fabric; hosts are numbered group after group.
/// In YAML a single group's keys may stand beside `fabric` without `groups`.
struct Cluster {
  std::vector<NodeGroup> groups;
  Part<Fabric> fabric;

  [[nodiscard]] int nodes() const;
  [[nodiscard]] int ranks() const;

  [[nodiscard]] const Topology& topology() const { return fabric->topology; }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("groups", self.groups, "groups of equal nodes", required);
    visit_fabric(self, v);
  }

  /// The parameters of a cluster with one group, written without `groups`.
  template <class Self, class Visitor>
  static void visit_single(Self& self, Visitor&& v) {
    NodeGroup::visit(self.groups.front(), v);
    visit_fabric(self, v);
  }

  static void read(const ConfigNode& node,
                   const std::string& path,
                   Cluster& out,
                   Rule rule,
                   ReadContext context);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;

 private:
  template <class Self, class Visitor>
  static void visit_fabric(Self& self, Visitor&& v) {
    v("fabric", self.fabric, "the network that joins the nodes", required);
  }
};

}  // namespace omniphi::hw
