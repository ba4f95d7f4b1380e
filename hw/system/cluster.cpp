#include "hw/system/cluster.h"

#include <numeric>

#include "hw/base/parameter_schema.h"
#include "hw/base/parameter_writer.h"

namespace omniphi::hw {

namespace {

/// Where a group stands in the text, and where its faults go.
struct GroupPlace {
  const ConfigNode& node;
  const std::string& path;
  ReadContext context;

  void error(std::string message) const {
    context.diagnostics.error(node.place, path, std::move(message));
  }
};

void check_memory_mode(const GroupPlace& place, MemoryMode mode, bool has_cache) {
  if (cache_share(mode) > 0 && !has_cache) {
    place.error("memory_mode: this node has no memory that can be a cache");
  }
}

void check_kind(const GroupPlace& place, const NodeGroup& group, const ManyCoreCpu& cpu) {
  const int used = group.ranks_per_node * (group.threads + group.communication_cores);
  if (used > cpu.cores) {
    place.error("threads and communication_cores of all ranks of a node need " +
                std::to_string(used) + " cores, the node has " + std::to_string(cpu.cores));
  }
  if (group.threads == 0 && group.ranks_per_node * (group.communication_cores + 1) > cpu.cores) {
    place.error("no core is left to compute");
  }
  check_memory_mode(place, group.memory_mode, cpu.fast_memory && cpu.fast_memory->can_be_cache());
}

/// Threads and communication cores are the host's, of which the description of a GPU says nothing.
void check_kind(const GroupPlace& place, const NodeGroup& group, const Gpu&) {
  if (group.ranks_per_node > 1) {
    place.error("ranks_per_node: a node of kind gpu has one device, which one rank uses");
  }
  check_memory_mode(place, group.memory_mode, false);
}

/// The rules that tie a group's parameters together.
void check_group(const GroupPlace& place, const NodeGroup& group, int ports) {
  if (ports > group.node->adapter().ports) {
    place.error("the fabric takes " + std::to_string(ports) +
                " ports of each node, its adapter has " +
                std::to_string(group.node->adapter().ports));
  }
  std::visit([&](const auto& kind) { check_kind(place, group, kind); }, group.node->kind);
}

}  // namespace

int Cluster::nodes() const {
  return std::accumulate(
      groups.begin(), groups.end(), 0, [](int sum, const NodeGroup& g) { return sum + g.nodes; });
}

int Cluster::ranks() const {
  return std::accumulate(
      groups.begin(), groups.end(), 0, [](int sum, const NodeGroup& g) { return sum + g.ranks(); });
}

void Cluster::read(
    const ConfigNode& node, const std::string& path, Cluster& out, Rule, ReadContext context) {
  const std::size_t before = context.diagnostics.size();
  const ConfigNode* groups = node.find("groups");
  if (groups) {
    read_parameters(node, path, out, context);
  } else if (detail::expect_map(node, path, context)) {
    out.groups.resize(1);
    detail::MapReader reader(node, path, context);
    visit_single(out, reader);
    detail::report_unknown_keys(node, path, reader.known(), context);
  }
  if (context.diagnostics.size() > before) return;
  if (out.groups.empty()) context.diagnostics.error(node.place, path, "there is no group of nodes");
  for (std::size_t i = 0; i < out.groups.size(); ++i) {
    const std::string group_path = groups ? path + ".groups[" + std::to_string(i) + "]" : path;
    check_group({groups ? groups->items[i] : node, group_path, context},
                out.groups[i],
                common(out.topology()).ports_per_node);
  }
  for (const NodeGroup& group : out.groups) {
    if (group.ranks_per_node == out.groups.front().ranks_per_node) continue;
    context.diagnostics.error(node.place, path, "all groups must have the same ranks_per_node");
    break;
  }
  std::int64_t nodes = 0;
  for (const NodeGroup& group : out.groups)
    nodes += std::int64_t{group.nodes} * group.ranks_per_node;
  if (nodes > 10'000'000) context.diagnostics.error(node.place, path, "more than 10,000,000 ranks");
}

ConfigNode Cluster::schema(Rule, SchemaContext context) {
  schema::Object single(context);
  const Cluster defaults{.groups = {NodeGroup{}}, .fabric = {}};
  visit_single(defaults, single);
  return schema::either(
      schema::has_key("groups"), detail::object_schema<Cluster>(context), single.schema());
}

ConfigNode Cluster::write() const {
  detail::MapWriter writer;
  if (groups.size() == 1) {
    visit_single(*this, writer);
  } else {
    visit(*this, writer);
  }
  return std::move(writer.node);
}

}  // namespace omniphi::hw
