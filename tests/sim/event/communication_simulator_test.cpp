#include "sim/event/communication_simulator.h"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/network/collective_model.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::sim {
namespace {

using models::Collective;
using models::Endpoint;
using models::Schedule;

/// A machine with one rank on each of so many hosts, or some on each, and what its ranks did.
class Machine {
 public:
  Machine(const hw::FatTree& tree, int ranks, const Endpoint& endpoint = {}, int ranks_per_host = 1)
      : ranks_per_host_(ranks_per_host),
        graph_(tests::built(tree, ranks / ranks_per_host)),
        routing_(graph_),
        simulator_(FabricPipes(graph_, routing_, hosts(ranks, ranks_per_host)),
                   std::vector<Endpoint>(ranks, endpoint),
                   [this](CommunicatorId c, int member, CollectiveId collective, Seconds at) {
                     left_[collective.index()] = std::max(left_[collective.index()], at);
                     const int rank = simulator_.ranks(c)[member];
                     if (!next_.contains({collective.index(), rank})) return;
                     simulator_.enter(next_.at({collective.index(), rank}), member, at);
                   }) {}

  CommunicatorId group(int first, int ranks) {
    std::vector<int> members(ranks);
    std::iota(members.begin(), members.end(), first);
    return simulator_.add_communicator(std::move(members));
  }

  CollectiveId add(CommunicatorId group,
                   Collective collective,
                   std::string_view name,
                   double payload) {
    const std::vector<int>& ranks = simulator_.ranks(group);
    const Schedule schedule = models::schedule(
        collective,
        name,
        {.ranks = static_cast<int>(ranks.size()), .ranks_per_host = ranks_per_host_});
    routed_.push_back(std::make_unique<RoutedSchedule>(schedule, simulator_.pipes(), ranks));
    return simulator_.add_collective(group, *routed_.back(), Bytes(payload));
  }

  /// All members enter at 0 but those that are late.
  void enter_all(CollectiveId collective, int members, const std::map<int, double>& late = {}) {
    for (int m = 0; m < members; ++m) {
      simulator_.enter(collective, m, Seconds(late.contains(m) ? late.at(m) : 0));
    }
  }

  /// A rank goes from one collective to the next.
  void follow_up(CollectiveId first, int rank, CollectiveId second) {
    next_.insert({{first.index(), rank}, second});
  }

  void run() { simulator_.run(); }

  /// When the last member left.
  [[nodiscard]] double left(CollectiveId collective) const {
    return left_.at(collective.index()).value();
  }

  /// Of one collective of all ranks.
  double time(Collective collective, std::string_view name, double payload) {
    const int ranks = simulator_.pipes().ranks();
    const CollectiveId added = add(group(0, ranks), collective, name, payload);
    enter_all(added, ranks);
    run();
    return left(added);
  }

  [[nodiscard]] const CommunicationSimulator& simulator() const { return simulator_; }

  [[nodiscard]] const hw::FabricGraph& graph() const { return graph_; }

  [[nodiscard]] const hw::Routing& routing() const { return routing_; }

 private:
  static std::vector<hw::HostId> hosts(int ranks, int ranks_per_host) {
    std::vector<hw::HostId> out;
    for (int rank = 0; rank < ranks; ++rank) out.emplace_back(rank / ranks_per_host);
    return out;
  }

