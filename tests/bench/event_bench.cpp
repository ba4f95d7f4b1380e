#include <memory>
#include <numeric>
#include <random>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/collective/schedule.h"
#include "sim/event/communication_simulator.h"
#include "sim/event/event_queue.h"
#include "sim/event/simulate.h"
#include "tests/support/designs.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::sim {
namespace {

/// The hold model: each event that is taken adds one, with so many pending.
void event_queue(benchmark::State& state) {
  EventQueue<std::uint64_t> queue;
  std::mt19937_64 random(1);
  std::vector<double> steps(1 << 16);
  for (double& step : steps) step = std::exponential_distribution(1.0)(random);
  for (std::int64_t i = 0; i < state.range(0); ++i) queue.push(Seconds(steps[i % steps.size()]), i);
  std::size_t at = 0;
  for (auto _ : state) {
    const Seconds now = queue.next_time();
    const std::uint64_t event = queue.pop();
    queue.push(now + Seconds(steps[at++ % steps.size()]), event);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(event_queue)->Arg(100)->Arg(10'000)->Arg(1'000'000);

/// An all-reduce of 100 MB, message by message, every rank on its own. Items are messages.
void all_reduce(benchmark::State& state, std::string_view name, int ports, double taper) {
  const auto ranks = static_cast<int>(state.range(0));
  const hw::FabricGraph graph = tests::built(tests::fat_tree(ports, taper), ranks);
  const hw::Routing routing(graph);
  std::vector<hw::HostId> hosts;
  for (int rank = 0; rank < ranks; ++rank) hosts.emplace_back(rank);
  std::vector<int> members(ranks);
  std::iota(members.begin(), members.end(), 0);
  const models::Schedule schedule =
      models::schedule(models::Collective::AllReduce, name, {.ranks = ranks});
  std::int64_t messages = 0;
  for (auto _ : state) {
    CommunicationSimulator simulator(FabricPipes(graph, routing, hosts),
                                     std::vector<models::Endpoint>(ranks),
                                     [](CommunicatorId, int, CollectiveId, Seconds) {});
    const CommunicatorId everybody = simulator.add_communicator(members);
    const RoutedSchedule routed(schedule, simulator.pipes(), members);
    const CollectiveId sum = simulator.add_collective(everybody, routed, Bytes(100e6));
    for (int member = 0; member < ranks; ++member) simulator.enter(sum, member, Seconds(0));
    simulator.run();
    messages += simulator.messages();
  }
  state.SetItemsProcessed(messages);
}

BENCHMARK_CAPTURE(all_reduce, ring, "ring", 64, 1)
    ->Arg(64)
    ->Arg(1024)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(all_reduce, halving_doubling, "halving-doubling", 256, 2)
    ->Arg(1024)
    ->Arg(8208)
    ->Unit(benchmark::kMillisecond);

/// The quick-start scenario's step, all three ends of its range.
void quick_start(benchmark::State& state) {
  const auto scenario = test::quick_start({"cluster.nodes=" + std::to_string(state.range(0))});
  for (auto _ : state) benchmark::DoNotOptimize(simulate(scenario.design));
}

BENCHMARK(quick_start)->RangeMultiplier(4)->Range(2, 512)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace omniphi::sim

BENCHMARK_MAIN();
