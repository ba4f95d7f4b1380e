#include "hw/fabric/routing.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>

#include "hw/fabric/adjacency.h"
#include "hw/fabric/distance_search.h"

namespace omniphi::hw {

namespace {

/// A well-mixed number for each argument: the finaliser of SplitMix64 [Steele2014].
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// How many hops each arc counts for; empty: one.
///
/// Where lanes count the groups on the way, routes first of all cross few of them. On one lane, as
/// in trees, they first of all pass few switches with hosts (spines first, as Omni-Path's fabric
/// manager says): a way down to an edge switch and up again can be as short as one over the top,
/// and those of several pairs could wait for each other in a cycle.
template <class HasHosts>
std::vector<int> counted_hops(const FabricGraph& graph,
                              const RoutingRules& rules,
                              const HasHosts& has_hosts) {
  constexpr int kMoreThanAllOthers = 1000;
  const bool by_group = rules.lanes == LaneRule::Group;
  const bool over_spines = rules.lanes == LaneRule::Single && !rules.dimension_order;
  if (!by_group && !over_spines) return {};
  const auto hosts = static_cast<std::size_t>(graph.hosts());
  std::vector<int> hops(graph.arcs(), 1);
  for (std::size_t i = 0; i < graph.arcs(); ++i) {
    const FabricGraph::Cable& cable = graph.cables()[i / 2];
    if (graph.is_host_cable(cable)) continue;
    const std::size_t a = cable.a.index() - hosts;
    const std::size_t b = cable.b.index() - hosts;
    const bool crosses = a / rules.switches_per_group != b / rules.switches_per_group;
    if (by_group ? crosses : has_hosts(a) || has_hosts(b)) hops[i] = kMoreThanAllOthers;
  }
  return hops;
}

}  // namespace

/// What filling the tables needs and routing does not.
class Routing::Tables {
 public:
  Tables(const FabricGraph& graph, const DistanceSearch& search, Routing& routing)
      : graph_(graph),
        search_(search),
        routing_(routing),
        hosts_(graph.hosts()),
        last_(graph.switches(), kNone),
        level_(graph.switches(), DistanceSearch::kFar) {
    const Adjacency::Graph& adjacency = graph.adjacency().graph;
    for (int s = 0; s < graph.switches(); ++s) {
      first_neighbour_.push_back(neighbours_.size());
      const auto [begin, end] = boost::out_edges(static_cast<std::uint32_t>(hosts_ + s), adjacency);
      for (auto edge = begin; edge != end; ++edge) {
        const ArcId arc = adjacency[*edge];
        if (graph.is_host(graph.head(arc))) continue;
        neighbours_.push_back({{arc, switch_at_end(arc)}, dimension(arc)});
      }
    }
    first_neighbour_.push_back(neighbours_.size());
    find_levels();
  }

  /// One row: for each switch, what begins a shortest way to where `distance` is measured from
  /// (every cable has both directions, so that distances to and from are the same).
  void add_row(const std::vector<int>& distance) {
    for (int s = 0; s < graph_.switches(); ++s) {
      const int far = distance[hosts_ + s];
      collect(s, far, distance);
      routing_.table_.push_back(far == DistanceSearch::kFar ? kNone : number_of_found(s));
    }
  }

  void set_divisors() {
    const std::vector<std::uint32_t> divisors = divisors_by_level();
    for (Choices& choices : routing_.choices_) {
      if (choices.count == 0) continue;
      const int from = level_[choices.from];
      const int to = level_[routing_.hops_[choices.first].next];
      choices.divisor = divisors[std::min(from, to)];
    }
  }

 private:
  struct Neighbour {
    Hop hop;
    std::uint32_t dimension = 0;
  };

  [[nodiscard]] std::uint32_t switch_at_end(ArcId arc) const {
    return static_cast<std::uint32_t>(graph_.head(arc).index() - hosts_);
  }

  [[nodiscard]] std::uint32_t dimension(ArcId arc) const {
    return graph_.cables()[arc.index() / 2].dimension;
  }

  /// A switch's level is how many hops it is from the nearest one with hosts.
  void find_levels() {
    std::vector<std::uint32_t> reached = routing_.leaves_;
    for (const std::uint32_t leaf : reached) level_[leaf] = 0;
    for (std::size_t i = 0; i < reached.size(); ++i) {
      const std::uint32_t at = reached[i];
      for (std::size_t n = first_neighbour_[at]; n < first_neighbour_[at + 1]; ++n) {
        const std::uint32_t next = neighbours_[n].hop.next;
        if (level_[next] != DistanceSearch::kFar) continue;
        level_[next] = level_[at] + 1;
        reached.push_back(next);
      }
    }
  }

