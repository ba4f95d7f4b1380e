#include "models/compute/memory_service.h"

#include <gtest/gtest.h>

#include "tests/support/catalog_parts.h"

namespace omniphi::models {
namespace {

using hw::ClusterMode;
using hw::MemoryMode;

constexpr double kFast = 17179869184.0;  // bytes of MCDRAM

class MemoryServiceOf7250 : public testing::Test {
 protected:
  hw::ManyCoreCpu cpu = test::cpu("knl-7250");

  [[nodiscard]] double bandwidth(MemoryMode mode,
                                 int threads,
                                 double footprint,
                                 ClusterMode cluster = ClusterMode::Quadrant,
                                 int ranks = 1,
                                 const AccessPattern& pattern = {}) const {
    return memory_service(cpu, mode, cluster, threads, ranks, Bytes(footprint), pattern)
        .bandwidth.value();
  }

  [[nodiscard]] double spread(int threads) const {
    return bandwidth(MemoryMode::Flat,
                     threads,
                     1e9,
                     ClusterMode::Quadrant,
                     1,
                     {.placement = ThreadPlacement::Spread});
  }
};

TEST(LoadedMemory, IsAsFastAsItsIdleLatencyLetsTheLinesBe) {
  // 10 lines of 64 bytes every 100 ns, and no wait.
  const LoadedMemory memory = loaded_memory(Seconds(100e-9), BytesPerSecond(1e12), Seconds(0), 10);
  EXPECT_NEAR(memory.bandwidth.value(), 6.4e9, 1);
  EXPECT_NEAR(memory.latency.value(), 100e-9, 1e-18);
}

TEST(LoadedMemory, WaitsInProportionToItsLoad) {
  // At half of 64 GB/s a line waits half of 40 ns: 32 GB/s in 120 ns are 60 lines.
  const LoadedMemory memory =
      loaded_memory(Seconds(100e-9), BytesPerSecond(64e9), Seconds(40e-9), 60);
  EXPECT_NEAR(memory.bandwidth.value(), 32e9, 1);
  EXPECT_NEAR(memory.latency.value(), 120e-9, 1e-17);
}

TEST(LoadedMemory, OnlyGetsSlowerOnceItIsSaturated) {
  // 64 GB/s are one line a nanosecond: of 1000 lines each waits for the others.
  const LoadedMemory memory =
      loaded_memory(Seconds(100e-9), BytesPerSecond(64e9), Seconds(40e-9), 1000);
  EXPECT_DOUBLE_EQ(memory.bandwidth.value(), 64e9);
  EXPECT_NEAR(memory.latency.value(), 1000e-9, 1e-15);
}

TEST(IdleLatency, GoesWithTheWaysOverTheMesh) {
  // 3.3 cycles of 1.7 GHz are 1.94 ns: one way more than in quadrant mode, two less, or two thirds
  // of one more. McCalpin's 155.9, 150.5 and 156.8 against 154.0 ns are +1.9, -3.5 and +2.8.
  const hw::ManyCoreCpu cpu = test::cpu("knl-7250");
  const auto latency = [&](ClusterMode mode, bool remote) {
    return idle_latency(*cpu.fast_memory, cpu.mesh, mode, remote).value() * 1e9;
  };
  EXPECT_NEAR(latency(ClusterMode::Quadrant, false), 154, 1e-9);
  EXPECT_NEAR(latency(ClusterMode::AllToAll, false), 155.94, 0.01);
  EXPECT_NEAR(latency(ClusterMode::Snc4, false), 150.12, 0.01);
  EXPECT_NEAR(latency(ClusterMode::Snc4, true), 155.29, 0.01);
}

TEST_F(MemoryServiceOf7250, ReachesStreamFromFastMemoryWithAllCores) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 64, 1e9), 421.7e9);
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Cache, 64, 1e9), 316.3e9);
}

TEST_F(MemoryServiceOf7250, IsBoundByWhatFewCoresKeepUnderWay) {
  // 28.5 lines in 154 ns are 11.84 GB/s; the wait of 40 ns at 2.8 % of the bandwidth costs 0.7 %.
  EXPECT_NEAR(bandwidth(MemoryMode::Flat, 1, 1e9), 11.84e9 / 1.0072, 0.01e9);
  // 32 threads, a tile each: 315.0 GB/s measured [Rupp2016].
  EXPECT_NEAR(spread(32) / 315.0e9, 1, 0.01);
}

