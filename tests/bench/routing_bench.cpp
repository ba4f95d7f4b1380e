#include <string>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "hw/fabric/topology/topology.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi {
namespace {

/// Megabytes of the process at its largest so far.
double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1e3;
}

void fill_tables(benchmark::State& state, const hw::Topology& topology, int hosts) {
  const hw::FabricGraph graph = tests::built(topology, hosts);
  for (auto _ : state) {
    benchmark::DoNotOptimize(hw::Routing(graph, hw::routing_rules(topology)));
  }
  state.counters["peak_MB"] = peak_memory();
}

/// 8208 hosts as Oakforest-PACS joins them: 342 edge switches under 12 directors of 72 chips.
void tables_of_directors(benchmark::State& state) {
  hw::FatTree tree = tests::fat_tree(48);
  tree.director = Part<hw::Director>{"",
                                     {.chip = {"", tests::round_switch(48)},
                                      .leaves = 48,
                                      .ports_per_leaf = 16,
                                      .spines = 24,
                                      .price = {},
                                      .power = {},
                                      .source = ""}};
  fill_tables(state, tree, 8208);
}

void tables_of_three_levels(benchmark::State& state) {
  hw::FatTree tree = tests::fat_tree(48);
  tree.levels = 3;
  fill_tables(state, tree, 8208);
}

void tables_of_dragonfly(benchmark::State& state) {
  auto dragonfly = tests::of_round_switches<hw::Dragonfly>(64);
  dragonfly.hosts_per_router = 12;
  fill_tables(state, dragonfly, 8208);
}

BENCHMARK(tables_of_directors)->Unit(benchmark::kMillisecond);
BENCHMARK(tables_of_three_levels)->Unit(benchmark::kMillisecond);
BENCHMARK(tables_of_dragonfly)->Unit(benchmark::kMillisecond);

/// Every host of the three-level tree to the one half of them further on.
void routes_of_three_levels(benchmark::State& state) {
  hw::FatTree tree = tests::fat_tree(48);
  tree.levels = 3;
  const hw::FabricGraph graph = tests::built(tree, 8208);
  const hw::Routing routing(graph);
  std::vector<hw::ArcId> route;
  for (auto _ : state) {
    for (int host = 0; host < 8208; ++host) {
      routing.route(hw::HostId(host), hw::HostId((host + 4104) % 8208), route);
      benchmark::DoNotOptimize(route.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * 8208);
}

BENCHMARK(routes_of_three_levels)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace omniphi

BENCHMARK_MAIN();
