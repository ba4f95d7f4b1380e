#include "models/workload/network_yaml.h"

#include <gtest/gtest.h>

#include "hw/base/parameter_writer.h"
#include "models/workload/complexity.h"
#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

/// "name<-input,input ..."
std::string wiring(const Network& network) {
  std::string text;
  for (const Layer& layer : network.layers) {
    text += (text.empty() ? "" : " ") + layer.name;
    for (const LayerId input : layer.inputs) text += '<' + network.layer(input).name;
  }
  return text;
}

TEST(NetworkYaml, MayBeOneMatrixProduct) {
  const Network network = network_from("{layers: [{name: c, op: gemm, m: 1760, n: 16, k: 1760}]}");
  EXPECT_EQ(complexity(network).macs(), 1760 * 16 * 1760);
}

TEST(NetworkYaml, MayBeOneConvolution) {
  const Network network = network_from(
      "{layers: [{name: x, op: input, shape: [1, 161, 700]}, "
      "{name: y, op: convolution, channels: 32, kernel: [20, 5], stride: 2, bias: false}]}");
  // (161 - 20) / 2 + 1 = 71, (700 - 5) / 2 + 1 = 348
  EXPECT_EQ(network.layers[1].output, (TensorShape{{32, 71, 348}}));
  EXPECT_EQ(complexity(network).parameters, 32 * 20 * 5);
}