TEST_F(MemoryServiceOf7250, SharesThePortOfATileBetweenItsCores) {
  // 661 GB/s over 34 tiles: 19.4 GB/s, less than the 23.3 of two cores on tiles of their own.
  EXPECT_NEAR(bandwidth(MemoryMode::Flat, 2, 1e9), 661e9 / 34, 1);
  EXPECT_GT(spread(2), 23e9);
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 68, 1e9), spread(68));
}

TEST_F(MemoryServiceOf7250, LosesToConflictsOverRowsWithFourThreadsACore) {
  // [Rupp2016] STREAM, 256 threads against 64: 306.2 of 421.7 GB/s from MCDRAM, 57.47 of 88.39 from
  // DDR; 27 and 35 % slower.
  EXPECT_NEAR(1 - bandwidth(MemoryMode::Flat, 256, 1e9) / bandwidth(MemoryMode::Flat, 64, 1e9),
              0.27,
              0.015);
  cpu.fast_memory.reset();
  EXPECT_NEAR(1 - bandwidth(MemoryMode::Flat, 256, 1e9) / bandwidth(MemoryMode::Flat, 64, 1e9),
              0.35,
              0.015);
}

TEST_F(MemoryServiceOf7250, MixesBothMemoriesInSeriesWhereDataSpills) {
  // 32 GiB over 16 GiB of MCDRAM: half of the bytes at 421.7 and half at 88.39 GB/s:
  // 1 / (0.5 / 421.7 + 0.5 / 88.39) = 146.15 GB/s.
  EXPECT_NEAR(bandwidth(MemoryMode::Flat, 64, 2 * kFast), 146.15e9, 0.01e9);
}

TEST_F(MemoryServiceOf7250, CountsMissesInBothMemoriesInCacheMode) {
  // The same set in cache mode: all bytes pass at 316.3, half of them also at 88.39 GB/s.
  EXPECT_NEAR(bandwidth(MemoryMode::Cache, 64, 2 * kFast), 1e9 / (1 / 316.3 + 0.5 / 88.39), 1e3);
  const MemoryService service =
      memory_service(cpu, MemoryMode::Cache, ClusterMode::Quadrant, 64, 1, Bytes(2 * kFast));
  EXPECT_DOUBLE_EQ(service.fast_moved, 1.5);  // each miss fills a line
  EXPECT_DOUBLE_EQ(service.main_moved, 0.5);
  // A hit takes the fast memory's latency, a miss both: > 270 ns [ChipsAndCheese2022].
  EXPECT_NEAR(service.latency.value(), 154e-9 + 0.5 * 130.4e-9, 1e-15);
}

TEST_F(MemoryServiceOf7250, ReadsTheTagOfWhatItWritesIntoACache) {
  // Reads alone reach the flat bandwidth [ChipsAndCheese2022: nearly], a copy two thirds of it
  // ([Wilson2018] on a 7210: 248.8 of 400.3).
  const auto cached = [&](double written) {
    return bandwidth(
        MemoryMode::Cache, 64, 1e9, ClusterMode::Quadrant, 1, {.streams = 2, .written = written});
  };
  EXPECT_NEAR(cached(0), 421.7e9, 0.1e9);
  EXPECT_NEAR(cached(0.5), 421.7e9 / 1.5, 0.1e9);
}

TEST_F(MemoryServiceOf7250, FillsTheFlatPartFirstInHybridMode) {
  // Half of the MCDRAM is memory and half a cache: 16 GiB are half at 421.7, half cached at 316.3,
  // and 24 GiB have a third in each, and a third missed.
  EXPECT_NEAR(bandwidth(MemoryMode::Hybrid50, 64, 0.5 * kFast), 421.7e9, 1);
  EXPECT_NEAR(bandwidth(MemoryMode::Hybrid50, 64, kFast), 1e9 / (0.5 / 421.7 + 0.5 / 316.3), 1e3);
  EXPECT_NEAR(bandwidth(MemoryMode::Hybrid50, 64, 1.5 * kFast),
              1e9 / (1 / 3.0 / 421.7 + 2 / 3.0 / 316.3 + 1 / 3.0 / 88.39),
              1e3);
  // Three quarters flat: it all fits.
  EXPECT_NEAR(bandwidth(MemoryMode::Hybrid25, 64, 0.75 * kFast), 421.7e9, 1);
}