  int ranks_per_host_;
  hw::FabricGraph graph_;
  hw::Routing routing_;
  std::map<std::size_t, Seconds> left_;
  std::map<std::pair<std::size_t, int>, CollectiveId> next_;
  std::vector<std::unique_ptr<RoutedSchedule>> routed_;
  CommunicationSimulator simulator_;
};

hw::FatTree switch_of(double bandwidth, double cable_latency, double switch_latency, int ports) {
  hw::FatTree tree = tests::fat_tree(ports);
  tree.part.value.link.bandwidth = BytesPerSecond(bandwidth);
  tree.part.value.link.latency = Seconds(cable_latency);
  tree.part.value.latency = Seconds(switch_latency);
  return tree;
}

TEST(CommunicationSimulator, MovesAMessageThroughASwitch) {
  // Two ranks swap 1 MB at 10 GB/s: 100 us, and 10 ns + 100 ns + 10 ns of way, and one packet of
  // 8000 B: 0.8 us.
  Machine machine(tests::fat_tree(8), 2);
  EXPECT_NEAR(machine.time(Collective::AllReduce, "recursive-doubling", 1e6), 100.92e-6, 1e-12);
  EXPECT_EQ(machine.simulator().messages(), 2);
}

TEST(CommunicationSimulator, ChargesEndPointsWhatTheyTake) {
  // As above, with 2 us a message, 3 us of handshake, and 1 MB added up at 2 GB/s: 500 us.
  const Endpoint endpoint{.message_overhead = Seconds(2e-6),
                          .rendezvous_threshold = Bytes(1000),
                          .rendezvous_handshake = Seconds(3e-6),
                          .reduction_rate = BytesPerSecond(2e9)};
  Machine machine(tests::fat_tree(8), 2, endpoint);
  EXPECT_NEAR(
      machine.time(Collective::AllReduce, "recursive-doubling", 1e6), 100.92e-6 + 505e-6, 1e-12);
}

TEST(CommunicationSimulator, ReducesHundredMegabytesOnOneSwitchInSevenEighthsTwice) {
  // 2 * 7 / 8 * 100 MB / 50 GB/s = 3.50 ms by the ring as by direct exchange.
  for (const std::string_view name : {"ring", "pairwise"}) {
    Machine machine(switch_of(50e9, 10e-9, 0, 8), 8);
    EXPECT_NEAR(machine.time(Collective::AllReduce, name, 100e6), 3.50e-3, 0.01e-3) << name;
  }
}

TEST(CommunicationSimulator, PaysTheRingsLatencyOnceAStep) {
  // 510 steps, 4 us more each: 2.04 ms.
  Machine fast(switch_of(50e9, 1e-6, 0, 512), 256);
  Machine slow(switch_of(50e9, 3e-6, 0, 512), 256);
  const double difference = slow.time(Collective::AllReduce, "ring", 512e6) -
                            fast.time(Collective::AllReduce, "ring", 512e6);
  EXPECT_NEAR(difference, 510 * 4e-6, 1e-9);
}

TEST(CommunicationSimulator, MovesNothingFasterThanItsLink) {
  // 100 messages of 64 MiB through one link of 10 Gb/s: 100 * 67,108,864 / 1.25e9 = 5.369 s.
  Machine machine(switch_of(1.25e9, 0, 0, 8), 2);
  const CommunicatorId pair = machine.group(0, 2);
  const CollectiveId first = machine.add(pair, Collective::Broadcast, "binomial-tree", 67108864);
  CollectiveId last = first;
  for (int i = 1; i < 100; ++i) {
    const CollectiveId next = machine.add(pair, Collective::Broadcast, "binomial-tree", 67108864);
    machine.follow_up(last, 0, next);
    machine.follow_up(last, 1, next);
    last = next;
  }
  machine.enter_all(first, 2);
  machine.run();
  EXPECT_GE(machine.left(last), 5.3687);
  EXPECT_NEAR(machine.left(last), 5.3687, 0.001);
  EXPECT_EQ(machine.simulator().messages(), 100);
}

TEST(CommunicationSimulator, LetsGroupsThatShareRanksPassEachOther) {
  // All eight gather while four of them reduce: each moves its bytes, and where both use a port
  // they share it.
  Machine machine(tests::fat_tree(16), 8);
  const CollectiveId gather = machine.add(machine.group(0, 8), Collective::AllGather, "ring", 80e6);
  const CollectiveId reduce = machine.add(machine.group(4, 4), Collective::AllReduce, "ring", 40e6);
  machine.enter_all(gather, 8);
  machine.enter_all(reduce, 4);
  machine.run();
  const double gather_alone = 7.0 / 8 * 80e6 / 10e9;
  const double reduce_alone = 2 * 3.0 / 4 * 40e6 / 10e9;
  EXPECT_GT(machine.left(gather), gather_alone);
  EXPECT_GT(machine.left(reduce), reduce_alone);
  EXPECT_LT(std::max(machine.left(gather), machine.left(reduce)),
            1.01 * (gather_alone + reduce_alone));
}

TEST(CommunicationSimulator, WaitsForALateRank) {
  // Nobody can have the sum before the late one has given its part; the others' waiting is the
  // rest.
  Machine on_time(tests::fat_tree(16), 8);
  Machine waiting(tests::fat_tree(16), 8);
  const double usual = on_time.time(Collective::AllReduce, "halving-doubling", 1e6);
  const CollectiveId late =
      waiting.add(waiting.group(0, 8), Collective::AllReduce, "halving-doubling", 1e6);
  waiting.enter_all(late, 8, {{3, 50e-3}});
  waiting.run();
  EXPECT_NEAR(waiting.left(late), 50e-3 + usual, 1e-9);
}

TEST(CommunicationSimulator, FollowsAnAllToAllOfTwoThousand) {
  Machine machine(switch_of(10e9, 10e-9, 100e-9, 4096), 2048);
  const double payload = 2048e3;
  const double time = machine.time(Collective::AllToAll, "pairwise", payload);
  EXPECT_EQ(machine.simulator().messages(), 2047 * 2048);
  EXPECT_NEAR(time, 2047 * (1e3 / 10e9 + 120e-9 + 1e3 / 10e9), 1e-9);
}

TEST(CommunicationSimulator, WantsAllMembersToEnter) {
  Machine machine(tests::fat_tree(8), 4);
  const CollectiveId collective =
      machine.add(machine.group(0, 4), Collective::AllReduce, "ring", 1e6);
  machine.enter_all(collective, 3);
  EXPECT_THROW(machine.run(), std::logic_error);
}

struct Case {
  std::string_view name;
  int ports;
  double taper;
  int ranks;
  int ranks_per_host;
  double payload;
};

class AgainstClosedForm : public testing::TestWithParam<Case> {};

/// Where the closed form's assumptions hold: ranks in step, messages of a step evenly on their
/// arcs.
TEST_P(AgainstClosedForm, Agrees) {
  const Case& tested = GetParam();
  const Endpoint endpoint{.message_overhead = Seconds(1.5e-6),
                          .rendezvous_threshold = Bytes(16e3),
                          .rendezvous_handshake = Seconds(2e-6),
                          .eager_copy_rate = BytesPerSecond(4e9),
                          .injection_rate = BytesPerSecond(9e9),
                          .local_copy_rate = BytesPerSecond(6e9),
                          .reduction_rate = BytesPerSecond(5e9)};
  Machine machine(
      tests::fat_tree(tested.ports, tested.taper), tested.ranks, endpoint, tested.ranks_per_host);
  const Schedule schedule =
      models::schedule(Collective::AllReduce,
                       tested.name,
                       {.ranks = tested.ranks, .ranks_per_host = tested.ranks_per_host});
  const models::CollectiveModel model(
      schedule, machine.graph(), machine.routing(), models::Placement{tested.ranks_per_host});
  const double closed = model.time(Bytes(tested.payload), endpoint).total.value();
  const double simulated = machine.time(Collective::AllReduce, tested.name, tested.payload);
  EXPECT_NEAR(simulated, closed, 0.05 * closed);
}

INSTANTIATE_TEST_SUITE_P(Schedules,
                         AgainstClosedForm,
                         testing::Values(Case{"ring", 16, 1, 8, 1, 8e6},
                                         Case{"ring", 16, 1, 8, 1, 1e3},
                                         Case{"ring", 16, 1, 64, 1, 64e6},
                                         Case{"ring", 48, 2, 512, 1, 50e6},
                                         Case{"recursive-doubling", 16, 1, 64, 1, 1e6},
                                         Case{"recursive-doubling", 16, 1, 50, 1, 1e4},
                                         Case{"halving-doubling", 16, 1, 64, 1, 64e6},
                                         Case{"halving-doubling", 16, 1, 100, 1, 1e5},
                                         Case{"halving-doubling", 96, 2, 1024, 1, 64e6},
                                         Case{"pairwise", 64, 1, 32, 1, 64e6},
                                         Case{"binomial-tree", 16, 1, 64, 1, 1e5},
                                         Case{"hierarchical", 16, 1, 64, 4, 64e6}));

}  // namespace
}  // namespace omniphi::sim
