// Every operator with every parameter away from its default: written as it was read, read as it was
// written.

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

/// Layers for the operators to work on, in a network of one of each.
constexpr std::string_view kInputs = R"(layers:
  - {name: image, op: input, shape: [6, 9, 10]}
  - {name: volume, op: input, shape: [4, 5, 6, 7]}
  - {name: sequence, op: input, shape: [5, 12]}
  - {name: other_sequence, op: input, shape: [5, 12]}
  - {name: state, op: input, shape: [12]}
  - {name: ids, op: input, shape: [5]}
  - {name: table, op: embedding, entries: 10, features: 12, from: ids}
)";

/// By operator, its line.
const std::map<std::string, std::string> kOperators{
    {"input", "{op: input, shape: [3, 4]}"},
    {"constant", "{op: constant, shape: [3, 4], learnt: true}"},
    {"convolution",
     "{op: convolution, channels: 4, kernel: [3, 5], stride: [2, 1], pad: [1, 2], pad_end: [0, 1], "
     "dilation: [1, 2], groups: 2, bias: false, from: image}"},
    {"transposed-convolution",
     "{op: transposed-convolution, channels: 4, kernel: [3, 2], stride: [2, 3], pad: [1, 0], "
     "pad_end: [0, 1], output_pad: [1, 0], dilation: [1, 2], groups: 2, bias: false, from: image}"},
    {"inner-product",
     "{op: inner-product, features: 10, bias: false, axis: -1, shares: table, format: int8, from: "
     "sequence}"},
    {"matrix-product",
     "{op: matrix-product, transpose_a: true, transpose_b: true, from: [square, square]}"},
    {"gemm", "{op: gemm, m: 2, n: 3, k: 4, transpose_a: true, transpose_b: true}"},
    {"embedding", "{op: embedding, entries: 7, features: 3, from: ids}"},
    {"recurrent",
     "{op: recurrent, cell: lstm, hidden: 6, layers: 2, bidirectional: true, biases: 1, peepholes: "
     "true, returns: last, from: sequence}"},
    {"attention",
     "{op: attention, heads: 4, key_value_heads: 2, causal: true, past: 3, from: [sequence, half, "
     "half]}"},
    {"pooling",
     "{op: pooling, mode: average, kernel: [2, 3], stride: [2, 1], pad: [1, 0], pad_end: [0, 1], "
     "dilation: [1, 2], rounding: ceil, count_pad: true, from: image}"},
    {"global-pooling", "{op: global-pooling, mode: max, from: volume}"},
    {"batch-normalization", "{op: batch-normalization, affine: false, from: image}"},
    {"layer-normalization",
     "{op: layer-normalization, axis: 0, scale: false, shift: false, from: sequence}"},
    {"rms-normalization", "{op: rms-normalization, axis: 0, scale: false, from: sequence}"},
    {"group-normalization", "{op: group-normalization, groups: 3, affine: false, from: image}"},
    {"instance-normalization", "{op: instance-normalization, affine: false, from: image}"},
    {"local-response-normalization",
     "{op: local-response-normalization, size: 3, region: within-channel, from: image}"},
    {"scale",
     "{op: scale, scale: false, shift: false, shape: [12], learnt: false, from: sequence}"},
    {"activation",
     "{op: activation, function: clip, alpha: 0.5, beta: 6, format: bf16, from: image}"},
    {"parametric-relu", "{op: parametric-relu, shape: [12], from: sequence}"},
    {"dropout", "{op: dropout, ratio: 0.25, from: image}"},
    {"conversion", "{op: conversion, scaled: true, format: int8, from: image}"},
    {"element-wise",
     "{op: element-wise, combination: product, from: [sequence, other_sequence, state]}"},
    {"reduction", "{op: reduction, function: mean, axes: [1], keep_axes: true, from: sequence}"},
    {"softmax", "{op: softmax, axis: -1, logarithm: true, from: sequence}"},
    {"loss", "{op: loss, function: squared-error, weight: 0.3, from: [sequence, other_sequence]}"},
    {"top-k", "{op: top-k, k: 3, axis: 0, from: sequence}"},
    {"concatenation", "{op: concatenation, axis: 1, from: [sequence, other_sequence]}"},
    {"slice", "{op: slice, axes: [1], begin: [10], end: [2], step: [-2], from: sequence}"},
    {"gather", "{op: gather, axis: 1, indices: [2, 3], from: sequence}"},
    {"pad", "{op: pad, begin: [1, -1], end: [0, 2], from: sequence}"},
    {"reshape", "{op: reshape, shape: [6, -1], from: sequence}"},
    {"transpose", "{op: transpose, order: [2, 0, 1], from: image}"},
    {"expand", "{op: expand, shape: [2, 5, 12], from: sequence}"},
    {"resize", "{op: resize, mode: linear, size: [4, 5], from: image}"},
    {"depth-to-space", "{op: depth-to-space, block_size: 3, inverse: true, from: blocks}"},
    {"pass", "{op: pass, shape: [3, 4], operations: 5, gradient: true, from: image}"}};

