#include "models/network/collective_model.h"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/tiny_fabric.h"

namespace omniphi::models {
namespace {

using tests::built;
using tests::fat_tree;

/// The fabrics of these tests: 10 GB/s, 8000 B packets without headers, 10 ns a cable, 100 ns a
/// switch, so that one switch costs 10 + 100 + 10 = 120 ns, edge-spine-edge 4 x 10 + 3 x 100 = 340
/// ns, and a full packet 800 ns.
constexpr double kOneSwitch = 120e-9;
constexpr double kThreeSwitches = 340e-9;
constexpr double kPacket = 800e-9;
constexpr double kMegabyte = 100e-6;  // over one link

CollectiveTime timed(std::string_view name,
                     int ranks,
                     Bytes payload,
                     const hw::FatTree& tree,
                     const Endpoint& endpoint = {},
                     int ranks_per_host = 1) {
  const Placement placement{ranks_per_host};
  const hw::FabricGraph graph = built(tree, placement.hosts(ranks));
  const hw::Routing routing(graph);
  const CollectiveModel model(schedule(Collective::AllReduce, name, {.ranks = ranks}), graph, routing, placement);
  return model.time(payload, endpoint);
}

/// An end point whose every parameter counts.
Endpoint slow_endpoint() {
  return {.message_overhead = Seconds(2e-6),
          .rendezvous_threshold = Bytes(64e3),
          .rendezvous_handshake = Seconds(5e-6),
          .eager_copy_rate = BytesPerSecond(1e9),
          .injection_rate = BytesPerSecond(4e9),
          .local_copy_rate = BytesPerSecond(8e9),
          .reduction_rate = BytesPerSecond(5e9)};
}

TEST(CollectiveModel, TimesTwoRanksOnOneSwitch) {
  // One step: 1 MB each way, no sharing.
  const auto time = timed("recursive-doubling", 2, Bytes(1e6), fat_tree(8));
  EXPECT_NEAR(time.total.value(), kOneSwitch + kPacket + kMegabyte, 1e-15);
  EXPECT_NEAR(time.transfer.value(), kMegabyte, 1e-15);
  EXPECT_EQ(time.limited_by, CollectiveLimit::Link);
  EXPECT_EQ(time.steps, 1);
  EXPECT_EQ(time.messages, 2);
  EXPECT_DOUBLE_EQ(time.sent_per_rank.value(), 1e6);
  EXPECT_DOUBLE_EQ(time.busiest_arc_bytes.value(), 1e6);
}

TEST(CollectiveModel, AddsWhatTheEndPointsCost) {
  const auto time = timed("recursive-doubling", 2, Bytes(1e6), fat_tree(8), slow_endpoint());
  // Overhead 2 us and handshake 5 us; 1 MB at 4 GB/s; 1 MB added up at 5 GB/s.
  EXPECT_NEAR(time.latency.value(), 2e-6 + 5e-6 + kOneSwitch + kPacket, 1e-15);
  EXPECT_NEAR(time.transfer.value(), 250e-6, 1e-15);
  EXPECT_NEAR(time.reduction.value(), 200e-6, 1e-15);
  EXPECT_NEAR(time.total.value(), 457.92e-6, 1e-15);
  EXPECT_EQ(time.limited_by, CollectiveLimit::Injection);
}

TEST(CollectiveModel, CopiesEagerlyUpToTheThreshold) {
  // 64,000 B: no handshake, and 64 us at 1 GB/s. One byte more: handshake, and 16 us at 4 GB/s.
  const auto eager = timed("recursive-doubling", 2, Bytes(64000), fat_tree(8), slow_endpoint());
  EXPECT_NEAR(eager.latency.value(), 2e-6 + kOneSwitch + kPacket, 1e-15);
  EXPECT_NEAR(eager.transfer.value(), 64e-6, 1e-15);
  const auto rendezvous =
      timed("recursive-doubling", 2, Bytes(64001), fat_tree(8), slow_endpoint());
  EXPECT_NEAR(rendezvous.latency.value(), 7e-6 + kOneSwitch + kPacket, 1e-15);
  EXPECT_NEAR(rendezvous.transfer.value(), 64001 / 4e9, 1e-15);
}

TEST(CollectiveModel, TimesARingOfFour) {
  // 4 MB in chunks of 1 MB, 2 (4 - 1) steps; the first three add 1 MB up at 5 GB/s.
  const Endpoint endpoint{.reduction_rate = BytesPerSecond(5e9)};
  const auto time = timed("ring", 4, Bytes(4e6), fat_tree(8), endpoint);
  EXPECT_NEAR(time.latency.value(), 6 * (kOneSwitch + kPacket), 1e-15);
  EXPECT_NEAR(time.transfer.value(), 6 * kMegabyte, 1e-15);
  EXPECT_NEAR(time.reduction.value(), 3 * 200e-6, 1e-15);
  EXPECT_EQ(time.steps, 6);
  EXPECT_EQ(time.messages, 24);
  EXPECT_DOUBLE_EQ(time.sent_per_rank.value(), 6e6);
  EXPECT_DOUBLE_EQ(time.busiest_arc_bytes.value(), 6e6);
}

TEST(CollectiveModel, LetsTaperedUplinksBeShared) {
  // 6 ports at taper 2: four hosts down, two links up. Eight ranks swap with the ranks one and two
  // on inside their switches, then with the rank four on: four messages over two uplinks.
  const auto doubling = timed("recursive-doubling", 8, Bytes(1e6), fat_tree(6, 2));
  EXPECT_NEAR(doubling.transfer.value(), (1 + 1 + 2) * kMegabyte, 1e-15);
  EXPECT_NEAR(doubling.latency.value(), 2 * kOneSwitch + kThreeSwitches + 3 * kPacket, 1e-15);
  // Over the whole collective a host's cable carries 3 MB, more than the uplinks' 2 MB.
  EXPECT_DOUBLE_EQ(doubling.busiest_arc_bytes.value(), 3e6);

  // Halves, quarters, eighths, there and back: 2 (2/2 + 1/4 + 1/8) of 8 MB over one link.
  const auto halving = timed("halving-doubling", 8, Bytes(8e6), fat_tree(6, 2));
  EXPECT_NEAR(halving.transfer.value(), 2 * (8 + 2 + 1) * kMegabyte, 1e-15);
  // An uplink carries 2 x 2 messages of 4 MB, a host's cable 2 (4 + 2 + 1) MB.
  EXPECT_DOUBLE_EQ(halving.busiest_arc_bytes.value(), 16e6);
}

TEST(CollectiveModel, KeepsARingOffTheTaper) {
  // One message crosses each way at a time, so that the taper costs hops alone.
  const auto time = timed("ring", 8, Bytes(8e6), fat_tree(6, 2));
  EXPECT_NEAR(time.transfer.value(), 14 * kMegabyte, 1e-15);
  EXPECT_NEAR(time.latency.value(), 14 * (kThreeSwitches + kPacket), 1e-15);
}

TEST(CollectiveModel, IsLatencyAloneForAnEmptyPayload) {
  const Endpoint endpoint{.message_overhead = Seconds(2e-6)};
  const auto time = timed("halving-doubling", 8, Bytes(0), fat_tree(16), endpoint);
  EXPECT_NEAR(time.total.value(), 6 * (2e-6 + kOneSwitch), 1e-15);
  EXPECT_EQ(time.limited_by, CollectiveLimit::Latency);
}

TEST(CollectiveModel, ApproachesBandwidthAloneForALargePayload) {
  // 2 (P - 1) / P n / b [Patarasuk2009] on a fabric without contention.
  const Endpoint endpoint{.message_overhead = Seconds(2e-6)};
  for (const std::string_view name : {"ring", "halving-doubling"}) {
    const auto time = timed(name, 16, Bytes(1e12), fat_tree(48), endpoint);
    EXPECT_NEAR(time.total.value() / (2 * 15.0 / 16 * 1e12 / 10e9), 1, 1e-5) << name;
  }
}

TEST(CollectiveModel, PrefersFewStepsForSmallAndFewBytesForLargePayloads) {
  const Endpoint endpoint{.message_overhead = Seconds(2e-6)};
  const hw::FatTree tree = fat_tree(48);
  EXPECT_LT(timed("recursive-doubling", 16, Bytes(1e3), tree, endpoint).total,
            timed("ring", 16, Bytes(1e3), tree, endpoint).total);
  EXPECT_GT(timed("recursive-doubling", 16, Bytes(1e8), tree, endpoint).total,
            timed("ring", 16, Bytes(1e8), tree, endpoint).total);
}

TEST(CollectiveModel, CostsNothingOnOneRank) {
  for (const std::string_view name : algorithm_names(Collective::AllReduce)) {
    const auto time = timed(name, 1, Bytes(1e9), fat_tree(8), slow_endpoint());
    EXPECT_EQ(time.total, Seconds(0));
    EXPECT_EQ(time.limited_by, CollectiveLimit::Nothing);
    EXPECT_EQ(time.messages, 0);
    EXPECT_FALSE(time.busiest_arc.has_value());
  }
}

TEST(CollectiveModel, CopiesWithinAHostWithoutTheFabric) {
  // Two ranks on each of two hosts: the swap of neighbours stays inside (1 MB at 8 GB/s), the other
  // leads two messages over each host's cable.
  const Endpoint endpoint{.local_copy_rate = BytesPerSecond(8e9)};
  const auto time = timed("recursive-doubling", 4, Bytes(1e6), fat_tree(8), endpoint, 2);
  EXPECT_NEAR(time.transfer.value(), 125e-6 + 2 * kMegabyte, 1e-15);
  EXPECT_NEAR(time.latency.value(), kOneSwitch + kPacket, 1e-15);
  EXPECT_DOUBLE_EQ(time.busiest_arc_bytes.value(), 2e6);
  EXPECT_DOUBLE_EQ(time.sent_per_rank.value(), 2e6);
}

TEST(CollectiveModel, NeedsNoFabricWithinOneHost) {
  const auto time = timed("ring", 4, Bytes(4e6), fat_tree(8), slow_endpoint(), 4);
  EXPECT_FALSE(time.busiest_arc.has_value());
  // Six steps of 2 us and of 1 MB at 8 GB/s.
  EXPECT_NEAR(time.latency.value(), 6 * 2e-6, 1e-15);
  EXPECT_NEAR(time.transfer.value(), 6 * 125e-6, 1e-15);
  EXPECT_EQ(time.limited_by, CollectiveLimit::LocalCopy);
}

TEST(CollectiveModel, StripesMessagesOverTwoRails) {
  const auto time = timed("recursive-doubling", 2, Bytes(1e6), fat_tree(8, 1, 2));
  EXPECT_NEAR(time.transfer.value(), kMegabyte / 2, 1e-15);
  EXPECT_DOUBLE_EQ(time.busiest_arc_bytes.value(), 0.5e6);
}

TEST(CollectiveModel, ChargesPacketHeaders) {
  hw::FatTree tree = fat_tree(8);
  tree.part.value.link.packet_overhead = Bytes(80);
  const auto time = timed("recursive-doubling", 2, Bytes(1e6), tree);
  EXPECT_NEAR(time.transfer.value(), kMegabyte * 8080 / 8000, 1e-15);
}

hw::FatTree faster(hw::FatTree tree, double factor) {
  tree.part.value.link.bandwidth *= factor;
  return tree;
}

Endpoint faster(Endpoint endpoint, double factor) {
  endpoint.eager_copy_rate *= factor;
  endpoint.injection_rate *= factor;
  endpoint.local_copy_rate *= factor;
  endpoint.reduction_rate *= factor;
  return endpoint;
}

TEST(CollectiveModel, NeverTakesLongerWhenAllRatesRise) {
  for (const std::string_view name : algorithm_names(Collective::AllReduce)) {
    for (const double payload : {0.0, 1e3, 64e3, 1e6, 1e9}) {
      const auto slow = timed(name, 12, Bytes(payload), fat_tree(6, 2), slow_endpoint(), 2);
      const auto fast =
          timed(name, 12, Bytes(payload), faster(fat_tree(6, 2), 3), faster(slow_endpoint(), 3), 2);
      EXPECT_LE(fast.total, slow.total) << name << ' ' << payload;
    }
  }
}

TEST(CollectiveModel, NeverCarriesMoreThanTheHardwareCan) {
  for (const std::string_view name : algorithm_names(Collective::AllReduce)) {
    for (int ranks = 2; ranks <= 24; ++ranks) {
      const hw::FabricGraph graph = built(fat_tree(6, 2), ranks);
      const CollectiveModel model(
          schedule(Collective::AllReduce, name, {.ranks = ranks}), graph, hw::Routing(graph), Placement{});
      const auto time = model.time(Bytes(1e7), slow_endpoint());
      const BytesPerSecond bandwidth = graph.link(*time.busiest_arc).bandwidth;
      EXPECT_LE(time.busiest_arc_bytes / bandwidth, time.total) << name << ' ' << ranks;
      EXPECT_LE(time.sent_per_rank / slow_endpoint().injection_rate, time.total);
      EXPECT_EQ(time.total, time.latency + time.transfer + time.reduction);
    }
  }
}

TEST(CollectiveModel, AddsUpRepeatsOfAPatternAsIfEachWereRouted) {
  // A ring written out step by step is the ring.
  const hw::FabricGraph graph = built(fat_tree(6, 2), 8);
  const hw::Routing routing(graph);
  const Schedule ring = schedule(Collective::AllReduce, "ring", {.ranks = 8});
  Schedule written = ring;
  written.phases.clear();
  for (const Schedule::Phase& phase : ring.phases) {
    for (std::int64_t i = 0; i < phase.repeats; ++i)
      written.phases.push_back({.transfers = phase.transfers});
  }
  const auto a = CollectiveModel(ring, graph, routing, Placement()).time(Bytes(1e6), slow_endpoint());
  const auto b = CollectiveModel(written, graph, routing, Placement()).time(Bytes(1e6), slow_endpoint());
  EXPECT_NEAR(a.total.value(), b.total.value(), 1e-12);
  EXPECT_EQ(a.messages, b.messages);
  EXPECT_EQ(a.busiest_arc, b.busiest_arc);
  EXPECT_NEAR(a.busiest_arc_bytes.value(), b.busiest_arc_bytes.value(), 1e-6);
}

TEST(CollectiveModel, RefusesMoreRanksThanTheHostsHold) {
  const hw::FabricGraph graph = built(fat_tree(8), 2);
  const hw::Routing routing(graph);
  try {
    const CollectiveModel model(schedule(Collective::AllReduce, "ring", {.ranks = 5}), graph, routing, Placement{2});
    FAIL() << "five ranks fit on two hosts";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "5 ranks need 3 hosts, the fabric has 2");
  }
}

}  // namespace
}  // namespace omniphi::models
