#include "models/workload/op/sequence.h"

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

// 4 gates of 6 units over 8 features and 6 states: 336 weights; 2 biases a gate: 48. 5 steps: 1680
// MACs. A step keeps 4 gates and a state, 5 x 5 x 6 = 150 elements. 24 flop a unit and step for the
// cell, 4 for its biases.
TEST(Recurrent, LstmMultipliesInputAndStateIntoFourGates) {
  const Complexity c = of_layer("[5, 8]", "op: recurrent, cell: lstm, hidden: 6");
  EXPECT_EQ(c.parameters, 4 * 6 * (8 + 6 + 2));
  EXPECT_EQ(c.activations, 150);
  expect_phases(c,
                work(1680, 30 * 28, 40 + 150, 150, 384),
                work(1680, 30 * 23, 30 + 150, 150 + 40, 336),
                work(1680, 30 * 4, 40 + 300, 0, 0, 384));
  EXPECT_EQ(of_layer("[5, 8]", "op: recurrent, cell: lstm, hidden: 6, biases: 1").parameters, 360);
  EXPECT_EQ(of_layer("[5, 8]", "op: recurrent, cell: lstm, hidden: 6, peepholes: true").parameters,
            384 + 3 * 6);
}

// Two directions of 3 gates of 6: 36 (8 + 6) weights below; above, the input is both directions'
// 12: 36 (12 + 6). Biases 2 x 36 each.
TEST(Recurrent, StacksLayersOverBothDirections) {
  const Complexity c =
      of_layer("[5, 8]", "op: recurrent, cell: gru, hidden: 6, layers: 2, bidirectional: true");
  EXPECT_EQ(c.parameters, 36 * 14 + 36 * 18 + 2 * 72);
  EXPECT_EQ(c.macs(), 5 * (36 * 14 + 36 * 18));
  Recurrent op{.cell = Cell::Gru, .hidden = 6, .layers = 2, .bidirectional = true};
  EXPECT_EQ(shape_or_fault(op, {{{5, 8}}}), "5 x 12");
  op.returns = Returned::Last;
  EXPECT_EQ(shape_or_fault(op, {{{5, 8}}}), "12");
  EXPECT_EQ(shape_or_fault(op, {{{8}}}), "takes a sequence [steps, features], got 8");
}

// The gradient goes back through time even where nothing before the layer learns; only the product
// that leads to the input, 5 x 4 x 6 x 8 = 960 MACs, is left out.
TEST(Recurrent, NeedsNoGradientOfTheNetworksInput) {
  const Network network = network_from(
      "layers: [{name: data, op: input, shape: [5, 8]}, "
      "{name: x, op: recurrent, cell: lstm, hidden: 6}]");
  EXPECT_EQ(complexity(network, network.layers[1]).phase(Phase::BackwardData),
            work(1680 - 960, 690, 180, 150, 336));
}

// 4 heads of 8 over 10 positions: 400 scores, each 8 MACs with the keys and 8 with the values. Side
// by side, queries, keys and values are 960 elements. A factor and a softmax are 6 flop a score.
TEST(Attention, ScoresEachPairOfPositions) {
  const Complexity c = of_layer("[10, 96]", "op: attention, heads: 4");
  EXPECT_EQ(c.parameters, 0);
  EXPECT_EQ(c.activations, 320 + 400);
  expect_phases(c,
                work(6400, 2400, 960 + 800, 320 + 800),
                work(12800, 2000, 960 + 320 + 1600, 960 + 800),
                {});
}

// 8 heads of queries share 2 of keys and values, over 20 positions and a past of 12.
TEST(Attention, SharesKeysAndValuesAndKeepsAPast) {
  const Attention op{.heads = 8, .key_value_heads = 2, .past = 12};
  const std::vector<TensorShape> inputs{{{10, 64}}, {{20, 16}}, {{20, 16}}};
  EXPECT_EQ(shape_or_fault(op, inputs), "10 x 64");
  EXPECT_EQ(attention_sizes(op, inputs).macs(), 8 * 10 * 32 * (8 + 8));
  EXPECT_EQ(shape_or_fault(op, {{{10, 64}}, {{20, 16}}, {{21, 16}}}),
            "its queries, keys and values do not fit: 10 x 64, 20 x 16 and 21 x 16");
  EXPECT_EQ(shape_or_fault(Attention{.heads = 8, .key_value_heads = 3}, inputs),
            "3 heads of keys and values do not divide 8 heads of queries");
}

}  // namespace
}  // namespace omniphi::models
