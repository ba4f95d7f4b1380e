#include <algorithm>
#include <bit>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/collective/schedule.h"
#include "tests/support/schedule_checker.h"

namespace omniphi::models {
namespace {

using testing::Each;
using testing::ElementsAre;
using tests::chunks_sent;
using tests::SymbolicRun;

std::size_t transfers(const Schedule& schedule) {
  std::size_t count = 0;
  for (const Schedule::Phase& phase : schedule.phases) count += phase.transfers.size();
  return count;
}

class AllReduce : public testing::TestWithParam<std::string_view> {};

TEST_P(AllReduce, GivesEveryRankEveryContributionOnce) {
  for (int ranks = 1; ranks <= 64; ++ranks) {
    EXPECT_EQ(SymbolicRun(all_reduce_schedule(GetParam(), ranks)).fault(), "") << ranks << " ranks";
  }
}

TEST_P(AllReduce, DoesNothingOnOneRank) {
  const Schedule schedule = all_reduce_schedule(GetParam(), 1);
  EXPECT_EQ(schedule.steps(), 0);
  EXPECT_TRUE(schedule.phases.empty());
}

TEST_P(AllReduce, IsCalledByItsName) {
  EXPECT_EQ(all_reduce_schedule(GetParam(), 6).name, GetParam());
  EXPECT_EQ(all_reduce_schedule(GetParam(), 6).ranks, 6);
}

TEST_P(AllReduce, HasOneMessageEachWayForARankInAStep) {
  for (const int ranks : {2, 3, 8, 13, 64}) {
    for (const Schedule::Phase& phase : all_reduce_schedule(GetParam(), ranks).phases) {
      std::vector<int> sent(ranks);
      std::vector<int> received(ranks);
      for (const Transfer& t : phase.transfers) {
        EXPECT_NE(t.source, t.destination);
        ++sent[t.source];
        ++received[t.destination];
      }
      EXPECT_LE(std::ranges::max(sent), 1);
      EXPECT_LE(std::ranges::max(received), 1);
    }
  }
}

TEST_P(AllReduce, StaysSmallOnManyRanks) {
  // At most two phases for each bit of P, and two to fold: 2 (13 + 1) P.
  EXPECT_LE(transfers(all_reduce_schedule(GetParam(), 8208)), 28U * 8208U);
}

INSTANTIATE_TEST_SUITE_P(Names,
                         AllReduce,
                         testing::ValuesIn(all_reduce_names()),
                         [](const auto& tested) {
                           std::string name(tested.param);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(AllReduceNames, AreListedInTheOrderTheyAreTried) {
  EXPECT_THAT(all_reduce_names(), ElementsAre("ring", "recursive-doubling", "halving-doubling"));
}

TEST(AllReduceNames, AreAllThereAre) {
  try {
    all_reduce_schedule("star", 4);
    FAIL() << "a star was made";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "no all-reduce is called \"star\"");
  }
  EXPECT_THROW(all_reduce_schedule("ring", 0), std::invalid_argument);
}

TEST(RingAllReduce, SendsTheLeastPossibleInTwiceAsManyStepsAsThereAreNeighbours) {
  for (const int ranks : {2, 3, 7, 64}) {
    const Schedule schedule = all_reduce_schedule("ring", ranks);
    // 2 (P - 1) chunks of n / P [Patarasuk2009]
    EXPECT_EQ(schedule.chunks, ranks);
    EXPECT_THAT(chunks_sent(schedule), Each(2 * (ranks - 1)));
    EXPECT_EQ(schedule.steps(), 2 * (ranks - 1));
  }
}

TEST(RecursiveDoublingAllReduce, SendsEverythingInEachOfLogPSteps) {
  for (const int ranks : {2, 4, 64}) {
    const Schedule schedule = all_reduce_schedule("recursive-doubling", ranks);
    const int bits = std::countr_zero(static_cast<unsigned>(ranks));
    EXPECT_EQ(schedule.chunks, 1);
    EXPECT_THAT(chunks_sent(schedule), Each(bits));
    EXPECT_EQ(schedule.steps(), bits);
  }
}

TEST(RecursiveDoublingAllReduce, FoldsTheRanksBeyondAPowerOfTwo) {
  // Six ranks: 0 gives to 1 and 2 to 3; 1, 3, 4, 5 take two steps; 1 and 3 give back.
  const Schedule schedule = all_reduce_schedule("recursive-doubling", 6);
  EXPECT_EQ(schedule.steps(), 1 + 2 + 1);
  EXPECT_THAT(chunks_sent(schedule), ElementsAre(1, 3, 1, 3, 2, 2));
}

TEST(HalvingDoublingAllReduce, SendsTheLeastPossibleInTwiceLogPSteps) {
  for (const int ranks : {2, 4, 64, 128}) {
    const Schedule schedule = all_reduce_schedule("halving-doubling", ranks);
    // n / 2 + n / 4 + ... + n / P, twice: 2 (P - 1) chunks of n / P [Rabenseifner2004]
    EXPECT_EQ(schedule.chunks, ranks);
    EXPECT_THAT(chunks_sent(schedule), Each(2 * (ranks - 1)));
    EXPECT_EQ(schedule.steps(), 2 * std::countr_zero(static_cast<unsigned>(ranks)));
  }
}

TEST(HalvingDoublingAllReduce, TalksToTheFarPartnerFirst) {
  const Schedule schedule = all_reduce_schedule("halving-doubling", 8);
  const Transfer& first = schedule.phases.front().transfers.front();
  EXPECT_EQ(first.destination, 4);
  EXPECT_EQ(first.chunks, 4);
  EXPECT_EQ(first.first_chunk, 4);
}

}  // namespace
}  // namespace omniphi::models
