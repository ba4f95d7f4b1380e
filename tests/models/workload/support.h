#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "models/workload/complexity.h"
#include "models/workload/network_yaml.h"

namespace omniphi::models {

/// Reads a description that must be right.
inline Network network_from(const std::string& yaml) {
  Diagnostics diagnostics;
  const ConfigNode tree = read_yaml(yaml, "net.yaml", diagnostics);
  diagnostics.throw_if_any();
  Network network = read_network(tree, "net", diagnostics);
  diagnostics.throw_if_any();
  return network;
}

/// Everything wrong with a description, a line each.
inline std::string faults_of(const std::string& yaml) {
  try {
    network_from(yaml);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

/// Complexity of the layer `x` of {data, a scale, x}: one with something learnt before it.
inline Complexity of_layer(const std::string& shape, const std::string& layer) {
  const Network network = network_from("layers: [{name: data, op: input, shape: " + shape +
                                       "}, {name: learnt, op: scale}, {name: x, " + layer + "}]");
  return complexity(network, network.layers.back());
}

/// The same of a layer that takes `a` and `b`, both learnt.
inline Complexity of_two(const std::string& a, const std::string& b, const std::string& layer) {
  const Network network =
      network_from("layers: [{name: x, op: input, shape: " + a +
                   "}, {name: a, op: scale}, {name: y, op: input, shape: " + b +
                   "}, {name: b, op: scale}, {name: z, from: [a, b], " + layer + "}]");
  return complexity(network, network.layers.back());
}

inline PhaseWork work(std::int64_t macs,
                      std::int64_t operations,
                      std::int64_t read,
                      std::int64_t written,
                      std::int64_t weights_read = 0,
                      std::int64_t weights_written = 0) {
  return {macs, operations, read, written, weights_read, weights_written};
}

inline void expect_phases(const Complexity& c,
                          const PhaseWork& forward,
                          const PhaseWork& data,
                          const PhaseWork& weights) {
  EXPECT_EQ(c.phase(Phase::Forward), forward);
  EXPECT_EQ(c.phase(Phase::BackwardData), data);
  EXPECT_EQ(c.phase(Phase::BackwardWeights), weights);
}

/// The shape that comes out, or why none does.
inline std::string shape_or_fault(const Op& op, const std::vector<TensorShape>& inputs) {
  try {
    return output_shape(op, inputs).text();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

inline Catalog source_catalog() {
  return Catalog(OMNIPHI_SOURCE_DIR "/configs");
}

/// A network of the catalog, some of its parameters changed.
inline Network catalog_network(const std::string& id,
                               const std::map<std::string, std::string>& parameters = {}) {
  Diagnostics diagnostics;
  ConfigNode tree = catalog_description(source_catalog(), id, {}, "", diagnostics);
  for (const auto& [name, value] : parameters) {
    tree.at_or_new("parameters").set(name, ConfigNode::text(value));
  }
  Network network = read_network(tree, id, diagnostics);
  diagnostics.throw_if_any();
  return network;
}

/// Whether two networks are the same, layer by layer.
inline void expect_same(const Network& found, const Network& expected) {
  EXPECT_EQ(found.source, expected.source);
  EXPECT_EQ(write_yaml(written(found.accuracy)), write_yaml(written(expected.accuracy)));
  EXPECT_EQ(write_yaml(written(found.notes)), write_yaml(written(expected.notes)));
  ASSERT_EQ(found.layers.size(), expected.layers.size());
  for (std::size_t i = 0; i < found.layers.size(); ++i) {
    const Layer& layer = found.layers[i];
    const Layer& other = expected.layers[i];
    SCOPED_TRACE(other.name);
    EXPECT_EQ(layer.name, other.name);
    EXPECT_EQ(write_yaml(written(layer.op)), write_yaml(written(other.op)));
    EXPECT_EQ(layer.inputs, other.inputs);
    EXPECT_EQ(layer.output, other.output);
    EXPECT_EQ(layer.shares, other.shares);
    EXPECT_EQ(layer.format, other.format);
    EXPECT_EQ(layer.needs_gradient, other.needs_gradient);
    EXPECT_EQ(layer.users, other.users);
    EXPECT_EQ(complexity(found, layer).phases, complexity(expected, other).phases);
  }
}

}  // namespace omniphi::models