TEST_F(MemoryServiceOf7250, NeverGetsFasterAsTheSetGrowsOrTheMemoryShrinks) {
  for (const MemoryMode mode :
       {MemoryMode::Flat, MemoryMode::Cache, MemoryMode::Hybrid25, MemoryMode::Hybrid50}) {
    MemoryService before = memory_service(cpu, mode, ClusterMode::Quadrant, 64, 1, Bytes(0));
    for (double footprint = 1e9; footprint < 100e9; footprint *= 1.2) {
      const MemoryService now =
          memory_service(cpu, mode, ClusterMode::Quadrant, 64, 1, Bytes(footprint));
      EXPECT_LE(now.bandwidth, before.bandwidth);
      EXPECT_GE(now.latency, before.latency);
      EXPECT_GE(now.package_energy * (1 + 1e-12), before.package_energy);
      before = now;
    }
    EXPECT_GT(before.bandwidth, BytesPerSecond(60e9));
    // Half the memory under a set is the whole memory under twice the set.
    const double whole = bandwidth(mode, 64, 2 * kFast);
    hw::ManyCoreCpu half = cpu;
    half.fast_memory->capacity = Bytes(kFast / 2);
    EXPECT_DOUBLE_EQ(
        memory_service(half, mode, ClusterMode::Quadrant, 64, 1, Bytes(kFast)).bandwidth.value(),
        whole);
  }
}

TEST_F(MemoryServiceOf7250, IsSharedByTheRanksOfANode) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 34, 1e9, ClusterMode::Quadrant, 2), 421.7e9 / 2);
}

TEST_F(MemoryServiceOf7250, LosesTwelvePercentInAllToAllMode) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 64, 1e9, ClusterMode::AllToAll), 421.7e9 * 0.882);
}

TEST_F(MemoryServiceOf7250, GainsFromSnc4OnlyWithARankForEachQuadrant) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 16, 1e9, ClusterMode::Snc4, 4), 421.7e9 * 1.03 / 4);
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 64, 1e9, ClusterMode::Snc4, 1), 421.7e9);
}

TEST(MemoryServiceOf7210, IsThe7250sByClocksAndRates) {
  // What the catalog says of the 7210's memories is carried over from the 7250, so that nothing
  // measured on a 7210 is in it: shares of the interface, and lines under way.
  const hw::ManyCoreCpu from = test::cpu("knl-7250");
  const hw::ManyCoreCpu to = test::cpu("knl-7210");
  const auto carried = [](const hw::Memory& a, const hw::Memory& b) {
    EXPECT_NEAR(a.stream_bandwidth.value / a.peak_bandwidth,
                b.stream_bandwidth.value / b.peak_bandwidth,
                1e-3);
    EXPECT_NEAR(a.core_bandwidth * a.latency.value / hw::kCacheLine,
                b.core_bandwidth * b.latency.value / hw::kCacheLine,
                0.05);
    EXPECT_EQ(a.bank_wait, b.bank_wait);
    EXPECT_EQ(a.row_streams, b.row_streams);
  };
  carried(from.main_memory, to.main_memory);
  carried(*from.fast_memory, *to.fast_memory);
  // A cache's triad has three quarters of the flat one's bandwidth.
  EXPECT_NEAR(
      from.fast_memory->cache_mode_bandwidth.value / from.fast_memory->stream_bandwidth.value,
      0.75,
      1e-3);
  EXPECT_NEAR(to.fast_memory->cache_mode_bandwidth.value / to.fast_memory->stream_bandwidth.value,
              0.75,
              1e-3);
  const auto bytes_per_cycle = [](const hw::ManyCoreCpu& cpu) {
    return (cpu.mesh.bandwidth / cpu.mesh.clock).value() / cpu.tiles();
  };
  EXPECT_NEAR(bytes_per_cycle(from), bytes_per_cycle(to), 0.02);
}

}  // namespace
}  // namespace omniphi::models
