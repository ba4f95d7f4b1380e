#include "models/collective/double_binary_tree.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace omniphi::models {

namespace {

constexpr int kPieces = 16;  // of each tree's half

/// From a rank to its parent in a tree.
struct Edge {
  int child = 0;
  int parent = 0;
  int tree = 0;
  int colour = -1;
  int first_step = 0;  // in which it carries its first piece up; then one in every other step
};

/// The parent of rank r > 0 in the tree of 0 .. P - 1 in which an odd number is a leaf, twice an
/// odd number is above two leaves, and so on; 0 is the root.
int in_order_parent(int rank, int ranks) {
  const int lowest = rank & -rank;
  const int parent = (rank ^ lowest) | (2 * lowest);
  return parent < ranks ? parent : rank ^ lowest;
}

/// The edges of both trees, those of a tree by their child's place in it. The second tree is the
/// first in the mirror, which makes leaves of what is inside, or, for an odd number of ranks, the
/// first shifted by one.
std::vector<Edge> edges(int ranks) {
  std::vector<Edge> out;
  const auto second = [ranks](int place) {
    return ranks % 2 == 0 ? ranks - 1 - place : (place + 1) % ranks;
  };
  for (int place = 1; place < ranks; ++place) {
    out.push_back({.child = place, .parent = in_order_parent(place, ranks), .tree = 0});
  }
  for (int place = 1; place < ranks; ++place) {
    out.push_back(
        {.child = second(place), .parent = second(in_order_parent(place, ranks)), .tree = 1});
  }
  return out;
}

/// The edges in two colours. As pairs of one who sends and one who receives they are paths and
/// cycles of even length, since nobody sends more than twice or receives more than twice, and so
/// two colours in turn will do.
class Colouring {
 public:
  Colouring(int ranks, std::vector<Edge>& edges)
      : edges_(edges), sends_(ranks, {kNone, kNone}), receives_(ranks, {kNone, kNone}) {
    for (int e = 0; e < static_cast<int>(edges.size()); ++e) {
      insert(sends_[edges[e].child], e);
      insert(receives_[edges[e].parent], e);
    }
    // Paths from their ends first; what is left are cycles.
    for (int e = 0; e < static_cast<int>(edges.size()); ++e) {
      if (other(sends_[edges[e].child], e) == kNone) follow(e, false);
      if (other(receives_[edges[e].parent], e) == kNone) follow(e, true);
    }
    for (int e = 0; e < static_cast<int>(edges.size()); ++e) follow(e, true);
  }

 private:
  static constexpr int kNone = -1;
  using Pair = std::array<int, 2>;

  static void insert(Pair& pair, int edge) { pair[pair[0] == kNone ? 0 : 1] = edge; }

  static int other(const Pair& pair, int edge) { return pair[0] == edge ? pair[1] : pair[0]; }

  /// Colours the path that goes on from this edge by the side of its sender, or its receiver.
  void follow(int edge, bool by_sender) {
    for (int colour = 0; edge != kNone && edges_[edge].colour == kNone; colour = 1 - colour) {
      Edge& e = edges_[edge];
      e.colour = colour;
      edge = by_sender ? other(sends_[e.child], edge) : other(receives_[e.parent], edge);
      by_sender = !by_sender;
    }
  }

  std::vector<Edge>& edges_;
  std::vector<Pair> sends_;     // by rank
  std::vector<Pair> receives_;  // by rank
};

/// Gives each edge its first step: after those of its child's children, and of its colour.
/// The last step of all in which a piece goes up.
int schedule_upwards(int ranks, std::vector<Edge>& edges) {
  std::vector<std::array<int, 2>> summed(ranks, {0, 0});  // by rank and tree: from which step on
  // Children of one height come before their parents: the height is the number of the lowest bit.
  std::vector<Edge*> order;
  for (Edge& e : edges) order.push_back(&e);
  const auto height = [ranks, &edges](const Edge* e) {
    const auto place = static_cast<int>((e - edges.data()) % (ranks - 1)) + 1;
    return place & -place;
  };
  std::stable_sort(order.begin(), order.end(), [&](const Edge* a, const Edge* b) {
    return height(a) < height(b);
  });
  int last = 0;
  for (Edge* e : order) {
    const int ready = summed[e->child][e->tree];
    e->first_step = ready + (ready + e->colour) % 2;
    int& parent = summed[e->parent][e->tree];
    parent = std::max(parent, e->first_step + 1);
    last = std::max(last, e->first_step + 2 * (kPieces - 1));
  }
  return last;
}

/// The messages of a step on the way up; on the way down they are the same in reverse.
Schedule::Phase step(const std::vector<Edge>& edges, int number, bool up) {
  Schedule::Phase phase;
  for (const Edge& e : edges) {
    const int since = number - e.first_step;
    if (since < 0 || since % 2 != 0 || since / 2 >= kPieces) continue;
    const int piece = up ? since / 2 : kPieces - 1 - since / 2;
    phase.transfers.push_back({.source = up ? e.child : e.parent,
                               .destination = up ? e.parent : e.child,
                               .first_chunk = e.tree * kPieces + piece,
                               .chunks = 1,
                               .reduce = up});
  }
  return phase;
}

}  // namespace

Schedule double_binary_tree_all_reduce(int ranks) {
  std::vector<Edge> tree_edges = edges(ranks);
  const Colouring colouring(ranks, tree_edges);
  const int last = schedule_upwards(ranks, tree_edges);
  Schedule schedule{.name = {}, .ranks = ranks, .chunks = 2 * kPieces, .phases = {}};
  for (int number = 0; number <= last; ++number) {
    schedule.phases.push_back(step(tree_edges, number, true));
  }
  for (int number = last; number >= 0; --number) {
    schedule.phases.push_back(step(tree_edges, number, false));
  }
  return schedule;
}

}  // namespace omniphi::models