/// A network with one layer of each operator, named after it.
std::string every_operator() {
  std::string text(kInputs);
  text += "  - {name: square, op: slice, axes: [1], begin: [0], end: [5], from: sequence}\n";
  text += "  - {name: half, op: slice, axes: [1], begin: [0], end: [6], from: sequence}\n";
  text += "  - {name: blocks, op: slice, axes: [1, 2], begin: [0, 0], end: [9, 9], from: image}\n";
  for (const auto& [name, line] : kOperators)
    text += "  - {name: " + name + ", " + line.substr(1) + "\n";
  return text;
}

/// Collects the keys of a parameter list.
struct KeyCollector {
  std::set<std::string>& keys;

  template <class Member, class... Rest>
  void operator()(std::string_view key, Member&, Rest&&...) {
    keys.emplace(key);
  }
};

template <std::size_t... I>
std::map<std::string, std::set<std::string>> parameters_of_operators(std::index_sequence<I...>) {
  std::map<std::string, std::set<std::string>> found;
  const auto collect = [&](auto op) {
    using Kind = decltype(op);
    Kind::visit(op, KeyCollector{found[std::string(Kind::kind)]});
  };
  (collect(std::variant_alternative_t<I, Op>{}), ...);
  return found;
}

ConfigNode parsed(const std::string& line) {
  Diagnostics diagnostics;
  ConfigNode node = read_yaml(line, "line", diagnostics);
  diagnostics.throw_if_any();
  return node;
}

TEST(RoundTrip, LeavesNoOperatorAndNoParameterOut) {
  const auto all = parameters_of_operators(std::make_index_sequence<std::variant_size_v<Op>>());
  ASSERT_EQ(all.size(), std::variant_size_v<Op>);
  // One of the two sizes of a resize must be left out, as the other says it too.
  for (const auto& [name, keys] : all) {
    ASSERT_TRUE(kOperators.contains(name)) << name;
    const ConfigNode line = parsed(kOperators.at(name));
    for (const std::string& key : keys) {
      if (name == "resize" && key == "scale") continue;
      EXPECT_NE(line.find(key), nullptr) << name << " is tested without " << key;
    }
  }
}

TEST(RoundTrip, WritesEveryParameterOfEveryOperatorAsItWasRead) {
  const Network network = network_from(every_operator());
  std::size_t compared = 0;
  for (const Layer& layer : network.layers) {
    const auto line = kOperators.find(layer.name);
    if (line == kOperators.end()) continue;
    ConfigNode expected = parsed(line->second);
    for (const std::string_view key : {"from", "shares", "format"}) expected.erase(key);
    EXPECT_EQ(write_yaml(written(layer.op)), write_yaml(expected));
    ++compared;
  }
  EXPECT_EQ(compared, kOperators.size());
}

TEST(RoundTrip, GivesTheSameNetwork) {
  const Network network = network_from(every_operator());
  const std::string text = write_yaml(write_network(network));
  const Network again = network_from(text);
  expect_same(again, network);
  EXPECT_EQ(write_yaml(write_network(again)), text);
}

TEST(RoundTrip, KeepsResizeByAFactor) {
  const Network network = network_from(
      "layers: [{name: a, op: input, shape: [2, 3]}, {name: b, op: resize, scale: [2]}]");
  expect_same(network_from(write_yaml(write_network(network))), network);
}

TEST(RoundTrip, KeepsNamesWithDotsApart) {
  // Unfolded, `a.x` shares the weights of `x`, not its own; and `a.y` takes `x`, not `a.x`.
  const Network network = network_from(R"(
blocks: {again: {layers: [{name: x, op: inner-product, features: 6}, {name: y, op: element-wise, from: [x, input]}]}}
layers:
  - {name: data, op: input, shape: [6]}
  - {name: x, op: inner-product, features: 6}
  - {name: a, block: again}
  - {name: a.z, op: inner-product, features: 6, shares: x, from: x}
)");
  const Network again = network_from(write_yaml(write_network(network)));
  expect_same(again, network);
  EXPECT_EQ(again.layers.back().shares, LayerId(1));
}

}  // namespace
}  // namespace omniphi::models
