#include "models/collective/schedule.h"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/schedule_checker.h"

namespace omniphi::models {
namespace {

using testing::Each;
using testing::ElementsAre;
using tests::chunks_sent;
using tests::SymbolicRun;

using C = Collective;

Schedule all_reduce(std::string_view name, int ranks) {
  return schedule(C::AllReduce, name, {.ranks = ranks});
}

std::size_t transfers(const Schedule& schedule) {
  std::size_t count = 0;
  for (const Schedule::Phase& phase : schedule.phases) count += phase.transfers.size();
  return count;
}

/// Most messages that one rank sends or receives in a step.
int busiest(const Schedule& schedule) {
  int most = 0;
  for (const Schedule::Phase& phase : schedule.phases) {
    std::vector<int> sent(schedule.ranks);
    std::vector<int> received(schedule.ranks);
    for (const Transfer& t : phase.transfers) {
      EXPECT_NE(t.source, t.destination);
      most = std::max({most, ++sent[t.source], ++received[t.destination]});
    }
  }
  return most;
}

struct Named {
  Collective collective;
  std::string_view name;
};

std::vector<Named> all_algorithms() {
  std::vector<Named> all;
  for (const auto& choice : choices(Collective{})) {
    for (const std::string_view name : algorithm_names(choice.value)) {
      all.push_back({choice.value, name});
    }
  }
  return all;
}

class Algorithm : public testing::TestWithParam<Named> {
 protected:
  [[nodiscard]] static Schedule on(const GroupShape& group) {
    return schedule(GetParam().collective, GetParam().name, group);
  }
};

TEST_P(Algorithm, GivesEveryRankWhatItsCollectivePromisesOnce) {
  for (int ranks = 1; ranks <= 64; ++ranks) {
    const Schedule tested = on({.ranks = ranks});
    EXPECT_EQ(SymbolicRun(GetParam().collective, tested).fault(), "") << ranks << " ranks";
  }
}

TEST_P(Algorithm, IsRightHoweverManyRanksShareAHost) {
  for (const int local : {2, 3, 4, 8}) {
    for (int ranks = local; ranks <= 48; ranks += local) {
      const Schedule tested = on({.ranks = ranks, .ranks_per_host = local});
      EXPECT_EQ(SymbolicRun(GetParam().collective, tested).fault(), "")
          << ranks << " ranks, " << local << " a host";
    }
  }
}

TEST_P(Algorithm, DoesNothingOnOneRank) {
  EXPECT_EQ(on({.ranks = 1}).steps(), 0);
  EXPECT_TRUE(on({.ranks = 1}).phases.empty());
}

TEST_P(Algorithm, IsCalledByItsName) {
  EXPECT_EQ(on({.ranks = 6}).name, GetParam().name);
  EXPECT_EQ(on({.ranks = 6}).ranks, 6);
  EXPECT_NE(algorithm_meaning(GetParam().collective, GetParam().name), "");
}

TEST_P(Algorithm, HasOneMessageEachWayForARankInAStep) {
  const int at_once = GetParam().name == "dual-halving-doubling" ? 2 : 1;
  for (const int ranks : {2, 3, 8, 13, 64}) EXPECT_LE(busiest(on({.ranks = ranks})), at_once);
}

TEST_P(Algorithm, StaysSmallOnManyRanks) {
  // Trees and chains in pieces have the most: 64 P; doublings have two for each bit of P, twice.
  EXPECT_LE(transfers(on({.ranks = 8208})), 64U * 8208U);
}

INSTANTIATE_TEST_SUITE_P(All,
                         Algorithm,
                         testing::ValuesIn(all_algorithms()),
                         [](const auto& tested) {
                           std::string name(choice_name(tested.param.collective));
                           name += "_" + std::string(tested.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(AlgorithmNames, AreListedInTheOrderTheyAreTried) {
  EXPECT_THAT(algorithm_names(C::AllReduce),
              ElementsAre("ring",
                          "recursive-doubling",
                          "halving-doubling",
                          "dual-halving-doubling",
                          "binomial-tree",
                          "double-binary-tree",
                          "pairwise",
                          "hierarchical"));
  EXPECT_THAT(algorithm_names(C::AllToAll), ElementsAre("pairwise", "bruck"));
}

TEST(CandidateNames, AreThoseThatLibrariesHave) {
  EXPECT_THAT(candidate_names(C::AllReduce, {.ranks = 8}),
              ElementsAre("ring", "recursive-doubling", "halving-doubling", "binomial-tree"));
  EXPECT_THAT(candidate_names(C::AllReduce, {.ranks = 8, .ranks_per_host = 4}),
              testing::Contains("hierarchical"));
  EXPECT_EQ(candidate_names(C::Broadcast, {.ranks = 8}), algorithm_names(C::Broadcast));
}

TEST(AlgorithmNames, AreAllThereAre) {
  try {
    all_reduce("star", 4);
    FAIL() << "a star was made";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "no algorithm for all-reduce is called \"star\"");
  }
  EXPECT_THROW(all_reduce("ring", 0), std::invalid_argument);
  EXPECT_THROW(schedule(C::AllReduce, "hierarchical", {.ranks = 6, .ranks_per_host = 4}),
               std::invalid_argument);
}

TEST(RingAllReduce, SendsTheLeastPossibleInTwiceAsManyStepsAsThereAreNeighbours) {
  for (const int ranks : {2, 3, 7, 64}) {
    const Schedule schedule = all_reduce("ring", ranks);
    // 2 (P - 1) chunks of n / P [Patarasuk2009]
    EXPECT_EQ(schedule.chunks, ranks);
    EXPECT_THAT(chunks_sent(schedule), Each(2 * (ranks - 1)));
    EXPECT_EQ(schedule.steps(), 2 * (ranks - 1));
  }
}

TEST(RecursiveDoublingAllReduce, SendsEverythingInEachOfLogPSteps) {
  for (const int ranks : {2, 4, 64}) {
    const Schedule schedule = all_reduce("recursive-doubling", ranks);
    const int bits = std::countr_zero(static_cast<unsigned>(ranks));
    EXPECT_EQ(schedule.chunks, 1);
    EXPECT_THAT(chunks_sent(schedule), Each(bits));
    EXPECT_EQ(schedule.steps(), bits);
  }
}

TEST(RecursiveDoublingAllReduce, FoldsTheRanksBeyondAPowerOfTwo) {
  // Six ranks: 0 gives to 1 and 2 to 3; 1, 3, 4, 5 take two steps; 1 and 3 give back.
  const Schedule schedule = all_reduce("recursive-doubling", 6);
  EXPECT_EQ(schedule.steps(), 1 + 2 + 1);
  EXPECT_THAT(chunks_sent(schedule), ElementsAre(1, 3, 1, 3, 2, 2));
}

TEST(HalvingDoublingAllReduce, SendsTheLeastPossibleInTwiceLogPSteps) {
  for (const int ranks : {2, 4, 64, 128}) {
    const Schedule schedule = all_reduce("halving-doubling", ranks);
    // n / 2 + n / 4 + ... + n / P, twice: 2 (P - 1) chunks of n / P [Rabenseifner2004]
    EXPECT_EQ(schedule.chunks, ranks);
    EXPECT_THAT(chunks_sent(schedule), Each(2 * (ranks - 1)));
    EXPECT_EQ(schedule.steps(), 2 * std::countr_zero(static_cast<unsigned>(ranks)));
  }
}

TEST(HalvingDoublingAllReduce, TalksToTheFarPartnerFirst) {
  const Schedule schedule = all_reduce("halving-doubling", 8);
  const Transfer& first = schedule.phases.front().transfers.front();
  EXPECT_EQ(first.destination, 4);
  EXPECT_EQ(first.chunks, 4);
  EXPECT_EQ(first.first_chunk, 4);
}

TEST(DualHalvingDoublingAllReduce, TalksToTheFarAndTheNearPartnerAtOnceEachOfHalfAsMuch) {
  // Eight ranks, 16 chunks: rank 0 gives rank 4 half of the first 8 and rank 1 half of the others.
  const Schedule schedule = all_reduce("dual-halving-doubling", 8);
  const Schedule::Phase& first = schedule.phases.front();
  EXPECT_EQ(schedule.chunks, 16);
  EXPECT_EQ(first.transfers[0].destination, 4);
  EXPECT_EQ(first.transfers[0].chunks, 4);
  EXPECT_EQ(first.transfers[8].source, 0);
  EXPECT_EQ(first.transfers[8].destination, 1);
  EXPECT_EQ(schedule.steps(), 6);
  EXPECT_THAT(chunks_sent(schedule), Each(2 * 2 * 7));
}

TEST(RecursiveHalvingReduceScatter, GivesAFoldedRankOnlyItsChunk) {
  // Three ranks: 0 gives all 3 chunks to 1, which keeps chunks 0 and 1 and gives chunk 2 to 2; 2
  // gives it chunks 0 and 1; chunk 0 goes back.
  const Schedule tested = schedule(C::ReduceScatter, "recursive-halving", {.ranks = 3});
  EXPECT_EQ(tested.steps(), 3);
  EXPECT_THAT(chunks_sent(tested), ElementsAre(3, 1 + 1, 2));
}

TEST(BinomialTreeBroadcast, TakesLogPStepsRoundedUp) {
  EXPECT_EQ(schedule(C::Broadcast, "binomial-tree", {.ranks = 8}).steps(), 3);
  EXPECT_EQ(schedule(C::Broadcast, "binomial-tree", {.ranks = 9}).steps(), 4);
}

TEST(ChainBroadcast, FillsItsPipeOnce) {
  // P - 2 + m steps, m = 2 P pieces: 2 + 8
  const Schedule tested = schedule(C::Broadcast, "chain", {.ranks = 4});
  EXPECT_EQ(tested.chunks, 8);
  EXPECT_EQ(tested.steps(), 10);
}

TEST(DoubleBinaryTreeAllReduce, SendsHardlyMoreThanTheLeastPossible) {
  for (const int ranks : {2, 7, 64, 1000}) {
    const Schedule schedule = all_reduce("double-binary-tree", ranks);
    // Each of 2 (P - 1) edges carries its half up and down: 2 (P - 1) / P of the payload for a rank
    // on average. Nobody sends more than up one tree, and up and to two children in the other.
    std::int64_t total = 0;
    for (const std::int64_t sent : chunks_sent(schedule)) {
      EXPECT_LE(sent, 2 * schedule.chunks);
      total += sent;
    }
    EXPECT_EQ(total, 2 * (ranks - 1) * schedule.chunks);
  }
}

TEST(DoubleBinaryTreeAllReduce, KeepsItsPipeFull) {
  // 16 pieces of each tree: 64 messages of a rank inside one tree and leaf of the other, at one in
  // a step, and the pipe's filling and emptying, each the height of a tree with two messages a
  // level.
  for (const int ranks : {8, 64, 1024}) {
    const auto height = std::bit_width(static_cast<unsigned>(ranks));
    EXPECT_LE(all_reduce("double-binary-tree", ranks).steps(), 64 + 4 * height) << ranks;
  }
}

TEST(HierarchicalAllReduce, SendsBetweenHostsWhatHalvingDoublingOfTheHostsWould) {
  // Four ranks on each of 8 hosts: each rank 2 * 3 / 4 within the host, and 2 * 7 / 8 of a quarter
  // between hosts: in chunks of 1 / 32, 48 + 14.
  const Schedule tested =
      schedule(C::AllReduce, "hierarchical", {.ranks = 32, .ranks_per_host = 4});
  EXPECT_EQ(tested.chunks, 32);
  EXPECT_THAT(chunks_sent(tested), Each(48 + 14));
  EXPECT_EQ(tested.steps(), 3 + 6 + 3);
}

TEST(BruckAllToAll, TakesLogPStepsOfAboutHalfOfThePayload) {
  // Six ranks: the chunks with bit 0 are 1, 3, 5; with bit 1: 2, 3; with bit 2: 4, 5.
  const Schedule tested = schedule(C::AllToAll, "bruck", {.ranks = 6});
  EXPECT_EQ(tested.steps(), 3);
  EXPECT_THAT(chunks_sent(tested), Each(3 + 2 + 2));
}

TEST(PairwiseAllToAll, IsOneTransferForEachRankHoweverMany) {
  const Schedule tested = schedule(C::AllToAll, "pairwise", {.ranks = 2048});
  EXPECT_EQ(transfers(tested), 2048U);
  EXPECT_EQ(tested.steps(), 2047);
}

}  // namespace
}  // namespace omniphi::models
