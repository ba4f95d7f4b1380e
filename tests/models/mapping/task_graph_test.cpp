#include "models/mapping/task_graph.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/designs.h"

namespace omniphi::models {
namespace {

template <class Work>
std::vector<std::size_t> tasks_of(const TaskGraph& graph) {
  std::vector<std::size_t> found;
  for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
    if (std::holds_alternative<Work>(graph.tasks[t].work)) found.push_back(t);
  }
  return found;
}

TaskGraph lowered_quick_start(const std::vector<std::string>& changes = {}) {
  const sim::Scenario scenario = test::quick_start(changes);
  return lowered(scenario.design);
}

TEST(TaskGraph, DoesNotGrowWithTheNumberOfNodes) {
  EXPECT_EQ(lowered_quick_start({"cluster.nodes=2"}).tasks.size(),
            lowered_quick_start({"cluster.nodes=1024"}).tasks.size());
}

TEST(TaskGraph, SumsEveryGradientOnce) {
  const TaskGraph graph = lowered_quick_start();
  double bytes = 0;
  for (const std::size_t t : tasks_of<AllReduceTask>(graph))
    bytes += std::get<AllReduceTask>(graph.tasks[t].work).payload.value();
  EXPECT_EQ(bytes, 4.0 * 25'557'032);
}

TEST(TaskGraph, ClosesABucketWhenItIsLargeEnough) {
  const TaskGraph graph = lowered_quick_start();
  const auto sums = tasks_of<AllReduceTask>(graph);
  for (std::size_t i = 0; i + 1 < sums.size(); ++i) {
    EXPECT_GE(std::get<AllReduceTask>(graph.tasks[sums[i]].work).payload, Bytes(25e6));
  }
  // One bucket for each layer with weights: 53 convolutions, 53 normalisations, 1 inner product.
  EXPECT_EQ(tasks_of<AllReduceTask>(lowered_quick_start({"mapping.bucket=1 B"})).size(), 107);
}

TEST(TaskGraph, SumsAGradientThatLayersShareAfterTheLastOfThemInBackward) {
  // Backward comes to `owner` first, but `user` adds to the same gradient.
  const TaskGraph graph = lowered_quick_start(
      {"mapping.bucket=1 B",
       "workload.network={layers: [{name: data, op: input, shape: [6]}, {name: user, op: "
       "inner-product, features: 6, shares: owner, bias: false}, {name: owner, op: inner-product, "
       "features: 6, bias: false}]}"});
  const auto sums = tasks_of<AllReduceTask>(graph);
  ASSERT_EQ(sums.size(), 1);
  const Task& sum = graph.tasks[sums.front()];
  EXPECT_EQ(std::get<AllReduceTask>(sum.work).payload, Bytes(4 * 36));
  ASSERT_EQ(sum.after.size(), 1);
  const auto& last = std::get<ComputeTask>(graph.tasks[sum.after.front().index()].work);
  EXPECT_EQ(last.phase, Phase::BackwardWeights);
  EXPECT_EQ(last.layer, LayerId(1));  // user
}

TEST(TaskGraph, WaitsOnlyForEarlierTasks) {
  for (const std::string overlap : {"mapping.overlap=true", "mapping.overlap=false"}) {
    const TaskGraph graph = lowered_quick_start({overlap});
    for (std::size_t t = 0; t < graph.tasks.size(); ++t) {
      for (const TaskId before : graph.tasks[t].after) EXPECT_LT(before.index(), t);
    }
  }
}

TEST(TaskGraph, StartsSumsAfterBackwardWithoutOverlap) {
  const TaskGraph graph = lowered_quick_start({"mapping.overlap=false"});
  std::size_t last_backward = 0;
  for (const std::size_t t : tasks_of<ComputeTask>(graph)) {
    if (std::get<ComputeTask>(graph.tasks[t].work).phase != Phase::Update) last_backward = t;
  }
  for (const std::size_t t : tasks_of<AllReduceTask>(graph)) {
    ASSERT_EQ(graph.tasks[t].after.size(), 1);
    EXPECT_EQ(graph.tasks[t].after.front().index(), last_backward);
  }
}

TEST(TaskGraph, UpdatesEachLayerAfterItsSum) {
  const TaskGraph graph = lowered_quick_start();
  for (const std::size_t t : tasks_of<ComputeTask>(graph)) {
    if (std::get<ComputeTask>(graph.tasks[t].work).phase != Phase::Update) continue;
    ASSERT_EQ(graph.tasks[t].after.size(), 1);
    EXPECT_TRUE(std::holds_alternative<AllReduceTask>(
        graph.tasks[graph.tasks[t].after.front().index()].work));
  }
}

TEST(TaskGraph, NeedsNoSumOnOneRankAndNoBackwardForInference) {
  EXPECT_TRUE(tasks_of<AllReduceTask>(lowered_quick_start({"cluster.nodes=1"})).empty());
  const TaskGraph inference = lowered_quick_start({"workload.task=inference"});
  EXPECT_TRUE(tasks_of<AllReduceTask>(inference).empty());
  for (const std::size_t t : tasks_of<ComputeTask>(inference)) {
    EXPECT_EQ(std::get<ComputeTask>(inference.tasks[t].work).phase, Phase::Forward);
  }
}

/// A residual block that infers: a convolution with its normalisation, ReLU, sum and ReLU.
std::vector<StreamPrimitive> passes_of_a_block(const std::string& fusion) {
  const sim::Scenario block = test::scenario(R"(
omniphi: 1
workload:
  task: inference
  network:
    layers:
      - {name: data, op: input, shape: [4, 8, 8]}
      - {name: a, op: convolution, channels: 4}
      - {name: norm, op: batch-normalization}
      - {name: relu, op: activation}
      - {name: b, op: convolution, channels: 4}
      - {name: sum, op: element-wise, from: [b, relu]}
      - {name: out, op: activation}
      - {name: drop, op: dropout, ratio: 0.5}
cluster: {node: knl-7250, fabric: {topology: fat-tree, switch: opa-edge-48}}
software: {stack: {base: intel-caffe-mlsl, framework: {inference_fusion: )" +
                                             fusion + "}, source: made up}}\n");
  std::vector<StreamPrimitive> passes;
  for (const Task& task : lowered(block.design).tasks) {
    const auto* work = std::get_if<ComputeTask>(&task.work);
    if (!work) continue;
    if (const auto* pass = std::get_if<StreamPrimitive>(&work->primitive)) passes.push_back(*pass);
  }
  return passes;
}

TEST(TaskGraph, RunsWhatInferenceFusesWithinTheConvolutionBefore) {
  EXPECT_EQ(passes_of_a_block("none").size(), 4);            // norm, relu, sum, out
  EXPECT_EQ(passes_of_a_block("activations").size(), 4);     // none follows a convolution at once
  EXPECT_EQ(passes_of_a_block("normalizations").size(), 2);  // sum, out
  EXPECT_EQ(passes_of_a_block("sums").size(), 0);
}

TEST(TaskGraph, NormalizesInOnePassWhereStatisticsAreKept) {
  const StreamPrimitive norm = passes_of_a_block("none").front();
  EXPECT_EQ(norm.elements_read, 256 + 2 * 4);  // the tensor, factors and terms
  EXPECT_EQ(norm.elements_written, 256);
}

TEST(TaskGraph, AddsUpTheGradientsOfAnOutputWithTwoUsers) {
  const sim::Scenario fork = test::scenario(R"(
omniphi: 1
workload:
  network:
    layers:
      - {name: data, op: input, shape: [4, 8, 8]}
      - {name: a, op: convolution, channels: 4}
      - {name: b, op: activation, from: a}
      - {name: c, op: element-wise, from: [a, b]}
  batch_per_rank: 2
cluster: {node: knl-7250, fabric: {topology: fat-tree, switch: opa-edge-48}}
software: {stack: intel-caffe-mlsl}
)");
  const TaskGraph graph = lowered(fork.design);
  int sums = 0;
  for (const Task& task : graph.tasks) {
    const auto* work = std::get_if<ComputeTask>(&task.work);
    if (!work || work->layer.index() != 1 || work->phase != Phase::BackwardData) continue;
    const auto stream = std::get<StreamPrimitive>(work->primitive);
    EXPECT_EQ(stream.elements_read, 2 * 2 * 256);
    EXPECT_EQ(stream.elements_written, 2 * 256);
    ++sums;
  }
  EXPECT_EQ(sums, 1);
}

TEST(TaskGraph, HoldsWeightsGradientsMomentumAndBothCopiesOfActivations) {
  const TaskGraph graph = lowered_quick_start();
  EXPECT_EQ(graph.footprint.gradients.value(), 4.0 * 25'557'032);
  EXPECT_EQ(graph.footprint.optimizer, graph.footprint.gradients);
  EXPECT_EQ(graph.footprint.weights.value(), 4.0 * (25'557'032 + 53'120));
  const TaskGraph half = lowered_quick_start({"workload.batch_per_rank=32"});
  EXPECT_EQ(graph.footprint.activations, half.footprint.activations * 2);
  EXPECT_EQ(graph.global_batch, 128 * 64);
}

TEST(TaskGraph, HasAClassForEachGroup) {
  const sim::Scenario mixed = test::scenario(R"(
omniphi: 1
workload: {network: resnet-50, batch_per_rank: 8}
cluster:
  groups: [{node: knl-7250, nodes: 3}, {node: knl-7250f, nodes: 5}]
  fabric: {topology: fat-tree, switch: opa-edge-48}
software: {stack: intel-caffe-mlsl}
)");
  const TaskGraph graph = lowered(mixed.design);
  ASSERT_EQ(graph.classes.size(), 2);
  EXPECT_EQ(graph.classes[0].ranks, 3);
  EXPECT_EQ(graph.classes[1].ranks, 5);
  EXPECT_EQ(graph.global_batch, 64);
  const TaskGraph uniform = lowered_quick_start({"cluster.nodes=8", "workload.dataset=synthetic"});
  EXPECT_EQ(tasks_of<ComputeTask>(graph).size(), 2 * tasks_of<ComputeTask>(uniform).size());
}

}  // namespace
}  // namespace omniphi::models
