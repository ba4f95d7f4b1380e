#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "hw/base/parameter_writer.h"
#include "hw/fabric/cable_ends.h"
#include "hw/fabric/importers/imported_fabric.h"
#include "hw/fabric/importers/xml_file.h"

namespace omniphi::hw {

namespace {

constexpr std::int64_t kMostHosts = 1'000'000;
constexpr std::int64_t kMostCables = 2'000'000;

/// Bytes a second in each of SimGrid's units; bits are eighths of bytes.
const std::map<std::string, double, std::less<>>& rate_units() {
  static const std::map<std::string, double, std::less<>> units = [] {
    std::map<std::string, double, std::less<>> all;
    const std::pair<const char*, double> prefixes[] = {{"", 1},
                                                       {"k", 1e3},
                                                       {"M", 1e6},
                                                       {"G", 1e9},
                                                       {"T", 1e12},
                                                       {"Ki", 1024.0},
                                                       {"Mi", 1048576.0},
                                                       {"Gi", 1073741824.0}};
    for (const auto& [prefix, factor] : prefixes) {
      all[fmt::format("{}Bps", prefix)] = factor;
      all[fmt::format("{}bps", prefix)] = factor / 8;
    }
    return all;
  }();
  return units;
}

/// How many of each of SimGrid's units are a second.
const std::map<std::string, double, std::less<>>& time_units() {
  static const std::map<std::string, double, std::less<>> units{
      {"", 1}, {"s", 1}, {"ms", 1e3}, {"us", 1e6}, {"ns", 1e9}, {"ps", 1e12}};
  return units;
}

/// One element <cluster>, whose attributes are read with their faults.
class Cluster {
 public:
  Cluster(const XmlFile& xml, pugi::xml_node node) : xml_(xml), node_(node) {}

  [[noreturn]] void refuse(const std::string& attribute, const std::string& expected) const {
    xml_.refuse(node_,
                fmt::format("{}: expected {}, got {}",
                            attribute,
                            expected,
                            in_quotes(node_.attribute(attribute.c_str()).as_string())));
  }

  [[nodiscard]] std::string text(const char* attribute) const {
    return node_.attribute(attribute).as_string();
  }

  [[nodiscard]] BytesPerSecond bandwidth() const {
    const auto [number, unit] = number_with_unit("bw", rate_units());
    if (unit == 0 || number <= 0) refuse("bw", "a rate such as 125MBps");
    return BytesPerSecond(number * unit);
  }

  [[nodiscard]] Seconds latency() const {
    const auto [number, unit] = number_with_unit("lat", time_units());
    if (unit == 0 || number < 0) refuse("lat", "a time such as 50us");
    return Seconds(number / unit);
  }

  /// Hosts that "0-99" or "1-29,58,59" numbers.
  [[nodiscard]] int hosts() const {
    std::int64_t sum = 0;
    for (const std::string& part : parts(text("radical"), ',')) {
      const std::vector<std::string> ends = parts(part, '-');
      const std::optional<std::int64_t> first = whole(ends.front());
      const std::optional<std::int64_t> last = whole(ends.back());
      if (!first || !last || ends.size() > 2 || *last < *first) {
        refuse("radical", "ranges of numbers such as 0-99,104");
      }
      sum += *last - *first + 1;
      if (sum > kMostHosts) refuse("radical", fmt::format("at most {} hosts", kMostHosts));
    }
    return static_cast<int>(sum);
  }

  /// The lists of whole numbers of "2;4,4;1,2;1,2".
  [[nodiscard]] std::vector<std::vector<int>> topology_parameters() const {
    std::vector<std::vector<int>> lists;
    for (const std::string& list : parts(text("topo_parameters"), ';')) {
      std::vector<int>& numbers = lists.emplace_back();
      for (const std::string& part : parts(list, ',')) {
        const std::optional<std::int64_t> number = whole(part);
        if (!number || *number < 1) refuse("topo_parameters", "whole numbers from 1 on");
        numbers.push_back(static_cast<int>(*number));
      }
    }
    return lists;
  }

 private:
  static std::vector<std::string> parts(const std::string& text, char separator) {
    std::vector<std::string> out;
    std::size_t begin = 0;
    for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
      end = text.find(separator, begin);
      out.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    }
    return out;
  }

  static std::optional<std::int64_t> whole(const std::string& text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end || number < 0 || number > 1'000'000'000) {
      return std::nullopt;
    }
    return number;
  }

  /// Number and what its unit stands for; 0 for a text that is none.
  [[nodiscard]] std::pair<double, double> number_with_unit(
      const char* attribute, const std::map<std::string, double, std::less<>>& units) const {
    const std::string value = text(attribute);
    double number = 0;
    const char* const end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data(), end, number);
    const auto unit = units.find(std::string_view(rest, end));
    if (error != std::errc() || unit == units.end() || number > 1e18) return {0, 0};
    return {number, unit->second};
  }

  const XmlFile& xml_;
  pugi::xml_node node_;
};

