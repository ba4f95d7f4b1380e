#include "sim/event/flow_network.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omniphi::sim {
namespace {

constexpr BytesPerSecond kAnyRate{1e300};

/// A network whose flows pass pipes by number, and what it last said of when they end.
class Network {
 public:
  explicit Network(const std::vector<double>& rates) : flows_(rates_of(rates)) {}

  FlowId add(const std::vector<int>& pipes, double bytes, BytesPerSecond limit = kAnyRate) {
    auto& way = ways_.emplace_back(std::make_unique<std::vector<PipeId>>());
    for (const int pipe : pipes) way->push_back(PipeId(pipe));
    return flows_.add(
        {way->data(), static_cast<std::uint32_t>(way->size())}, limit, Bytes(bytes), 0);
  }

  void remove(FlowId flow) { flows_.remove(flow); }

  void settle(double now) {
    flows_.settle(Seconds(now), [this](FlowId flow, Seconds finish) { finish_[flow] = finish; });
  }

  [[nodiscard]] double rate(FlowId flow) const { return flows_.rate(flow).value(); }

  [[nodiscard]] double load(int pipe) const { return flows_.load(PipeId(pipe)).value(); }

  [[nodiscard]] double finish(FlowId flow) const { return finish_.at(flow).value(); }

 private:
  static std::vector<BytesPerSecond> rates_of(const std::vector<double>& rates) {
    return {rates.begin(), rates.end()};
  }