  /// Fills `found_` with the neighbours of a switch that begin a shortest way.
  void collect(int s, int far, const std::vector<int>& distance) {
    found_.clear();
    std::uint32_t lowest = std::numeric_limits<std::uint32_t>::max();
    for (std::size_t i = first_neighbour_[s]; i < first_neighbour_[s + 1]; ++i) {
      const Neighbour& neighbour = neighbours_[i];
      const int hops = search_.hops(neighbour.hop.arc);
      if (far == DistanceSearch::kFar || distance[hosts_ + neighbour.hop.next] != far - hops) {
        continue;
      }
      if (routing_.rules_.dimension_order && neighbour.dimension != lowest) {
        if (neighbour.dimension > lowest) continue;
        lowest = neighbour.dimension;
        found_.clear();
      }
      found_.push_back(neighbour.hop);
    }
  }

  /// The number of the choices in `found_`: most rows repeat what an earlier one said.
  std::uint32_t number_of_found(int s) {
    if (last_[s] != kNone && is_found(routing_.choices_[last_[s]], s)) return last_[s];
    std::uint64_t key = mixed(static_cast<std::uint64_t>(s));
    for (const Hop& hop : found_) key = mixed(key ^ hop.arc.index());
    const auto next = static_cast<std::uint32_t>(routing_.choices_.size());
    const auto [known, is_new] = numbers_.try_emplace(key, next);
    last_[s] = known->second;
    if (is_new || !is_found(routing_.choices_[last_[s]], s)) {
      last_[s] = next;
      routing_.choices_.push_back({.first = static_cast<std::uint32_t>(routing_.hops_.size()),
                                   .count = static_cast<std::uint32_t>(found_.size()),
                                   .from = static_cast<std::uint32_t>(s)});
      routing_.hops_.insert(routing_.hops_.end(), found_.begin(), found_.end());
    }
    return last_[s];
  }

  [[nodiscard]] bool is_found(const Choices& choices, int s) const {
    return choices.from == static_cast<std::uint32_t>(s) && choices.count == found_.size() &&
           std::equal(found_.begin(),
                      found_.end(),
                      routing_.hops_.begin() + choices.first,
                      [](const Hop& a, const Hop& b) { return a.arc == b.arc; });
  }

  /// D of the arcs between each level and the one above.
  [[nodiscard]] std::vector<std::uint32_t> divisors_by_level() const {
    std::vector<std::uint32_t> most_up;
    for (int s = 0; s < graph_.switches(); ++s) {
      if (level_[s] == DistanceSearch::kFar) continue;
      std::uint32_t up = 0;
      for (std::size_t i = first_neighbour_[s]; i < first_neighbour_[s + 1]; ++i) {
        up += level_[neighbours_[i].hop.next] == level_[s] + 1;
      }
      const auto level = static_cast<std::size_t>(level_[s]);
      if (level >= most_up.size()) most_up.resize(level + 1);
      most_up[level] = std::max(most_up[level], up);
    }
    // Beyond as many ports as there are, a larger divisor changes nothing.
    const auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::uint32_t>::max());
    std::vector<std::uint32_t> divisors;
    std::uint64_t product = 1;
    for (const std::uint32_t up : most_up) {
      divisors.push_back(static_cast<std::uint32_t>(product));
      product = std::min(largest, product * std::max(up, 1U));
    }
    return divisors;
  }

  const FabricGraph& graph_;
  const DistanceSearch& search_;
  Routing& routing_;
  std::size_t hosts_;
  std::vector<std::size_t> first_neighbour_;  // by switch
  std::vector<Neighbour> neighbours_;
  std::vector<Hop> found_;
  std::vector<std::uint32_t> last_;  // by switch: the choices of the row before
  std::vector<int> level_;           // by switch
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;  // of choices, by a hash of them
};

Routing::Routing(const FabricGraph& graph, const RoutingRules& rules) {
  const std::string fault = fill(graph, rules);
  if (!fault.empty()) throw std::invalid_argument(fault);
}

Outcome<Routing> routed(const FabricGraph& graph, const RoutingRules& rules) {
  Routing routing;
  std::string fault = routing.fill(graph, rules);
  if (!fault.empty()) return Infeasible{std::move(fault)};
  return routing;
}

