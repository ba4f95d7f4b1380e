#include "sim/event/event_queue.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omniphi::sim {
namespace {

TEST(EventQueue, GivesEventsInTheOrderOfTheirTimes) {
  EventQueue<int> queue;
  std::vector<double> times(1000);
  std::mt19937 random(1);
  for (double& time : times) time = std::uniform_real_distribution(0.0, 1.0)(random);
  for (int i = 0; i < 1000; ++i) queue.push(Seconds(times[i]), i);
  std::ranges::sort(times);
  for (const double time : times) {
    EXPECT_EQ(queue.next_time(), Seconds(time));
    queue.pop();
  }
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, GivesEventsOfOneTimeInTheOrderInWhichTheyWereAdded) {
  EventQueue<int> queue;
  for (int i = 0; i < 100; ++i) queue.push(Seconds(i % 2), i);
  std::vector<int> order;
  while (!queue.empty()) order.push_back(queue.pop());
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(order[i], 2 * i);
    EXPECT_EQ(order[50 + i], 2 * i + 1);
  }
}

TEST(EventQueue, TakesEventsWhileItGivesThem) {
  EventQueue<int> queue;
  queue.push(Seconds(1), 0);
  queue.push(Seconds(3), 1);
  EXPECT_EQ(queue.pop(), 0);
  queue.push(Seconds(2), 2);
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 1);
}

TEST(EventQueue, TakesEventsBetweenTheLastAndTheNext) {
  EventQueue<int> queue;
  queue.push(Seconds(1), 0);
  queue.push(Seconds(5), 1);
  EXPECT_EQ(queue.next_time(), Seconds(1));
  EXPECT_EQ(queue.pop(), 0);
  EXPECT_FALSE(queue.more_now());
  queue.push(Seconds(1), 2);
  EXPECT_TRUE(queue.more_now());
  EXPECT_EQ(queue.pop(), 2);
  queue.push(Seconds(3), 3);
  EXPECT_EQ(queue.pop(), 3);
  EXPECT_EQ(queue.pop(), 1);
}

TEST(EventQueue, AgreesWithSortingOverLongRuns) {
  // The hold model: each event taken adds one or two later ones, some at the same time.
  EventQueue<int> queue;
  std::vector<std::pair<double, int>> sorted;
  std::mt19937 random(3);
  const auto add = [&](double time) {
    const int number = static_cast<int>(sorted.size());
    queue.push(Seconds(time), number);
    sorted.emplace_back(time, number);
  };
  add(0);
  std::vector<int> order;
  while (!queue.empty()) {
    const double now = queue.next_time().value();
    order.push_back(queue.pop());
    for (unsigned i = random() % 3; i > 0 && sorted.size() < 20000; --i) {
      add(now + std::uniform_int_distribution(0, 50)(random) * 1e-6);
    }
    if (queue.empty() && sorted.size() < 20000) add(now);
  }
  std::ranges::stable_sort(sorted, {}, &std::pair<double, int>::first);
  ASSERT_EQ(order.size(), sorted.size());
  for (std::size_t i = 0; i < order.size(); ++i) ASSERT_EQ(order[i], sorted[i].second) << i;
}

}  // namespace
}  // namespace omniphi::sim
