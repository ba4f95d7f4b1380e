#include "hw/node/hwloc.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <hwloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hw/base/error.h"

namespace omniphi::hw {

namespace {

struct Destroy {
  void operator()(hwloc_topology* topology) const { hwloc_topology_destroy(topology); }
};

using Topology = std::unique_ptr<hwloc_topology, Destroy>;

/// A topology to be loaded, with the memory-side caches that hwloc leaves out unless asked.
Topology new_topology() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) throw std::runtime_error("hwloc cannot start");
  hwloc_topology_set_type_filter(raw, HWLOC_OBJ_MEMCACHE, HWLOC_TYPE_FILTER_KEEP_ALL);
  hwloc_topology_set_io_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_NONE);
  return Topology(raw);
}

/// Null if hwloc refuses the text.
Topology loaded(const std::string& xml) {
  Topology topology = new_topology();
  const int size = static_cast<int>(xml.size() + 1);  // with the final zero
  if (hwloc_topology_set_xmlbuffer(topology.get(), xml.c_str(), size) != 0) return nullptr;
  if (hwloc_topology_load(topology.get()) != 0) return nullptr;
  return topology;
}

/// What the process that tries a text may use: far more than any real topology needs.
void limit_this_process() {
  const auto limit = [](__rlimit_resource resource, rlim_t most) {
    const rlimit limits{most, most};
    setrlimit(resource, &limits);
  };
  limit(RLIMIT_CPU, 20);
#ifndef __SANITIZE_ADDRESS__  // whose shadow memory alone would be over the limit
  limit(RLIMIT_DATA, rlim_t{2} << 30);
#endif
  limit(RLIMIT_CORE, 0);
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDERR_FILENO);
}

/// Whether hwloc gets through a text. It trusts its input (a missing attribute can make it crash),
/// so a child process tries first.
bool hwloc_survives(const std::string& xml) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot start a process");
  if (child == 0) {
    limit_this_process();
    const Topology topology = loaded(xml);
    if (topology) hwloc_topology_check(topology.get());
    _exit(topology ? 0 : 1);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  const Place place{std::make_shared<const std::string>(file.string()), 0, 0};
  throw ConfigError({Diagnostic{place, "", why, ""}});
}

