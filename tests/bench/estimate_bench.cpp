#include <string>

#include <benchmark/benchmark.h>

#include "models/estimate/estimate.h"
#include "models/mapping/task_graph.h"
#include "tests/support/designs.h"

namespace omniphi {
namespace {

void predict(benchmark::State& state, const std::vector<std::string>& changes) {
  const sim::Scenario scenario = test::quick_start(changes);
  for (auto _ : state) benchmark::DoNotOptimize(models::estimate(scenario.design));
}

/// The quick-start scenario on a growing machine.
void predict_by_nodes(benchmark::State& state) {
  predict(state, {"cluster.nodes=" + std::to_string(state.range(0))});
  state.SetComplexityN(state.range(0));
}

BENCHMARK(predict_by_nodes)
    ->RangeMultiplier(2)
    ->Range(2, 1024)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity();

/// A chain of convolutions of growing length, 128 nodes.
void predict_by_layers(benchmark::State& state) {
  const std::string network =
      "{layers: [{name: data, op: input, shape: [64, 28, 28]}, {name: c, op: convolution, "
      "channels: 64, kernel: 3, pad: 1, "
      "repeat: " +
      std::to_string(state.range(0)) + "}]}";
  predict(state, {"workload.network=" + network, "workload.batch_per_rank=1"});
  state.SetComplexityN(state.range(0));
}

BENCHMARK(predict_by_layers)
    ->RangeMultiplier(4)
    ->Range(4, 4096)
    ->Unit(benchmark::kMicrosecond)
    ->Complexity();

void lower_quick_start(benchmark::State& state) {
  const sim::Scenario scenario = test::quick_start();
  for (auto _ : state) benchmark::DoNotOptimize(models::lowered(scenario.design));
}

BENCHMARK(lower_quick_start)->Unit(benchmark::kMicrosecond);

void read_quick_start(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(test::quick_start());
}

BENCHMARK(read_quick_start)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace omniphi

BENCHMARK_MAIN();