ConfigNode number(std::int64_t value) {
  return ConfigNode::text(std::to_string(value));
}

/// SimGrid's switches cost no time, its links have no packets, and it knows no prices.
ConfigNode switch_of(const Cluster& cluster, std::int64_t ports) {
  ConfigNode link = ConfigNode::map();
  link.set("bandwidth", written(cluster.bandwidth()));
  link.set("packet_overhead", ConfigNode::text("0 B"));
  link.set("latency", written(cluster.latency()));
  ConfigNode unknown = ConfigNode::map();
  unknown.set("basis", ConfigNode::text("unknown"));
  ConfigNode part = ConfigNode::map();
  part.set("base", ConfigNode::text("eth-10g-48"));
  part.set("ports", number(ports));
  part.set("latency", ConfigNode::text("0 s"));
  part.set("link", std::move(link));
  part.set("price", std::move(unknown));
  return part;
}

ImportedFabric started(const Cluster& cluster, const char* topology, std::int64_t ports) {
  ImportedFabric out{ConfigNode::map(), {}};
  out.tree.set("topology", ConfigNode::text(topology));
  out.tree.set("switch", switch_of(cluster, ports));
  out.notes.emplace_back(
      "SimGrid says nothing of prices, power and packets: those are of the switch it is derived "
      "from.");
  return out;
}

