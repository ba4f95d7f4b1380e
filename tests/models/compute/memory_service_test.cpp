#include <gtest/gtest.h>

#include "models/compute/compute_time.h"
#include "tests/support/catalog_parts.h"

namespace omniphi::models {
namespace {

using hw::ClusterMode;
using hw::MemoryMode;

class MemoryServiceOf7250 : public testing::Test {
 protected:
  hw::ManyCoreCpu cpu = test::cpu("knl-7250");

  [[nodiscard]] double bandwidth(MemoryMode mode,
                                 int threads,
                                 double footprint,
                                 ClusterMode cluster = ClusterMode::Quadrant,
                                 int ranks = 1) const {
    return memory_service(cpu, mode, cluster, threads, ranks, Bytes(footprint)).bandwidth.value();
  }
};

TEST_F(MemoryServiceOf7250, ReachesStreamFromFastMemoryWithAllCores) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 64, 1e9), 421.7e9);
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Cache, 64, 1e9), 355e9);
}

TEST_F(MemoryServiceOf7250, IsBoundByWhatFewCoresCanAskFor) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 1, 1e9), 11.84e9);
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 4, 1e9), 4 * 11.84e9);
}

TEST_F(MemoryServiceOf7250, MixesBothMemoriesInSeriesWhereDataSpills) {
  // 32 GiB over 16 GiB of MCDRAM: half of the bytes at 421.7 and half at 88.39 GB/s:
  // 1 / (0.5 / 421.7 + 0.5 / 88.39) = 146.15 GB/s.
  EXPECT_NEAR(bandwidth(MemoryMode::Flat, 64, 2 * 17179869184.0), 146.15e9, 0.01e9);
}

TEST_F(MemoryServiceOf7250, CountsMissesInBothMemoriesInCacheMode) {
  // The same set in cache mode: all bytes pass at 355, half of them also at 88.39 GB/s: 127.0 GB/s.
  EXPECT_NEAR(
      bandwidth(MemoryMode::Cache, 64, 2 * 17179869184.0), 1e9 / (1 / 355.0 + 0.5 / 88.39), 1e3);
  const MemoryService service = memory_service(
      cpu, MemoryMode::Cache, ClusterMode::Quadrant, 64, 1, Bytes(2 * 17179869184.0));
  EXPECT_DOUBLE_EQ(service.fast_moved, 1.5);  // each miss fills a line
  EXPECT_DOUBLE_EQ(service.main_moved, 0.5);
}

TEST_F(MemoryServiceOf7250, NeverGetsFasterAsTheSetGrows) {
  double before = bandwidth(MemoryMode::Flat, 64, 1e9);
  for (double footprint = 2e9; footprint < 100e9; footprint *= 1.5) {
    const double now = bandwidth(MemoryMode::Flat, 64, footprint);
    EXPECT_LE(now, before);
    before = now;
  }
  EXPECT_GT(before, 88.39e9);
}

TEST_F(MemoryServiceOf7250, IsSharedByTheRanksOfANode) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 34, 1e9, ClusterMode::Quadrant, 2), 421.7e9 / 2);
}

TEST_F(MemoryServiceOf7250, LosesTwelvePercentInAllToAllMode) {
  EXPECT_DOUBLE_EQ(bandwidth(MemoryMode::Flat, 64, 1e9, ClusterMode::AllToAll), 421.7e9 * 0.882);
}

}  // namespace
}  // namespace omniphi::models
