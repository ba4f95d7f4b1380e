#include "models/workload/op/source.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

// One tensor for all samples: its gradient is the sum over them, and that is all it costs.
TEST(Constant, CostsItsGradientIfItIsLearnt) {
  const Network network = network_from(
      "layers: [{name: data, op: input, shape: [16, 8]}, "
      "{name: positions, op: constant, shape: [16, 8], learnt: true}, "
      "{name: sum, op: element-wise, from: [data, positions]}]");
  const Complexity c = complexity(network, network.layers[1]);
  EXPECT_EQ(c.parameters, 128);
  EXPECT_EQ(c.activations, 0);
  expect_phases(c, {}, {}, work(0, 128, 128, 0, 0, 128));
}

TEST(Constant, CostsNothingIfItIsFixed) {
  const Complexity c = complexity(network_from("layers: [{name: mask, op: constant, shape: [4]}]"));
  EXPECT_EQ(c.parameters, 0);
  EXPECT_EQ(c.phases, Complexity{}.phases);
}

}  // namespace
}  // namespace omniphi::models
