#include <fmt/format.h>

#include "hw/base/quantity_text.h"
#include "sim/cli/description.h"
#include "sim/report/table.h"

namespace omniphi::sim {

namespace {

ConfigNode cache_tree(const hw::CacheLevel& cache) {
  ConfigNode tree = ConfigNode::map();
  put(tree, "level", cache.level);
  put_number(tree, "size_bytes", cache.size.value());
  put(tree, "count", cache.count);
  put(tree, "cores", cache.cores);
  return tree;
}

ConfigNode memory_tree(const hw::NumaNode& memory) {
  ConfigNode tree = ConfigNode::map();
  put(tree, "numa_node", memory.index);
  put_text(tree, "kind", std::string(choice_name(memory.kind)));
  put_text(tree, "name", memory.name);
  put_number(tree, "capacity_bytes", memory.capacity.value());
  put_number(tree, "side_cache_bytes", memory.side_cache.value());
  put(tree, "cores", memory.cores);
  return tree;
}

std::string cores_text(int cores) {
  return cores == 1 ? "1 core" : fmt::format("{} cores", cores);
}

std::string memory_text(const hw::NumaNode& memory) {
  const std::string size =
      memory.capacity > Bytes(0) ? short_text(memory.capacity) : "size not told";
  const std::string cache = memory.side_cache > Bytes(0)
                                ? fmt::format(", {} more as a cache", short_text(memory.side_cache))
                                : "";
  return fmt::format("{} memory{}{}, {}{}, of {}",
                     choice_name(memory.kind),
                     memory.name.empty() ? "" : " ",
                     memory.name,
                     size,
                     cache,
                     cores_text(memory.cores));
}

}  // namespace

Description described_machine(const hw::HardwareTopology& machine, const std::string& name) {
  Description d;
  put_text(d.tree, "machine", name);
  put_text(d.tree, "cpu_model", machine.cpu_model);
  put(d.tree, "packages", machine.packages);
  put(d.tree, "cores", machine.cores);
  put(d.tree, "threads", machine.threads);
  Rows rows{{"processor", machine.cpu_model.empty() ? "not told" : machine.cpu_model},
            {"packages", std::to_string(machine.packages)},
            {"cores", fmt::format("{}, {} threads", machine.cores, machine.threads)}};
  ConfigNode caches = ConfigNode::sequence();
  for (const hw::CacheLevel& cache : machine.caches) {
    caches.items.push_back(cache_tree(cache));
    rows.push_back({fmt::format("L{} cache", cache.level),
                    fmt::format("{} of {}, each for {}",
                                cache.count,
                                short_text(cache.size),
                                cores_text(cache.cores))});
  }
  d.tree.set("caches", std::move(caches));
  ConfigNode memories = ConfigNode::sequence();
  for (const hw::NumaNode& memory : machine.memories) {
    memories.items.push_back(memory_tree(memory));
    rows.push_back({fmt::format("NUMA node {}", memory.index), memory_text(memory)});
  }
  d.tree.set("numa_nodes", std::move(memories));
  if (machine.cluster_mode) {
    const std::string mode(choice_name(*machine.cluster_mode));
    put_text(d.tree, "cluster_mode", mode);
    rows.push_back({"cluster mode", mode});
  }
  if (machine.vector_bits > 0) {
    put(d.tree, "vector_bits", machine.vector_bits);
    rows.push_back({"vector width", fmt::format("{} bits, by its flags", machine.vector_bits)});
  }
  d.text = fmt::format("machine {}, as its operating system sees it\n{}", name, text_table(rows));
  return d;
}

}  // namespace omniphi::sim
