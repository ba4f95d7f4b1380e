#include "models/estimate/timed_step.h"

#include <gtest/gtest.h>

#include "hw/fabric/topology/topology.h"
#include "tests/support/designs.h"

namespace omniphi::models {
namespace {

/// A step of a scenario on one node, with what it was made of.
struct Step {
  sim::Scenario scenario;
  hw::FabricGraph fabric;
  TimedStep timed;

  explicit Step(const std::string& workload, const std::string& cluster, const std::string& stack)
      : scenario(test::scenario("omniphi: 1\nworkload: {" + workload + "}\ncluster: {" + cluster +
                                ", fabric: {topology: fat-tree, switch: opa-edge-48}}\n" +
                                "software: {stack: {base: intel-caffe-mlsl, source: made up, " +
                                "framework: {" + stack + "}}}\n")),
        fabric(std::get<hw::FabricGraph>(hw::build(scenario.design.cluster.topology(), 1))),
        timed(scenario.design,
              fabric,
              hw::Routing(fabric),
              lowered(scenario.design),
              closed_form_lanes) {}

  [[nodiscard]] const Worker& worker() const { return std::get<Worker>(timed.workers.front()); }
};

const std::string kInference = "network: googlenet, task: inference, batch_per_rank: 8";

TEST(TimedStep, LeavesReservedCoresToTheFramework) {
  const auto threads = [](const std::string& cluster, const std::string& reserved) {
    return Step(kInference, "node: skx-8124m-2s" + cluster, "reserved_cores: " + reserved)
        .worker()
        .threads;
  };
  EXPECT_EQ(threads("", "0"), 36);
  EXPECT_EQ(threads("", "1"), 35);
  EXPECT_EQ(threads(", threads: 8", "1"), 7);
  EXPECT_EQ(threads(", threads: 2", "4"), 1);  // one is always left
}

TEST(TimedStep, HasTheMemoryOfTheSocketsThatHoldThePages) {
  const auto bandwidth = [](const std::string& cluster, const std::string& spread) {
    return Step(kInference, "node: skx-8180-2s" + cluster, "spread_pages: " + spread)
        .worker()
        .memory.bandwidth.value();
  };
  const double both = bandwidth("", "true");
  EXPECT_DOUBLE_EQ(bandwidth("", "false"), both / 2);
  // 28 threads fill one socket, 29 begin the other.
  EXPECT_DOUBLE_EQ(bandwidth(", threads: 28", "true"), both / 2);
  EXPECT_DOUBLE_EQ(bandwidth(", threads: 29", "true"), both);
}

TEST(TimedStep, LetsRanksThatInferUseTheMemoryWhileOthersCompute) {
  // Alone at what their cores draw; training ranks, which move together, at their equal share.
  const std::string ranks = "node: skx-8180-2s, ranks_per_node: 14, threads: 4";
  const Step inference(kInference, ranks, "spread_pages: true");
  const double core = inference.worker().cpu->main_memory.core_bandwidth.value();
  EXPECT_DOUBLE_EQ(inference.worker().memory.bandwidth.value(), 4 * core);
  const Step training("network: googlenet, batch_per_rank: 8", ranks, "spread_pages: true");
  EXPECT_LT(training.worker().memory.bandwidth.value(), 4 * core);
}

TEST(TimedStep, NeverMovesMoreThanTheMemoryThatRanksShare) {
  // One element-wise pass after another: ranks on their own cannot be faster than all together.
  const std::string passes =
      "task: inference, batch_per_rank: 64, network: {layers: [{name: data, op: input, shape: "
      "[64, 112, 112]}, {name: a, op: activation}, {name: b, op: activation}]}";
  const Step step(passes, "node: skx-8180-2s, ranks_per_node: 14, threads: 4", "dispatch: 0 us");
  Bytes moved{};
  for (const TaskCost& cost : step.timed.costs) moved += cost.primitive.bytes;
  const BytesPerSecond node = step.worker().cpu->main_memory.stream_bandwidth.value;
  EXPECT_NEAR(step.timed.expected.step().value(), (moved * 14 / node).value(), 1e-9);
}

TEST(TimedStep, MissesInAMemoryAsACacheWhatAStepMeetsAgainTooLate) {
  const std::string node = "node: knl-7250, memory_mode: cache";
  const Step fits("network: resnet-50, batch_per_rank: 32", node, "dispatch: 0 us");
  EXPECT_EQ(fits.worker().memory.main_moved, 0);
  const Step large("network: resnet-50, batch_per_rank: 128", node, "dispatch: 0 us");
  double elements = 0;
  for (const Task& task : large.timed.graph.tasks) {
    const auto* compute = std::get_if<ComputeTask>(&task.work);
    if (!compute) continue;
    const Traffic t = traffic(compute->primitive);
    elements += double(t.read + t.written) * double(compute->calls);
  }
  // What does not fit is read in and written out once a step: far less than its share of all uses.
  const double over = large.timed.graph.footprint.total().value() - 17179869184.0;
  EXPECT_GT(over, 0);
  EXPECT_NEAR(large.worker().memory.main_moved, 2 * over / (4 * elements), 1e-12);
}

TEST(TimedStep, TimesRepeatedLayersAlike) {
  const Step step("network: resnet-50, batch_per_rank: 8", "node: knl-7250", "dispatch: 20 us");
  std::vector<Seconds> middle;
  for (std::size_t t = 0; t < step.timed.costs.size(); ++t) {
    const auto* task = std::get_if<ComputeTask>(&step.timed.graph.tasks[t].work);
    if (!task || task->phase != Phase::Forward) continue;
    const auto* c = std::get_if<ConvolutionPrimitive>(&task->primitive);
    if (c && c->input_channels == 256 && c->output_channels == 256) {
      middle.push_back(step.timed.costs[t].time);
    }
  }
  ASSERT_EQ(middle.size(), 6);  // of stage 4, the first with a stride
  EXPECT_NE(middle[0], middle[1]);
  for (std::size_t i = 2; i < middle.size(); ++i) EXPECT_EQ(middle[i], middle[1]);
}

}  // namespace
}  // namespace omniphi::models
