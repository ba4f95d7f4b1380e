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

}  // namespace
}  // namespace omniphi::sim