  FlowNetwork flows_;
  std::vector<std::unique_ptr<std::vector<PipeId>>> ways_;
  std::map<FlowId, Seconds> finish_;
};

TEST(FlowNetwork, GivesALoneFlowItsNarrowestPipe) {
  Network network({30, 10, 20});
  const FlowId flow = network.add({0, 1, 2}, 100);
  network.settle(5);
  EXPECT_DOUBLE_EQ(network.rate(flow), 10);
  EXPECT_DOUBLE_EQ(network.finish(flow), 15);
}

TEST(FlowNetwork, GivesAFlowNoMoreThanItsLimit) {
  Network network({30});
  const FlowId flow = network.add({0}, 100, BytesPerSecond(4));
  network.settle(0);
  EXPECT_DOUBLE_EQ(network.finish(flow), 25);
}

TEST(FlowNetwork, SharesAPipeEvenlyAndHandsOnWhatAFlowLeaves) {
  // 10 B/s for two: 5 each. At 4 s the first has moved its 20; the second 20 of 60, and goes on
  // at 10.
  Network network({10});
  const FlowId first = network.add({0}, 20);
  const FlowId second = network.add({0}, 60);
  network.settle(0);
  EXPECT_DOUBLE_EQ(network.finish(first), 4);
  EXPECT_DOUBLE_EQ(network.finish(second), 12);
  network.remove(first);
  network.settle(4);
  EXPECT_DOUBLE_EQ(network.finish(second), 8);
}

TEST(FlowNetwork, IsMaxMinFair) {
  // A passes both pipes, B the first of 10, C the second of 20: A and B get 5, and C what A leaves.
  Network network({10, 20});
  const FlowId a = network.add({0, 1}, 1);
  const FlowId b = network.add({0}, 1);
  const FlowId c = network.add({1}, 1);
  network.settle(0);
  EXPECT_DOUBLE_EQ(network.rate(a), 5);
  EXPECT_DOUBLE_EQ(network.rate(b), 5);
  EXPECT_DOUBLE_EQ(network.rate(c), 15);
}

TEST(FlowNetwork, LetsOthersHaveWhatALimitedFlowCannotTake) {
  Network network({12});
  const FlowId limited = network.add({0}, 1, BytesPerSecond(2));
  const FlowId first = network.add({0}, 1);
  const FlowId second = network.add({0}, 1);
  network.settle(0);
  EXPECT_DOUBLE_EQ(network.rate(limited), 2);
  EXPECT_DOUBLE_EQ(network.rate(first), 5);
  EXPECT_DOUBLE_EQ(network.rate(second), 5);
}

TEST(FlowNetwork, SaysNothingNewOfFlowsThatAChangeCannotReach) {
  FlowNetwork network({BytesPerSecond(10), BytesPerSecond(10)});
  const PipeId here(0);
  const PipeId there(1);
  std::vector<std::pair<std::size_t, Seconds>> changes;
  const auto note = [&](FlowId flow, Seconds finish) {
    changes.emplace_back(flow.index(), finish);
  };
  network.add({&here, 1}, kAnyRate, Bytes(100), 0);
  network.settle(Seconds(0), note);
  network.add({&there, 1}, kAnyRate, Bytes(100), 0);
  network.settle(Seconds(3), note);
  EXPECT_THAT(changes,
              testing::ElementsAre(testing::Pair(0, Seconds(10)), testing::Pair(1, Seconds(13))));
}

/// Rates by growing all of them together in small exact steps over the whole network: no shortcuts.
std::vector<double> reference(const std::vector<double>& rates,
                              const std::vector<std::vector<int>>& ways,
                              const std::vector<double>& limits) {
  std::vector<double> rate(ways.size(), 0);
  std::vector<char> stopped(ways.size(), 0);
  std::vector<double> left = rates;
  for (;;) {
    std::vector<int> active(rates.size(), 0);
    double step = 1e300;
    bool any = false;
    for (std::size_t f = 0; f < ways.size(); ++f) {
      if (stopped[f]) continue;
      any = true;
      step = std::min(step, limits[f] - rate[f]);
      for (const int p : ways[f]) ++active[p];
    }
    if (!any) return rate;
    for (std::size_t p = 0; p < rates.size(); ++p) {
      if (active[p] > 0) step = std::min(step, left[p] / active[p]);
    }
    for (std::size_t f = 0; f < ways.size(); ++f) {
      if (!stopped[f]) rate[f] += step;
    }
    for (std::size_t p = 0; p < rates.size(); ++p) left[p] -= step * active[p];
    for (std::size_t f = 0; f < ways.size(); ++f) {
      bool full = rate[f] >= limits[f] * (1 - 1e-12);
      for (const int p : ways[f]) full = full || left[p] <= 1e-9 * rates[p];
      if (full) stopped[f] = 1;
    }
  }
}

TEST(FlowNetwork, AgreesWithFillingTheWholeNetworkAfterEachOfManyChanges) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 40; ++trial) {
    const int pipes = std::uniform_int_distribution(2, 30)(random);
    std::vector<double> rates(pipes);
    for (double& r : rates) r = std::uniform_int_distribution(1, 20)(random);
    Network network(rates);

    struct Live {
      FlowId id;
      std::vector<int> way;
      double limit;
    };

    std::vector<Live> live;
    for (int change = 0; change < 60; ++change) {
      const int count = std::uniform_int_distribution(1, 4)(random);
      for (int i = 0; i < count; ++i) {
        if (live.size() > 3 && random() % 2 == 0) {
          const std::size_t victim = random() % live.size();
          network.remove(live[victim].id);
          live.erase(live.begin() + static_cast<std::ptrdiff_t>(victim));
          continue;
        }
        std::vector<int> way;
        for (int p = 0; p < pipes; ++p) {
          if (random() % pipes < 3) way.push_back(p);
        }
        if (way.empty()) way.push_back(0);
        const double limit = std::uniform_int_distribution(1, 25)(random);
        const FlowId id = network.add(way, 1e9, BytesPerSecond(limit));
        live.push_back({id, way, limit});
      }
      network.settle(change);
      std::vector<std::vector<int>> ways;
      std::vector<double> limits;
      for (const Live& flow : live) {
        ways.push_back(flow.way);
        limits.push_back(flow.limit);
      }
      const std::vector<double> expected = reference(rates, ways, limits);
      for (std::size_t f = 0; f < live.size(); ++f) {
        ASSERT_NEAR(network.rate(live[f].id), expected[f], 1e-6 * expected[f])
            << "trial " << trial << ", change " << change;
      }
      for (int p = 0; p < pipes; ++p) ASSERT_LE(network.load(p), rates[p] * (1 + 1e-9));
    }
  }
}

}  // namespace
}  // namespace omniphi::sim