std::string Routing::fill(const FabricGraph& graph, const RoutingRules& rules) {
  rules_ = rules;
  if (std::string fault = attach_hosts(graph); !fault.empty()) return fault;
  number_leaves(graph);
  if (std::string fault = fill_tables(graph); !fault.empty()) return fault;
  const bool looks_at_loads =
      rules.method == RoutingMethod::AdaptiveShortest || rules.method == RoutingMethod::Ugal;
  for (std::size_t arc = 0; looks_at_loads && arc < graph.arcs(); ++arc) {
    const BytesPerSecond rate = graph.link(ArcId(static_cast<std::int64_t>(arc))).bandwidth;
    seconds_per_byte_.push_back(1 / rate.value());
  }
  return "";
}

std::string Routing::attach_hosts(const FabricGraph& graph) {
  const Adjacency::Graph& adjacency = graph.adjacency().graph;
  const auto cables = [&](int host) {
    return boost::out_edges(static_cast<std::uint32_t>(host), adjacency);
  };
  rails_ = std::numeric_limits<int>::max();
  for (int host = 0; host < graph.hosts(); ++host) {
    const auto [begin, end] = cables(host);
    if (begin == end) return fmt::format("host {} has no cable", host);
    rails_ = std::min(rails_, static_cast<int>(end - begin));
  }
  for (int host = 0; host < graph.hosts(); ++host) {
    auto edge = cables(host).first;
    for (int rail = 0; rail < rails_; ++rail, ++edge) {
      up_.push_back(adjacency[*edge]);
      const std::size_t to = graph.head(up_.back()).index();
      port_switch_.push_back(static_cast<std::uint32_t>(to - graph.hosts()));
    }
  }
  return "";
}

void Routing::number_leaves(const FabricGraph& graph) {
  leaf_.assign(graph.switches(), kNone);
  for (const std::uint32_t s : port_switch_) {
    if (leaf_[s] != kNone) continue;
    leaf_[s] = static_cast<std::uint32_t>(leaves_.size());
    leaves_.push_back(s);
  }
}

std::string Routing::fill_tables(const FabricGraph& graph) {
  DistanceSearch search(
      graph, counted_hops(graph, rules_, [&](std::size_t s) { return leaf_[s] != kNone; }));
  Tables tables(graph, search, *this);
  table_.reserve(leaves_.size() * graph.switches());
  for (const std::uint32_t leaf : leaves_) {
    tables.add_row(search.from(graph.vertex(SwitchId(leaf))));
  }
  tables.set_divisors();
  for (std::size_t port = rails_; port < port_switch_.size(); ++port) {
    const std::uint32_t there = port_switch_[port];
    const std::uint32_t here = port_switch_[port % rails_];
    if (table_[std::size_t{leaf_[here]} * leaf_.size() + there] == kNone) {
      return fmt::format("no path from switch {} to switch {}", there, here);
    }
  }
  return "";
}

Routing::Ends Routing::ends(HostId source, HostId destination, int way) const {
  const auto rail = static_cast<std::size_t>(way % rails_);
  const std::size_t port = destination.index() * rails_ + rail;
  return {.from = port_switch_[source.index() * rails_ + rail],
          .to = port_switch_[port],
          .port = port * rules_.paths + way / rails_};
}

const Routing::Hop& Routing::chosen(const Choices& from, std::uint64_t port, ArcLoads loads) const {
  const auto start = static_cast<std::uint32_t>(port / from.divisor % from.count);
  if (loads.empty() || from.count == 1) return hops_[from.first + start];
  const auto busy = [&](const Hop& hop) {
    return loads[hop.arc.index()] * seconds_per_byte_[hop.arc.index()];
  };
  const Hop* best = &hops_[from.first + start];
  for (std::uint32_t i = 1; i < from.count; ++i) {
    const Hop& other = hops_[from.first + (start + i) % from.count];
    if (busy(other) < busy(*best)) best = &other;
  }
  return *best;
}

/// Adds the arcs from `ends.from` to `ends.to`, or only to the first switch of its group. Answers
/// the switch where they end.
std::uint32_t Routing::walk(Ends ends,
                            bool to_group,
                            ArcLoads loads,
                            std::vector<ArcId>& out) const {
  const std::uint32_t leaf = leaf_[ends.to];
  const auto arrived = [&](std::uint32_t at) {
    return at == ends.to || (to_group && group(at) == group(ends.to));
  };
  std::uint32_t at = ends.from;
  while (!arrived(at)) {
    const Hop& hop = chosen(choices(at, leaf), ends.port, loads);
    out.push_back(hop.arc);
    at = hop.next;
  }
  return at;
}