ImportedFabric flat(const Cluster& cluster) {
  const int hosts = cluster.hosts();
  if (hosts > 100'000) cluster.refuse("radical", "at most 100000 hosts on one switch");
  ImportedFabric out = started(cluster, "single-switch", std::max(2, hosts));
  out.tree.set("hosts", number(hosts));
  if (!cluster.text("bb_bw").empty()) {
    out.notes.push_back(fmt::format("A backbone of {} that all its traffic shares is left out.",
                                    cluster.text("bb_bw")));
  }
  return out;
}

ImportedFabric torus(const Cluster& cluster) {
  const auto lists = cluster.topology_parameters();
  if (lists.size() != 1) cluster.refuse("topo_parameters", "sizes such as 3,2,2");
  ImportedFabric out =
      started(cluster, "torus", 1 + 2 * static_cast<std::int64_t>(lists[0].size()));
  out.tree.set("hosts", number(cluster.hosts()));
  out.tree.set("dimensions", written(lists[0]));
  return out;
}

ImportedFabric dragonfly(const Cluster& cluster) {
  const auto lists = cluster.topology_parameters();
  if (lists.size() != 4 || lists[0].size() != 2 || lists[1].size() != 2 || lists[2].size() != 2 ||
      lists[3].size() != 1) {
    cluster.refuse("topo_parameters", "groups, chassis, routers and hosts such as 3,4;4,3;5,1;2");
  }
  const std::int64_t groups = lists[0][0];
  const std::int64_t between_groups = lists[0][1];
  const std::int64_t chassis = lists[1][0];
  const std::int64_t routers = chassis * lists[2][0];
  const std::int64_t global = (between_groups * (groups - 1) + routers - 1) / routers;
  const std::int64_t ports = lists[3][0] + std::int64_t{lists[2][0] - 1} * lists[2][1] +
                             (chassis - 1) * lists[1][1] + std::max<std::int64_t>(1, global);
  ImportedFabric out = started(cluster, "dragonfly", ports);
  out.tree.set("hosts", number(cluster.hosts()));
  out.tree.set("hosts_per_router", number(lists[3][0]));
  out.tree.set("routers_per_group", number(routers));
  out.tree.set("groups", number(groups));
  out.tree.set("chassis", number(chassis));
  out.tree.set("router_cables", number(lists[2][1]));
  out.tree.set("chassis_cables", number(lists[1][1]));
  out.tree.set("global_cables", number(std::max<std::int64_t>(1, global)));
  out.tree.set("most_between_groups", number(between_groups));
  out.notes.emplace_back(
      "Cables between two groups end at different routers here, in SimGrid at one.");
  if (!cluster.text("limiter_link").empty()) {
    out.notes.push_back(
        fmt::format("Its limiter_link of {} is left out.", cluster.text("limiter_link")));
  }
  return out;
}

/// A parallel-ports generalised fat tree [Zahavi2010]: m_l children, w_l parents and p_l parallel
/// cables at each level l. A level's vertices are numbered ((a_h ... a_{l+1}), b_l, ..., b_1), with
/// a_i < m_i and b_i < w_i; parent and child agree in all but the child's a_l and the parent's b_l.
class GeneralFatTree {
 public:
  explicit GeneralFatTree(const Cluster& cluster) : lists_(cluster.topology_parameters()) {
    const bool right = lists_.size() == 4 && lists_[0].size() == 1 && levels() <= 8 &&
                       lists_[1].size() == levels() && lists_[2].size() == levels() &&
                       lists_[3].size() == levels();
    if (!right || cables() > kMostCables) {
      cluster.refuse("topo_parameters",
                     "levels, children, parents and cables such as 2;4,4;1,2;1,2, of at most "
                     "2000000 cables");
    }
  }

  [[nodiscard]] std::int64_t hosts() const { return above(0); }

  [[nodiscard]] std::int64_t most_ports() const {
    std::int64_t most = 2;
    for (std::size_t l = 1; l <= levels(); ++l) {
      const std::int64_t up = l < levels() ? parents(l + 1) * parallel(l + 1) : 0;
      most = std::max(most, children(l) * parallel(l) + up);
    }
    return most;
  }

  [[nodiscard]] std::vector<std::string> switches() const {
    std::vector<std::string> names;
    for (std::size_t l = 1; l <= levels(); ++l) {
      for (std::int64_t i = 0; i < above(l) * below(l); ++i) names.push_back(name(l, i));
    }
    return names;
  }

  /// Level by level from the hosts on, and within one by child: in the order that routes spread
  /// over.
  [[nodiscard]] ConfigNode ends() const {
    ConfigNode out = ConfigNode::sequence();
    for (std::size_t l = 1; l <= levels(); ++l) {
      const std::int64_t lower = below(l - 1);
      for (std::int64_t child = 0; child < above(l - 1) * lower; ++child) {
        const std::int64_t upper = child / lower / children(l);
        for (std::int64_t b = 0; b < parents(l); ++b) {
          const std::int64_t parent = (upper * parents(l) + b) * lower + child % lower;
          out.items.push_back(
              CableEnds{name(l - 1, child),
                        name(l, parent),
                        static_cast<int>(std::min<std::int64_t>(parallel(l), 10000))}
                  .write());
        }
      }
    }
    return out;
  }

 private:
  static constexpr double kCap = 1e12;

  [[nodiscard]] std::size_t levels() const { return static_cast<std::size_t>(lists_[0][0]); }

  [[nodiscard]] std::int64_t children(std::size_t l) const { return lists_[1][l - 1]; }

  [[nodiscard]] std::int64_t parents(std::size_t l) const { return lists_[2][l - 1]; }

  [[nodiscard]] std::int64_t parallel(std::size_t l) const { return lists_[3][l - 1]; }

  /// Product of the m above level l.
  [[nodiscard]] std::int64_t above(std::size_t l) const {
    double product = 1;
    for (std::size_t i = l + 1; i <= levels(); ++i) product = std::min(kCap, product * children(i));
    return static_cast<std::int64_t>(product);
  }

  /// Product of the w up to level l.
  [[nodiscard]] std::int64_t below(std::size_t l) const {
    double product = 1;
    for (std::size_t i = 1; i <= l; ++i) product = std::min(kCap, product * parents(i));
    return static_cast<std::int64_t>(product);
  }

  [[nodiscard]] double cables() const {
    double sum = 0;
    for (std::size_t l = 1; l <= levels(); ++l) {
      sum += double(above(l - 1)) * double(below(l)) * double(parallel(l));
    }
    return sum;
  }

  static std::string name(std::size_t level, std::int64_t i) {
    return level == 0 ? fmt::format("node-{}", i) : fmt::format("level-{}-{}", level, i);
  }

  std::vector<std::vector<int>> lists_;
};

ImportedFabric fat_tree(const Cluster& cluster) {
  const GeneralFatTree tree(cluster);
  if (tree.hosts() != cluster.hosts()) {
    cluster.refuse("radical", fmt::format("the {} hosts of topo_parameters", tree.hosts()));
  }
  ImportedFabric out = started(cluster, "edge-list", tree.most_ports());
  out.tree.set("switches", written(tree.switches()));
  ConfigNode list = ConfigNode::map();
  list.set("ends", tree.ends());
  ConfigNode lists = ConfigNode::sequence();
  lists.items.push_back(std::move(list));
  out.tree.set("cables", std::move(lists));
  return out;
}

/// All clusters, whatever the zones they lie in.
class ClusterFinder : public pugi::xml_tree_walker {
 public:
  std::vector<pugi::xml_node> found;

  bool for_each(pugi::xml_node& node) override {
    if (std::string_view(node.name()) == "cluster") found.push_back(node);
    return true;
  }
};

}  // namespace

ImportedFabric read_simgrid_platform(const std::filesystem::path& file) {
  const XmlFile xml(file);
  ClusterFinder finder;
  xml.root().traverse(finder);
  if (finder.found.size() != 1) {
    xml.refuse(xml.root(),
               fmt::format("{} clusters are in it; what is read are platforms of one",
                           finder.found.empty() ? "no" : std::to_string(finder.found.size())));
  }
  const Cluster cluster(xml, finder.found.front());
  const std::string topology = cluster.text("topology");
  if (topology.empty() || topology == "FLAT") return flat(cluster);
  if (topology == "TORUS") return torus(cluster);
  if (topology == "FAT_TREE") return fat_tree(cluster);
  if (topology == "DRAGONFLY") return dragonfly(cluster);
  cluster.refuse("topology", "FLAT, TORUS, FAT_TREE or DRAGONFLY");
}

}  // namespace omniphi::hw
