#include "hw/node/imported_node.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>

#include "hw/base/quantity_text.h"
#include "hw/node/node.h"

namespace omniphi::hw {

namespace {

std::string text(Bytes bytes) {
  return exact_text(bytes.value(), dimension_value<Bytes::dimension>());
}

/// A catalog entry that describes the machine's processors.
struct Base {
  std::string id;
  ManyCoreCpu cpu;
};

std::optional<Base> base_of(const HardwareTopology& machine, const Catalog& catalog) {
  const std::string name = processor_name(machine.cpu_model);
  if (name.empty()) return std::nullopt;
  for (const std::string& id : catalog.ids(Node::folder)) {
    Diagnostics faults;  // of entries that nobody asked for: not this machine's business
    Node node;
    read_part(id, {}, "", node, {catalog, faults});
    const auto* cpu = std::get_if<ManyCoreCpu>(&node.kind);
    if (!faults.empty() || !cpu || cpu->processor != name) continue;
    if (cpu->sockets == std::max(1, machine.packages)) return Base{id, *cpu};
  }
  return std::nullopt;
}

void set_path(ConfigNode& tree, std::string_view map, std::string_view key, std::string value) {
  tree.at_or_new(map).set(key, ConfigNode::text(std::move(value)));
}

/// Writes what the machine says, except what the base says already.
class Difference {
 public:
  explicit Difference(ConfigNode& tree) : tree_(tree) {}

  void count(std::string_view key, int value, const int* base) {
    if (value > 0 && !(base && *base == value))
      tree_.set(key, ConfigNode::text(std::to_string(value)));
  }

  void bytes(std::string_view map, std::string_view key, Bytes value, const Bytes* base) {
    if (value > Bytes(0) && !(base && *base == value)) set_path(tree_, map, key, text(value));
  }

  void cache(std::string_view map, const CacheLevel* level, const Cache* base) {
    if (!level) return;
    bytes(map, "size", level->size, base ? &base->size : nullptr);
    if (level->cores > 0 && !(base && base->cores == level->cores)) {
      set_path(tree_, map, "cores", std::to_string(level->cores));
    }
  }

 private:
  ConfigNode& tree_;
};

void lay_over(const HardwareTopology& machine, const ManyCoreCpu* base, ConfigNode& tree) {
  Difference difference(tree);
  difference.count("sockets", machine.packages, base ? &base->sockets : nullptr);
  difference.count("cores", machine.cores, base ? &base->cores : nullptr);
  const bool equal = machine.threads % machine.cores == 0;
  difference.count("threads_per_core",
                   equal ? machine.threads / machine.cores : 0,
                   base ? &base->threads_per_core : nullptr);
  difference.cache("l1", machine.cache(1), base ? &base->l1 : nullptr);
  difference.cache("l2", machine.cache(2), base ? &base->l2 : nullptr);
  difference.cache("l3", machine.cache(3), base && base->l3 ? &*base->l3 : nullptr);
  difference.bytes("main_memory",
                   "capacity",
                   machine.capacity(MemoryKind::Main),
                   base ? &base->main_memory.capacity : nullptr);
  const bool base_has_fast = base && base->fast_memory;
  difference.bytes("fast_memory",
                   "capacity",
                   machine.capacity(MemoryKind::Fast),
                   base_has_fast ? &base->fast_memory->capacity : nullptr);
}

/// The mode that sets up about such a share of the fast memory as a cache.
MemoryMode mode_with(double cached) {
  const auto modes = choices(MemoryMode{});
  const auto distance = [&](const auto& mode) {
    return std::abs(cache_share(mode.value) - cached);
  };
  return std::min_element(modes.begin(),
                          modes.end(),
                          [&](const auto& a, const auto& b) { return distance(a) < distance(b); })
      ->value;
}

/// How the machine was set up when it was looked at, which is the cluster's business and not the
/// node's.
std::vector<std::string> notes_of(const HardwareTopology& machine, const Base* base) {
  std::vector<std::string> notes;
  if (machine.cluster_mode)
    notes.push_back("Set up with cluster_mode: " + std::string(choice_name(*machine.cluster_mode)) +
                    ".");
  const Bytes fast = machine.capacity(MemoryKind::Fast);
  if (fast > Bytes(0)) {
    const MemoryMode mode = mode_with(machine.side_cache() / fast);
    notes.push_back("Set up with memory_mode: " + std::string(choice_name(mode)) + ".");
  }
  if (machine.capacity(MemoryKind::Main) == Bytes(0))
    notes.emplace_back("The sizes of its memories are not told.");
  if (base && base->cpu.fast_memory && fast == Bytes(0)) {
    notes.push_back("Its fast memory is not told; that of " + base->id + " is kept.");
  }
  if (base)
    notes.push_back("Clocks, bandwidths, power and prices are those of " + base->id +
                    ": hwloc knows none.");
  return notes;
}

/// What a reader of nodes would still ask for.
std::vector<std::string> missing_keys(const ConfigNode& tree, const Catalog& catalog) {
  Diagnostics faults;
  Part<Node> node;
  detail::read_value(tree, "", node, {}, {catalog, faults});
  std::vector<std::string> missing;
  try {
    faults.throw_if_any();
  } catch (const ConfigError& error) {
    for (const Diagnostic& fault : error.diagnostics()) missing.push_back(fault.text());
  }
  return missing;
}

void erase_all(std::string& text, std::string_view part) {
  for (std::size_t at; (at = text.find(part)) != std::string::npos;) text.erase(at, part.size());
}

}  // namespace

std::string processor_name(std::string_view cpu_model) {
  std::string plain(cpu_model.substr(0, cpu_model.find('@')));
  for (const std::string_view mark : {"(R)", "(r)", "(TM)", "(tm)"}) erase_all(plain, mark);
  std::istringstream words(plain);
  std::string name;
  for (std::string word; words >> word;) {
    if (word == "Intel" || word == "AMD" || word == "CPU" || word == "Processor") continue;
    name += (name.empty() ? "" : " ") + word;
  }
  return name;
}

ImportedNode imported_node(const HardwareTopology& machine, const Catalog& catalog) {
  ImportedNode node;
  node.tree = ConfigNode::map();
  const std::optional<Base> base = base_of(machine, catalog);
  if (base) {
    node.base = base->id;
    node.tree.set("base", ConfigNode::text(base->id));
  } else {
    node.tree.set("kind", ConfigNode::text(std::string(ManyCoreCpu::kind)));
    if (!machine.cpu_model.empty())
      node.tree.set("processor", ConfigNode::text(processor_name(machine.cpu_model)));
  }
  node.tree.set("source",
                ConfigNode::text("counts and sizes: the machine's own word, read with hwloc" +
                                 (base ? "; the rest as " + base->id : "")));
  lay_over(machine, base ? &base->cpu : nullptr, node.tree);
  node.notes = notes_of(machine, base ? &*base : nullptr);
  node.missing = missing_keys(node.tree, catalog);
  return node;
}

}  // namespace omniphi::hw