/// The switch that Valiant's route of the pair goes towards; `ends.to` if there is no other group.
std::uint32_t Routing::stop(const Ends& ends, HostId source, int way) const {
  const std::uint64_t drawn =
      mixed(mixed(mixed(static_cast<std::uint64_t>(rules_.seed)) ^ (ends.port << 1)) ^
            (source.index() * static_cast<std::uint64_t>(ways()) + way));
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    const std::uint32_t candidate = leaves_[(drawn + i) % leaves_.size()];
    const bool elsewhere =
        group(candidate) != group(ends.from) && group(candidate) != group(ends.to);
    const bool reachable =
        table_[std::size_t{leaf_[candidate]} * leaf_.size() + ends.from] != kNone;
    if (elsewhere && reachable) return candidate;
  }
  return ends.to;
}

void Routing::walk_by(std::uint32_t stop, Ends ends, std::vector<ArcId>& out) const {
  Ends leg = ends;
  leg.to = stop;
  ends.from = walk(leg, true, {}, out);
  walk(ends, false, {}, out);
}

double Routing::busy_time(std::span<const ArcId> arcs, ArcLoads loads) const {
  double busiest = 0;
  for (const ArcId arc : arcs) {
    busiest = std::max(busiest, loads[arc.index()] * seconds_per_byte_[arc.index()]);
  }
  return busiest * static_cast<double>(arcs.size());
}

/// Adds the shortest way, or the one by the stop if UGAL prefers it.
void Routing::walk_less_loaded(std::uint32_t stop,
                               Ends ends,
                               ArcLoads loads,
                               std::vector<ArcId>& out) const {
  const std::size_t before = out.size();
  walk(ends, false, loads, out);
  if (loads.empty()) return;
  const std::size_t middle = out.size();
  walk_by(stop, ends, out);
  const std::span<const ArcId> both = std::span(out).subspan(before);
  const std::size_t direct = middle - before;
  if (busy_time(both.first(direct), loads) <= busy_time(both.subspan(direct), loads)) {
    out.resize(middle);
  } else {
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(before),
              out.begin() + static_cast<std::ptrdiff_t>(middle));
  }
}

void Routing::route(
    HostId source, HostId destination, std::vector<ArcId>& out, int way, ArcLoads loads) const {
  out.clear();
  if (source == destination) return;
  const Ends between = ends(source, destination, way);
  out.push_back(up(source, way));
  switch (rules_.method) {
    case RoutingMethod::Valiant:
      walk_by(stop(between, source, way), between, out);
      break;
    case RoutingMethod::Ugal:
      walk_less_loaded(stop(between, source, way), between, loads, out);
      break;
    case RoutingMethod::AdaptiveShortest:
      walk(between, false, loads, out);
      break;
    default:
      walk(between, false, {}, out);
  }
  out.push_back(down(destination, way));
}

void Routing::detour(
    HostId source, HostId destination, std::size_t leaf, std::vector<ArcId>& out, int way) const {
  out.clear();
  if (source == destination) return;
  out.push_back(up(source, way));
  walk_by(leaves_[leaf], ends(source, destination, way), out);
  out.push_back(down(destination, way));
}

void Routing::add_shortest(std::uint32_t at,
                           std::uint32_t to,
                           std::vector<ArcId>& route,
                           std::size_t most,
                           std::vector<std::vector<ArcId>>& out) const {
  if (at == to) out.push_back(route);
  if (at == to || out.size() >= most) return;
  const Choices& all = choices(at, leaf_[to]);
  for (std::uint32_t i = 0; i < all.count; ++i) {
    const Hop& hop = hops_[all.first + i];
    route.push_back(hop.arc);
    add_shortest(hop.next, to, route, most, out);
    route.pop_back();
  }
}

std::vector<std::vector<ArcId>> Routing::shortest_routes(HostId source,
                                                         HostId destination,
                                                         std::size_t most,
                                                         int way) const {
  std::vector<std::vector<ArcId>> out;
  const Ends between = ends(source, destination, way);
  std::vector<ArcId> route{up(source, way)};
  add_shortest(between.from, between.to, route, most, out);
  for (std::vector<ArcId>& found : out) found.push_back(down(destination, way));
  return out;
}

}  // namespace omniphi::hw
