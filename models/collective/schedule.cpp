#include "models/collective/schedule.h"

#include <array>
#include <stdexcept>

#include "models/collective/halving_doubling.h"
#include "models/collective/recursive_doubling.h"
#include "models/collective/ring.h"

namespace omniphi::models {

namespace {

struct Algorithm {
  std::string_view name;
  Schedule (*make)(int ranks);
};

/// A new all-reduce is a file of its own and a line here.
constexpr std::array kAllReduces{
    Algorithm{"ring", ring_all_reduce},
    Algorithm{"recursive-doubling", recursive_doubling_all_reduce},
    Algorithm{"halving-doubling", halving_doubling_all_reduce},
};

}  // namespace

std::int64_t Schedule::steps() const {
  std::int64_t steps = 0;
  for (const Phase& phase : phases) steps += phase.repeats;
  return steps;
}

const std::vector<std::string_view>& all_reduce_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const Algorithm& algorithm : kAllReduces) out.push_back(algorithm.name);
    return out;
  }();
  return names;
}

Schedule all_reduce_schedule(std::string_view name, int ranks) {
  if (ranks < 1) throw std::invalid_argument("a collective needs a rank");
  for (const Algorithm& algorithm : kAllReduces) {
    if (algorithm.name == name) return algorithm.make(ranks);
  }
  throw std::invalid_argument("no all-reduce is called \"" + std::string(name) + '"');
}

}  // namespace omniphi::models