TEST(NetworkYaml, ChainsLayersUnlessFromSaysOtherwise) {
  EXPECT_EQ(wiring(network_from(R"(
layers:
  - {name: data, op: input, shape: [4]}
  - {name: a, op: activation}
  - {name: b, op: activation, from: data}
  - {name: more, op: input, shape: [4]}
  - {name: sum, op: element-wise, from: [a, b, more]}
  - {name: prob, op: softmax}
)")),
            "data a<data b<data more sum<a<b<more prob<sum");
}

TEST(NetworkYaml, UnfoldsBlocksAndReadsTheirNamesAsTheirOutputs) {
  EXPECT_EQ(wiring(network_from(R"(
blocks:
  inner:
    layers:
      - {name: one, op: activation}
      - {name: two, op: activation}
  outer:
    layers:
      - {name: left, block: inner}
      - {name: right, block: inner, from: input}
      - {name: sum, op: element-wise, from: [left, right.one, input]}
layers:
  - {name: data, op: input, shape: [4]}
  - {name: x, block: outer}
  - {name: last, op: element-wise, from: [x, x.left, data]}
)")),
            "data x.left.one<data x.left.two<x.left.one x.right.one<data x.right.two<x.right.one "
            "x.sum<x.left.two<x.right.one<data last<x.sum<x.left.two<data");
}

TEST(NetworkYaml, GivesABlockAllTheInputsOfItsUse) {
  EXPECT_EQ(wiring(network_from(R"(
blocks:
  join: {layers: [{name: sum, op: element-wise}, {name: again, op: element-wise, from: [sum, input]}]}
layers:
  - {name: a, op: input, shape: [4]}
  - {name: b, op: input, shape: [4]}
  - {name: j, block: join, from: [a, b]}
)")),
            "a b j.sum<a<b j.again<j.sum<a<b");
}

TEST(NetworkYaml, RepeatsBlocksAndLayersInAChain) {
  EXPECT_EQ(
      wiring(network_from(R"(
blocks:
  pair: {parameters: [n], layers: [{name: r, op: activation, repeat: $n}]}
layers:
  - {name: data, op: input, shape: [4]}
  - {name: p, block: pair, n: 2, repeat: 2}
  - {name: sum, op: element-wise, from: [p, p.1]}
)")),
      "data p.1.r.1<data p.1.r.2<p.1.r.1 p.2.r.1<p.1.r.2 p.2.r.2<p.2.r.1 sum<p.2.r.2<p.1.r.2");
}

TEST(NetworkYaml, PutsParametersIntoExpressionsWordsAndLists) {
  const Network network = network_from(R"(
blocks:
  conv:
    parameters: [channels, kernel, mode]
    layers:
      - {name: c, op: convolution, channels: 2 * $channels, kernel: $kernel, bias: false}
      - {name: p, op: pooling, mode: $mode, kernel: 1}
layers:
  - {name: data, op: input, shape: [1, 9, 9]}
  - {name: x, block: conv, channels: 3, kernel: [3, 5], mode: average}
)");
  EXPECT_EQ(network.layers[1].output, (TensorShape{{6, 7, 5}}));
  EXPECT_EQ(std::get<Pooling>(network.layers[2].op).mode, PoolingMode::Average);
}

/// A network with parameters of its own.
std::string wide(const std::string& parameters) {
  return "parameters: " + parameters + R"(
blocks:
  conv: {parameters: [stride], layers: [{name: c, op: convolution, channels: $width * 8, stride: $stride}]}
layers:
  - {name: data, op: input, shape: [3, $size, $size]}
  - {name: x, block: conv, stride: 2, repeat: $depth}
)";
}

TEST(NetworkYaml, HasParametersThatLayersAndBlocksReferTo) {
  const Network network = network_from(wide("{size: 32, width: 0.5, depth: 2}"));
  ASSERT_EQ(network.layers.size(), 3);
  EXPECT_EQ(network.layers[2].output, (TensorShape{{4, 8, 8}}));
}

TEST(NetworkYaml, ComputesParametersFromThoseBeforeThem) {
  const Network network = network_from(wide("{half: 8, size: 2 * $half, width: 1, depth: 0}"));
  EXPECT_EQ(network.layers.size(), 1);  // repeated 0 times: its input
  EXPECT_EQ(network.layers[0].output, (TensorShape{{3, 16, 16}}));
}

TEST(NetworkYaml, RefusesParametersThatNoLayerUses) {
  EXPECT_EQ(faults_of(wide("{size: 8, width: 1, depth: 1, dept: 3}")),
            "net.yaml:1:43: parameters: no layer uses a parameter \"dept\" (did you mean "
            "\"depth\"?)");
  EXPECT_EQ(
      faults_of(wide("{size: 8, width: 0.3, depth: 1}")),
      "net.yaml:3:78: x.1.c.channels: \"$width * 8\" must come out as a whole number, got 2.4");
  EXPECT_EQ(faults_of(wide("8")),
            "net.yaml:1:13: parameters: expected a map of keys and values, got \"8\"");
}

TEST(NetworkYaml, TakesADollarInQuotesAsText) {
  EXPECT_EQ(wiring(network_from(R"({layers: [{name: "a$b", op: input, shape: [4]}]})")), "a$b");
}

TEST(NetworkYaml, ReportsAllFaultsOfLayersWithTheirPlaces) {
  EXPECT_EQ(
      faults_of(R"(
layers:
  - {name: data, op: input, shape: [3, 8, 8]}
  - {name: conv, op: convolution, chanels: 3}
  - {name: pool, op: poling}
  - {op: softmax}
  - {name: fc, op: inner-product, features: 0}
  - {name: pad, op: convolution, channels: 1, pad: [0, -1], kernel: []}
  - {name: what}
  - relu
  - {name: r, op: activation, repeat: -1}
)"),
      R"(net.yaml:6:5: layers[3]: the key "name" is missing: what other layers call this one
net.yaml:10:5: layers[7]: expected a map of keys and values, got "relu"
net.yaml:11:39: r.repeat: must be at least 0, got "-1"
net.yaml:4:5: conv: the key "channels" is missing: number of filters, the channels of the output
net.yaml:4:35: conv: unknown key "chanels" (did you mean "channels"?)
net.yaml:5:22: pool.op: expected one of input, constant, convolution, transposed-convolution, )"
      R"(inner-product, matrix-product, gemm, embedding, recurrent, attention, pooling, )"
      R"(global-pooling, batch-normalization, layer-normalization, rms-normalization, )"
      R"(group-normalization, instance-normalization, local-response-normalization, scale, )"
      R"(activation, parametric-relu, dropout, conversion, element-wise, reduction, softmax, loss, )"
      R"(top-k, concatenation, slice, gather, pad, reshape, transpose, expand, resize, )"
      R"(depth-to-space, pass, got "poling" (did you mean "pooling"?)
net.yaml:7:45: fc.features: must be at least 1, got "0"
net.yaml:8:69: pad.kernel: needs at least one number
net.yaml:8:56: pad.pad[1]: must be at least 0, got "-1"
net.yaml:9:5: what: the key "op" is missing: which kind this is)");
}

TEST(NetworkYaml, ReportsWrongUsesOfBlocks) {
  EXPECT_EQ(faults_of(R"(
blocks:
  conv: {parameters: [channels, kernel], layers: [{name: c, op: convolution, channels: $channels}]}
layers:
  - {name: a, block: cnv}
  - {name: b, block: conv, channels: 3, kernal: 1}
  - {name: c, block: conv, channels: many, kernel: 1}
)"),
            R"(net.yaml:5:22: a.block: there is no block "cnv" (did you mean "conv"?)
net.yaml:6:5: b: the key "kernel" is missing: a parameter of the block
net.yaml:6:41: b: unknown key "kernal" (did you mean "kernel"?)
net.yaml:3:88: c.c.channels: expected a whole number, got "many")");
}

TEST(NetworkYaml, ReportsAFaultInABlockOnceHoweverOftenItIsUsed) {
  EXPECT_EQ(faults_of(R"(
blocks:
  a: {parameters: [n], layers: [{name: c, op: convolution, channels: $n / 2}]}
  b: {layers: [{name: c, op: convolution, channels: -1}]}
layers:
  - {name: a, block: a, n: 3, repeat: 9}
  - {name: b, block: b, repeat: 9}
)"),
            R"(net.yaml:3:70: a.1.c.channels: "$n / 2" must come out as a whole number, got 1.5
net.yaml:4:53: b.1.c.channels: must be at least 1, got "-1")");
}

TEST(NetworkYaml, RefusesABlockThatContainsItself) {
  EXPECT_EQ(faults_of(R"(
blocks:
  a: {layers: [{name: x, block: b}]}
  b: {layers: [{name: y, block: a}]}
layers:
  - {name: z, block: a}
)"),
            R"(net.yaml:4:33: z.x.y.block: the block "a" contains itself)");
}

TEST(NetworkYaml, RefusesNamesThatHaveAMeaningOfTheirOwn) {
  EXPECT_EQ(faults_of(R"(
blocks:
  a: {layers: [{name: input, op: activation}]}
layers:
  - {name: x, block: a}
)"),
            R"(net.yaml:3:23: x.layers[0]: in a block, "input" is what the block was given)");
  EXPECT_EQ(faults_of(R"(
blocks:
  a: {parameters: [from], layers: []}
layers: []
)"),
            "net.yaml:3:6: blocks.a: a block needs at least one layer\n"
            "net.yaml:3:19: blocks.a: no parameter may be called \"from\"");
}

TEST(NetworkYaml, RefusesANameThatTwoLayersOrBlocksShare) {
  EXPECT_EQ(faults_of(R"(
blocks:
  a: {layers: [{name: x, op: activation}]}
layers:
  - {name: data, op: input, shape: [4]}
  - {name: u, block: a}
  - {name: u, op: activation}
)"),
            "net.yaml:7:5: u: another layer has this name");
}

TEST(NetworkYaml, NeedsLayers) {
  EXPECT_EQ(faults_of("{layers: []}"), "net.yaml:1:10: layers: a network needs at least one layer");
  EXPECT_EQ(faults_of("{source: x, layer: []}"),
            "net.yaml:1:1: the key \"layers\" is missing: the layers, in any order\n"
            "net.yaml:1:13: unknown key \"layer\" (did you mean \"layers\"?)");
}

/// Blocks b1 ... bn, each of which uses the one before it ten times.
std::string tower(int height) {
  std::string yaml = "blocks:\n  b0: {layers: [{name: r, op: activation}]}\n";
  for (int i = 1; i <= height; ++i) {
    const std::string below = std::to_string(i - 1);
    yaml +=
        "  b" + std::to_string(i) + ": {layers: [{name: x, block: b" + below + ", repeat: 10}]}\n";
  }
  return yaml + "layers: [{name: t, block: b" + std::to_string(height) + "}]\n";
}

TEST(NetworkYaml, BoundsWhatBlocksUnfoldTo) {
  EXPECT_EQ(faults_of(tower(6)),
            "net.yaml:2:17: layers: the blocks unfold to more than 100000 layers");
  EXPECT_EQ(faults_of(tower(40)),
            "net.yaml:11:34: "
            "t.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1."
            "x.1.x.1."
            "x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.x.1.block: blocks nested more than 32 deep");
}

TEST(NetworkYaml, BoundsTheTextThatBlocksUnfoldTo) {
  std::string list = "1";
  for (int i = 0; i < 1000; ++i) list += ", 1";
  EXPECT_EQ(faults_of("blocks:\n  b: {layers: [{name: d, op: input, shape: [" + list +
                      "]}]}\nlayers: [{name: t, block: b, repeat: 90000}]\n"),
            "net.yaml:2:2829: layers: the blocks unfold to more than 33554432 characters");
}

TEST(NetworkYaml, RefusesNamesThatAreTooLong) {
  const std::string name(257, 'x');
  EXPECT_EQ(faults_of("layers: [{name: " + name + ", op: input, shape: [4]}]"),
            "net.yaml:1:17: layers[0]: expected a name of 1 to 256 characters, got \"" +
                std::string(60, 'x') + "...\"");
}

TEST(NetworkYaml, LetsLayersShareWeights) {
  const Network network = network_from(R"(
layers:
  - {name: ids, op: input, shape: [5]}
  - {name: table, op: embedding, entries: 10, features: 4}
  - {name: logits, op: inner-product, features: 10, axis: -1, shares: table, format: int8}
)");
  EXPECT_EQ(network.layers[2].shares, LayerId(1));
  EXPECT_EQ(network.layers[2].format, ElementFormat::Int8);
  EXPECT_EQ(complexity(network, network.layers[2]).parameters, 10);  // its biases
  EXPECT_EQ(complexity(network).parameters, 10 * 4 + 10);
  EXPECT_EQ(complexity(network, network.layers[2]).macs(), 5 * 4 * 10);
}

TEST(NetworkYaml, LetsALayerInABlockShareWeightsOfOneAroundIt) {
  const Network network = network_from(R"(
blocks: {again: {layers: [{name: fc, op: inner-product, features: 6, shares: first}]}}
layers:
  - {name: data, op: input, shape: [6]}
  - {name: first, op: inner-product, features: 6}
  - {name: rest, block: again, repeat: 3}
)");
  EXPECT_EQ(complexity(network).parameters, 6 * 6 + 6);
  EXPECT_EQ(complexity(network).macs(), 4 * 36);
}

TEST(NetworkYaml, LooksAroundABlockForNamesThatItDoesNotHave) {
  const Network network = network_from(R"(
blocks:
  cross: {parameters: [to], layers: [{name: sum, op: element-wise, from: [input, $to]}]}
  outer: {layers: [{name: memory, op: activation}, {name: inner, block: cross, to: memory}, {name: far, block: cross, to: first}]}
layers:
  - {name: first, op: input, shape: [4]}
  - {name: memory, op: dropout}
  - {name: plain, block: cross, to: memory, repeat: 2}
  - {name: nested, block: outer}
)");
  EXPECT_EQ(wiring(network),
            "first memory<first plain.1.sum<memory<memory plain.2.sum<plain.1.sum<memory "
            "nested.memory<plain.2.sum nested.inner.sum<nested.memory<nested.memory "
            "nested.far.sum<nested.inner.sum<first");
}

TEST(NetworkYaml, FollowsRepetitionsOfNothingWhereverTheyLead) {
  const Network network = network_from(R"(
layers:
  - {name: a, op: activation, repeat: 0, from: b}
  - {name: b, op: activation, repeat: 0, from: c}
  - {name: c, op: input, shape: [4]}
  - {name: d, op: softmax, from: a}
)");
  EXPECT_EQ(wiring(network), "c d<c");
  EXPECT_EQ(faults_of(R"(
layers:
  - {name: a, op: activation, repeat: 0, from: b}
  - {name: b, op: activation, repeat: 0, from: a}
  - {name: d, op: softmax, from: a}
)"),
            "net.yaml:5:5: d: there is no layer \"a\" (did you mean \"d\"?)");
}

TEST(NetworkYaml, RefusesWeightsThatCannotBeShared) {
  EXPECT_EQ(faults_of(R"(
layers:
  - {name: data, op: input, shape: [6]}
  - {name: a, op: inner-product, features: 6}
  - {name: b, op: inner-product, features: 5, shares: a}
  - {name: c, op: softmax, shares: a}
  - {name: d, op: inner-product, features: 6, shares: d}
)"),
            "net.yaml:5:5: b: needs 30 weights, but \"a\", whose weights it is to use, has 36\n"
            "net.yaml:6:5: c: needs 0 weights, but \"a\", whose weights it is to use, has 36\n"
            "net.yaml:7:5: d: cannot use the weights of \"d\", which has none of its own");
  EXPECT_EQ(
      faults_of("layers: [{name: a, op: input, shape: [6]}, {name: b, op: softmax, shares: c}]"),
      "net.yaml:1:44: b: there is no layer \"c\" (did you mean \"a\"?)");
}

TEST(NetworkYaml, KeepsNotes) {
  const Network network = network_from(R"(
layers: [{name: data, op: input, shape: [6]}]
notes: [{kind: not-modelled, subject: NonMaxSuppression, text: "its time is left out"}]
)");
  ASSERT_EQ(network.notes.size(), 1);
  EXPECT_EQ(network.notes[0].kind, NoteKind::NotModelled);
  EXPECT_NE(write_yaml(write_network(network)).find("not-modelled"), std::string::npos);
}

TEST(NetworkYaml, IsWrittenWithALineForEachLayer) {
  const Network network = network_from(R"(
source: "a: b"
layers:
  - {name: data, op: input, shape: [4, 8, 8]}
  - {name: c, op: convolution, channels: 2, kernel: [1, 3]}
  - {name: sum, op: element-wise, from: [c, c]}
  - {name: r, op: activation, from: data}
)");
  EXPECT_EQ(write_yaml(write_network(network)), R"(source: "a: b"
layers:
  - {name: "data", op: input, shape: [4, 8, 8]}
  - {name: "c", op: convolution, channels: 2, kernel: [1, 3], stride: 1, pad: 0, dilation: 1, groups: 1, bias: true}
  - {name: "sum", op: element-wise, combination: sum, from: ["c", "c"]}
  - {name: "r", op: activation, function: relu, from: "data"}
)");
}

}  // namespace
}  // namespace omniphi::models
