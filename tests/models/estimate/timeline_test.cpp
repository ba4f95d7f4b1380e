#include "models/estimate/timeline.h"

#include <gtest/gtest.h>

namespace omniphi::models {
namespace {

TaskId id(int task) {
  return TaskId(task);
}

Task compute(std::size_t rank_class, std::vector<TaskId> after = {}) {
  return {ComputeTask{rank_class, LayerId(0), Phase::Forward, StreamPrimitive{}}, std::move(after)};
}

Task sum(std::vector<TaskId> after) {
  return {AllReduceTask{Bytes(1), 1}, std::move(after)};
}

std::vector<Seconds> seconds(std::initializer_list<double> values) {
  std::vector<Seconds> times;
  for (const double value : values) times.emplace_back(value);
  return times;
}

TEST(Timeline, HidesASumBehindComputing) {
  // compute 0-2, its sum 2-5 beside compute 2-6, update 6-7.
  TaskGraph graph;
  graph.classes = {{0, 4}};
  graph.tasks = {compute(0), sum({id(0)}), compute(0), compute(0, {id(1)})};
  const Timeline t = timeline(graph, seconds({2, 3, 4, 1}));
  EXPECT_EQ(t.tasks[1].start.value(), 2);
  EXPECT_EQ(t.step().value(), 7);
  EXPECT_EQ(t.waits[0].value(), 0);
  EXPECT_EQ(t.busy[0].value(), 7);
}

TEST(Timeline, ExposesWhatOutlastsComputing) {
  // The sum runs 2-12, computing ends at 6: 6 s of waiting, then the update.
  TaskGraph graph;
  graph.classes = {{0, 4}};
  graph.tasks = {compute(0), sum({id(0)}), compute(0), compute(0, {id(1)})};
  const Timeline t = timeline(graph, seconds({2, 10, 4, 1}));
  EXPECT_EQ(t.waits[0].value(), 6);
  EXPECT_EQ(t.imbalance[0].value(), 0);
  EXPECT_EQ(t.step().value(), 13);
}

TEST(Timeline, RunsSumsOneAfterTheOther) {
  TaskGraph graph;
  graph.classes = {{0, 2}};
  graph.tasks = {compute(0), sum({id(0)}), compute(0), sum({id(2)})};
  const Timeline t = timeline(graph, seconds({1, 5, 1, 5}));
  EXPECT_EQ(t.tasks[3].start.value(), 6);
  EXPECT_EQ(t.step().value(), 11);
}

TEST(Timeline, CallsWaitingForASlowerClassImbalance) {
  // Class 0 computes 1 s, class 1 takes 4 s; the sum of 2 s starts at 4: class 0 waits 3 s for the
  // other class and 2 s for the fabric.
  TaskGraph graph;
  graph.classes = {{0, 1}, {1, 1}};
  graph.tasks = {
      compute(0), compute(1), sum({id(0), id(1)}), compute(0, {id(2)}), compute(1, {id(2)})};
  const Timeline t = timeline(graph, seconds({1, 4, 2, 1, 1}));
  EXPECT_EQ(t.waits[0].value(), 5);
  EXPECT_EQ(t.imbalance[0].value(), 3);
  EXPECT_EQ(t.waits[1].value(), 2);
  EXPECT_EQ(t.imbalance[1].value(), 0);
  EXPECT_EQ(t.step().value(), 7);
}

TEST(Timeline, IsNoShorterThanPreparingTheInput) {
  TaskGraph graph;
  graph.classes = {{0, 1}};
  graph.tasks = {{InputTask{0, 1, Bytes(1), 1}, {}}, compute(0)};
  EXPECT_EQ(timeline(graph, seconds({9, 2})).step().value(), 9);
  EXPECT_EQ(timeline(graph, seconds({1, 2})).step().value(), 2);
}

TEST(Timeline, ScalesWithAllDurations) {
  TaskGraph graph;
  graph.classes = {{0, 4}};
  graph.tasks = {compute(0), sum({id(0)}), compute(0), compute(0, {id(1)})};
  EXPECT_EQ(timeline(graph, seconds({4, 20, 8, 2})).step().value(),
            2 * timeline(graph, seconds({2, 10, 4, 1})).step().value());
}

}  // namespace
}  // namespace omniphi::models
