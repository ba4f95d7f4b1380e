#include "hw/fabric/degraded.h"

#include <algorithm>
#include <random>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

constexpr double kLanes = 4;

/// Applies faults of one kind after the other, and remembers the first that names nothing.
class Damage {
 public:
  explicit Damage(const Wiring& wiring) : wiring_(wiring), state_(wiring.cables.size()) {
    for (std::size_t i = 0; i < vertices(); ++i) numbers_.emplace(wiring.name(vertex(i)), i);
  }

  [[nodiscard]] const std::string& fault() const { return fault_; }

  void fail_switch(const std::string& name) {
    const auto found = numbers_.find(name);
    if (found == numbers_.end() || found->second < static_cast<std::size_t>(wiring_.hosts)) {
      return refuse(fmt::format("faults: there is no switch \"{}\"", name));
    }
    for (std::size_t c = 0; c < state_.size(); ++c) {
      const FabricGraph::Cable& cable = wiring_.cables[c];
      const std::size_t s = found->second;
      if (cable.a.index() == s || cable.b.index() == s) state_[c] = State::Down;
    }
  }

  void fail(const CableEnds& ends) { put(ends, State::Down); }

  void narrow(const CableEnds& ends) { put(ends, State::Narrow); }

  void fail_at_random(int count, std::int64_t seed) {
    std::vector<std::size_t> candidates;
    for (std::size_t c = 0; c < state_.size(); ++c) {
      if (state_[c] == State::Works && !is_host_cable(wiring_.cables[c])) candidates.push_back(c);
    }
    if (static_cast<std::size_t>(count) > candidates.size()) {
      return refuse(fmt::format(
          "faults: {} cables between switches still work, not {}", candidates.size(), count));
    }
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    for (int i = 0; i < count; ++i) {
      const std::size_t drawn = i + random() % (candidates.size() - i);
      std::swap(candidates[i], candidates[drawn]);
      state_[candidates[i]] = State::Down;
    }
  }

  /// What is left, with narrow cables at `lanes` of four.
  [[nodiscard]] Wiring rest(int lanes) const {
    Wiring rest = wiring_;
    rest.cables.clear();
    const auto kinds = static_cast<std::uint32_t>(wiring_.kinds.size());
    for (Wiring::CableKind kind : wiring_.kinds) {
      kind.link.bandwidth = kind.link.bandwidth * (lanes / kLanes);
      rest.kinds.push_back(kind);
    }
    for (std::size_t c = 0; c < state_.size(); ++c) {
      if (state_[c] == State::Down) continue;
      rest.cables.push_back(wiring_.cables[c]);
      if (state_[c] == State::Narrow) rest.cables.back().link += kinds;
    }
    return rest;
  }

 private:
  enum class State { Works, Narrow, Down };

  [[nodiscard]] std::size_t vertices() const { return wiring_.hosts + wiring_.switches(); }

  static VertexId vertex(std::size_t i) { return VertexId(static_cast<std::int64_t>(i)); }

  [[nodiscard]] bool is_host_cable(const FabricGraph::Cable& cable) const {
    const auto hosts = static_cast<std::size_t>(wiring_.hosts);
    return cable.a.index() < hosts || cable.b.index() < hosts;
  }

  void refuse(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
  }

  void put(const CableEnds& ends, State state) {
    int found = 0;
    const auto a = numbers_.find(ends.a);
    const auto b = numbers_.find(ends.b);
    const bool known = a != numbers_.end() && b != numbers_.end();
    for (std::size_t c = 0; known && c < state_.size() && found < ends.count; ++c) {
      const auto [low, high] =
          std::minmax({wiring_.cables[c].a.index(), wiring_.cables[c].b.index()});
      const auto [first, second] = std::minmax(a->second, b->second);
      if (low != first || high != second || state_[c] != State::Works) continue;
      state_[c] = state;
      ++found;
    }
    if (found == ends.count) return;
    refuse(fmt::format("faults: between \"{}\" and \"{}\" are {} cables that work, not {}",
                       ends.a,
                       ends.b,
                       found,
                       ends.count));
  }

  const Wiring& wiring_;
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<State> state_;
  std::string fault_;
};

}  // namespace

Outcome<Wiring> degraded(const Wiring& wiring, const Faults& faults, std::int64_t seed) {
  Damage damage(wiring);
  for (const std::string& name : faults.switches) damage.fail_switch(name);
  for (const CableEnds& ends : faults.cables) damage.fail(ends);
  for (const CableEnds& ends : faults.narrow_cables) damage.narrow(ends);
  damage.fail_at_random(faults.random_cables, seed);
  if (!damage.fault().empty()) return Infeasible{damage.fault()};
  return damage.rest(faults.lanes);
}

}  // namespace omniphi::hw