std::string contents(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::ifstream stream(file, std::ios::binary);
  if (error || !stream) refuse(file, "cannot read the file");
  if (size > kLargestHwlocXml) {
    refuse(file,
           "the file has " + std::to_string(size) + " bytes, a topology at most " +
               std::to_string(kLargestHwlocXml));
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Version 3 of the format differs from version 2 in places that nothing here reads, but libhwloc 2
/// refuses it.
void call_it_version_2(std::string& xml) {
  constexpr std::string_view kVersion = "<topology version=\"3.";
  const std::size_t at = xml.find(kVersion);
  if (at != std::string::npos) xml[at + kVersion.size() - 2] = '2';
}

const char* info(hwloc_obj_t object, const char* name) {
  const char* value = hwloc_obj_get_info_by_name(object, name);
  return value ? value : "";
}

/// Processors fill the 48 bytes that they have for their name with spaces.
std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string_view subtype(hwloc_obj_t object) {
  return object->subtype ? object->subtype : "";
}

std::vector<hwloc_obj_t> objects(hwloc_topology_t topology, hwloc_obj_type_t type) {
  std::vector<hwloc_obj_t> found;
  for (hwloc_obj_t object = nullptr;
       (object = hwloc_get_next_obj_by_type(topology, type, object));) {
    found.push_back(object);
  }
  return found;
}

int cores_inside(hwloc_topology_t topology, hwloc_const_cpuset_t set) {
  return std::max(0, hwloc_get_nbobjs_inside_cpuset_by_type(topology, set, HWLOC_OBJ_CORE));
}

bool is_memory_side(hwloc_obj_t cache) {
  return cache->type == HWLOC_OBJ_MEMCACHE || subtype(cache) == "MemorySideCache";
}

/// Where caches of a level differ (as on hybrid processors), the first stands for all.
std::vector<CacheLevel> data_caches(hwloc_topology_t topology) {
  std::vector<CacheLevel> levels;
  for (const hwloc_obj_type_t type :
       {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE, HWLOC_OBJ_L4CACHE}) {
    std::vector<hwloc_obj_t> caches = objects(topology, type);
    std::erase_if(caches, is_memory_side);
    if (caches.empty()) continue;
    const hwloc_obj_t first = caches.front();
    levels.push_back({static_cast<int>(first->attr->cache.depth),
                      Bytes(static_cast<double>(first->attr->cache.size)),
                      static_cast<int>(caches.size()),
                      cores_inside(topology, first->cpuset)});
  }
  return levels;
}

/// Knights Landing is model 87 and Knights Mill 133 of Intel's family 6 (Linux,
/// arch/x86/include/asm/intel-family.h).
bool is_xeon_phi(hwloc_topology_t topology) {
  const std::vector<hwloc_obj_t> packages = objects(topology, HWLOC_OBJ_PACKAGE);
  const hwloc_obj_t where = packages.empty() ? hwloc_get_root_obj(topology) : packages.front();
  const std::string_view model = info(where, "CPUModelNumber");
  return info(where, "CPUVendor") == std::string_view("GenuineIntel") &&
         info(where, "CPUFamilyNumber") == std::string_view("6") &&
         (model == "87" || model == "133");
}

/// hwloc's tier of a memory, 0 the fastest; -1: not told.
int tier(hwloc_obj_t node) {
  const std::string text = info(node, "MemoryTier");
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos &&
                 text.size() < 4
             ? std::stoi(text)
             : -1;
}

class MemoryReader {
 public:
  explicit MemoryReader(hwloc_topology_t topology)
      : topology_(topology),
        nodes_(objects(topology, HWLOC_OBJ_NUMANODE)),
        xeon_phi_(is_xeon_phi(topology)) {}

  [[nodiscard]] std::vector<NumaNode> read() const {
    std::vector<NumaNode> memories;
    for (const hwloc_obj_t node : nodes_) {
      memories.push_back({static_cast<int>(node->os_index),
                          is_fast(node) ? MemoryKind::Fast : MemoryKind::Main,
                          std::string(subtype(node)),
                          capacity(node),
                          side_cache(node),
                          cores_inside(topology_, locality(node)->cpuset)});
    }
    std::ranges::sort(memories, {}, &NumaNode::index);
    return memories;
  }

 private:
  static Bytes capacity(hwloc_obj_t node) {
    return Bytes(static_cast<double>(node->attr->numanode.local_memory));
  }

  [[nodiscard]] bool is_fast(hwloc_obj_t node) const {
    const std::string_view name = subtype(node);
    if (!name.empty()) return name == "MCDRAM" || name == "HBM";
    if (tier(node) >= 0) {
      return std::ranges::any_of(nodes_,
                                 [&](hwloc_obj_t other) { return tier(other) > tier(node); });
    }
    return xeon_phi_ && std::ranges::any_of(
                            nodes_, [&](hwloc_obj_t other) { return is_main_beside(other, node); });
  }

  /// The part of the machine that a memory is near to. hwloc may give a memory without processors
  /// of its own an empty group as parent.
  static hwloc_obj_t locality(hwloc_obj_t node) {
    hwloc_obj_t above = node->parent;
    while (above->parent &&
           (above->type == HWLOC_OBJ_MEMCACHE || hwloc_bitmap_iszero(above->cpuset)))
      above = above->parent;
    return above;
  }

  static bool is_main_beside(hwloc_obj_t other, hwloc_obj_t node) {
    return locality(other) == locality(node) && capacity(other) > capacity(node);
  }

  /// Memory-side caches are parents of the memory that they serve. In hwloc 1's and some later
  /// captures they are L3 caches above the cores; the first main memory behind one is then counted
  /// as its owner.
  [[nodiscard]] Bytes side_cache(hwloc_obj_t node) const {
    Bytes sum{};
    for (hwloc_obj_t above = node->parent; above; above = above->parent) {
      const bool is_cache = above->type == HWLOC_OBJ_MEMCACHE || above->type == HWLOC_OBJ_L3CACHE;
      if (!is_cache || !is_memory_side(above)) continue;
      if (above->type == HWLOC_OBJ_MEMCACHE || owner(above) == node) {
        sum += Bytes(static_cast<double>(above->attr->cache.size));
      }
    }
    return sum;
  }

  [[nodiscard]] hwloc_obj_t owner(hwloc_obj_t cache) const {
    const auto behind = std::ranges::find_if(
        nodes_, [&](hwloc_obj_t node) { return node->parent == cache && !is_fast(node); });
    return behind == nodes_.end() ? nullptr : *behind;
  }

  hwloc_topology_t topology_;
  std::vector<hwloc_obj_t> nodes_;
  bool xeon_phi_;
};

std::optional<ClusterMode> cluster_mode(hwloc_topology_t topology,
                                        const std::vector<NumaNode>& memories) {
  static const std::map<std::string_view, ClusterMode> kWords{{"All2All", ClusterMode::AllToAll},
                                                              {"Quadrant", ClusterMode::Quadrant},
                                                              {"SNC4", ClusterMode::Snc4}};
  const auto word = kWords.find(info(hwloc_get_root_obj(topology), "ClusterMode"));
  if (word != kWords.end()) return word->second;
  const auto mains = std::ranges::count(memories, MemoryKind::Main, &NumaNode::kind);
  return is_xeon_phi(topology) && mains == 4 ? std::optional(ClusterMode::Snc4) : std::nullopt;
}

HardwareTopology counted(hwloc_topology_t topology) {
  HardwareTopology machine;
  const std::vector<hwloc_obj_t> packages = objects(topology, HWLOC_OBJ_PACKAGE);
  machine.cpu_model =
      trimmed(info(packages.empty() ? hwloc_get_root_obj(topology) : packages.front(), "CPUModel"));
  machine.packages = static_cast<int>(packages.size());
  machine.cores = static_cast<int>(objects(topology, HWLOC_OBJ_CORE).size());
  machine.threads = static_cast<int>(objects(topology, HWLOC_OBJ_PU).size());
  machine.caches = data_caches(topology);
  machine.memories = MemoryReader(topology).read();
  machine.cluster_mode = cluster_mode(topology, machine.memories);
  return machine;
}

/// The first value of a key of /proc/cpuinfo, "" if there is none.
std::string cpuinfo(std::string_view key) {
  std::ifstream stream("/proc/cpuinfo");
  for (std::string line; std::getline(stream, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || !line.starts_with(key)) continue;
    return colon + 2 < line.size() ? line.substr(colon + 2) : "";
  }
  return "";
}

/// Width of the widest vector instructions named among a processor's flags.
int vector_bits(const std::string& flags) {
  std::istringstream words(flags);
  int bits = 0;
  for (std::string flag; words >> flag;) {
    if (flag == "sse2") bits = std::max(bits, 128);
    if (flag == "avx" || flag == "avx2") bits = std::max(bits, 256);
    if (flag == "avx512f") bits = std::max(bits, 512);
  }
  return bits;
}

}  // namespace

Bytes HardwareTopology::capacity(MemoryKind kind) const {
  Bytes sum{};
  for (const NumaNode& memory : memories) {
    if (memory.kind == kind) sum += memory.capacity;
  }
  return kind == MemoryKind::Fast ? sum + side_cache() : sum;
}

Bytes HardwareTopology::side_cache() const {
  Bytes sum{};
  for (const NumaNode& memory : memories) sum += memory.side_cache;
  return sum;
}

const CacheLevel* HardwareTopology::cache(int level) const {
  const auto found = std::ranges::find(caches, level, &CacheLevel::level);
  return found == caches.end() ? nullptr : &*found;
}

bool is_hwloc_xml(std::string_view text) {
  constexpr std::string_view kByteOrderMarkAndSpace = "\xEF\xBB\xBF \t\r\n";
  const std::size_t first = text.find_first_not_of(kByteOrderMarkAndSpace);
  if (first == std::string_view::npos || text[first] != '<') return false;
  // The XML declaration and the document type come before the root.
  const std::string_view head = text.substr(0, 4096);
  return head.find("<topology>") != head.npos || head.find("<topology ") != head.npos;
}

HardwareTopology read_hwloc_xml(const std::filesystem::path& file) {
  std::string xml = contents(file);
  if (!is_hwloc_xml(xml))
    refuse(file, "this is not hwloc's XML: its root element is not \"topology\"");
  // hwloc writes no entities of its own; without declarations, none can grow.
  if (xml.find("<!ENTITY") != std::string::npos) refuse(file, "entity declarations are not read");
  if (xml.find("</topology>") == std::string::npos)
    refuse(file, "the file ends before </topology>");
  call_it_version_2(xml);
  if (!hwloc_survives(xml)) refuse(file, "hwloc finds no valid topology in it");
  HardwareTopology machine = counted(loaded(xml).get());
  if (machine.cores == 0) refuse(file, "the topology has no cores");
  return machine;
}

HardwareTopology this_machine() {
  const Topology topology = new_topology();
  if (hwloc_topology_load(topology.get()) != 0)
    throw std::runtime_error("hwloc cannot read this machine");
  HardwareTopology machine = counted(topology.get());
  if (machine.cpu_model.empty()) machine.cpu_model = trimmed(cpuinfo("model name"));
  machine.vector_bits = vector_bits(cpuinfo("flags"));
  return machine;
}

}  // namespace omniphi::hw
