#include "models/collective/schedule.h"

#include <algorithm>
#include <stdexcept>

#include "models/collective/bruck.h"
#include "models/collective/chain.h"
#include "models/collective/double_binary_tree.h"
#include "models/collective/halving_doubling.h"
#include "models/collective/hierarchical.h"
#include "models/collective/pairwise.h"
#include "models/collective/recursive_doubling.h"
#include "models/collective/ring.h"
#include "models/collective/tree.h"

namespace omniphi::models {

namespace {

struct Algorithm {
  Collective collective;
  std::string_view name;
  std::string_view meaning;
  Schedule (*make)(const GroupShape& group);
};

/// For algorithms that do not care which ranks share a host.
template <Schedule (*make)(int ranks)>
Schedule flat(const GroupShape& group) {
  return make(group.ranks);
}

using C = Collective;

/// A new algorithm is a file of its own and a line here.
constexpr std::array kAlgorithms{
    Algorithm{C::AllReduce, "ring", "chunks go round twice", flat<ring_all_reduce>},
    Algorithm{C::AllReduce,
              "recursive-doubling",
              "partners at doubling distances swap everything",
              flat<recursive_doubling_all_reduce>},
    Algorithm{C::AllReduce,
              "halving-doubling",
              "partners swap halves of what they share, and back",
              flat<halving_doubling_all_reduce>},
    Algorithm{C::AllReduce,
              "dual-halving-doubling",
              "two halving-doublings at once, the one from far to near, the other from near to far",
              flat<dual_halving_doubling_all_reduce>},
    Algorithm{C::AllReduce,
              "binomial-tree",
              "summed up a tree, handed down again",
              flat<binomial_tree_all_reduce>},
    Algorithm{C::AllReduce,
              "double-binary-tree",
              "two trees, each for half of the payload in pieces",
              flat<double_binary_tree_all_reduce>},
    Algorithm{C::AllReduce,
              "pairwise",
              "each sends each its chunk, and the sum of it back",
              flat<pairwise_all_reduce>},
    Algorithm{C::AllReduce,
              "hierarchical",
              "within each host, then between hosts, then within again",
              hierarchical_all_reduce},
    Algorithm{C::ReduceScatter, "ring", "chunks go round", flat<ring_reduce_scatter>},
    Algorithm{C::ReduceScatter,
              "recursive-halving",
              "partners swap halves of what they share",
              flat<recursive_halving_reduce_scatter>},
    Algorithm{C::ReduceScatter,
              "pairwise",
              "each sends each its chunk, one at a time",
              flat<pairwise_reduce_scatter>},
    Algorithm{C::AllGather, "ring", "chunks go round", flat<ring_all_gather>},
    Algorithm{C::AllGather,
              "recursive-doubling",
              "partners at doubling distances swap what they have",
              flat<recursive_doubling_all_gather>},
    Algorithm{C::AllGather,
              "bruck",
              "everybody sends what it has over doubling distances",
              flat<bruck_all_gather>},
    Algorithm{
        C::Broadcast, "binomial-tree", "whoever has it sends it on", flat<binomial_tree_broadcast>},
    Algorithm{C::Broadcast,
              "scatter-all-gather",
              "scattered down a tree, then round a ring",
              flat<scatter_all_gather_broadcast>},
    Algorithm{C::Broadcast, "chain", "in pieces from each to the next", flat<chain_broadcast>},
    Algorithm{C::AllToAll,
              "pairwise",
              "each sends each its chunk, one at a time",
              flat<pairwise_all_to_all>},
    Algorithm{C::AllToAll,
              "bruck",
              "chunks hop over the distances that add up to theirs",
              flat<bruck_all_to_all>},
};

const Algorithm& algorithm(Collective collective, std::string_view name) {
  for (const Algorithm& a : kAlgorithms) {
    if (a.collective == collective && a.name == name) return a;
  }
  throw std::invalid_argument("no algorithm for " + std::string(choice_name(collective)) +
                              " is called \"" + std::string(name) + '"');
}

std::vector<std::string_view> names_of(Collective collective) {
  std::vector<std::string_view> names;
  for (const Algorithm& a : kAlgorithms) {
    if (a.collective == collective) names.push_back(a.name);
  }
  return names;
}

}  // namespace

std::int64_t Schedule::steps() const {
  std::int64_t steps = 0;
  for (const Phase& phase : phases) steps += phase.repeats;
  return steps;
}

const std::vector<std::string_view>& algorithm_names(Collective collective) {
  static const auto names = [] {
    std::array<std::vector<std::string_view>, choices(Collective{}).size()> out;
    for (std::size_t c = 0; c < out.size(); ++c) out[c] = names_of(static_cast<Collective>(c));
    return out;
  }();
  return names[static_cast<std::size_t>(collective)];
}

std::vector<std::string_view> candidate_names(Collective collective, const GroupShape& group) {
  std::vector<std::string_view> names = algorithm_names(collective);
  if (collective != Collective::AllReduce) return names;
  for (const std::string_view named_only :
       {"pairwise", "double-binary-tree", "dual-halving-doubling"}) {
    std::erase(names, named_only);
  }
  if (group.ranks_per_host == 1) std::erase(names, "hierarchical");
  return names;
}

std::string_view algorithm_meaning(Collective collective, std::string_view name) {
  return algorithm(collective, name).meaning;
}

Schedule schedule(Collective collective, std::string_view name, const GroupShape& group) {
  const Algorithm& found = algorithm(collective, name);
  if (group.ranks < 1) throw std::invalid_argument("a collective needs a rank");
  if (group.ranks_per_host < 1 || group.ranks % group.ranks_per_host != 0) {
    throw std::invalid_argument("ranks must fill their hosts");
  }
  Schedule out = group.ranks == 1 ? Schedule{} : found.make(group);
  out.name = name;
  return out;
}

}  // namespace omniphi::models
