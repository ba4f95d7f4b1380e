#include "models/workload/importers/onnx_layers.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace omniphi::models {

void OnnxLayers::add_input(const std::string& value) {
  add(value, Input{graph_.sample_shape(value).dimensions}, {}, value);
}

void OnnxLayers::add(const onnx::NodeProto& node, Op op, const std::vector<std::string>& values) {
  std::vector<std::string> inputs;
  for (const std::string& value : values) inputs.push_back(drafts_[draft(value)].name);
  add(layer_name(node), std::move(op), std::move(inputs), node.output(0));
}

void OnnxLayers::pass(const onnx::NodeProto& node, const std::string& value) {
  by_value_[node.output(0)] = draft(value);
}

Op* OnnxLayers::sole_producer(const std::string& value) {
  Draft& producer = drafts_[draft(value)];
  return producer.value == value && graph_.uses(value) == 1 ? &producer.op : nullptr;
}

Network OnnxLayers::finish(const Place& place, Diagnostics& diagnostics) && {
  NetworkBuilder builder;
  for (const Draft& d : drafts_) builder.add(d.name, d.op, d.inputs, place);
  Network network = std::move(builder).finish(diagnostics);
  if (!diagnostics.empty()) return network;
  for (const Layer& layer : network.layers) {
    const TensorShape& expected = drafts_[by_name_.at(layer.name)].output;
    if (layer.output == expected) continue;
    diagnostics.error(
        place,
        layer.name,
        fmt::format("comes out as {} but is {} in ONNX", layer.output.text(), expected.text()));
  }
  return network;
}

void OnnxLayers::add(std::string name,
                     Op op,
                     std::vector<std::string> inputs,
                     const std::string& value) {
  TensorShape output = graph_.sample_shape(value);
  by_name_[name] = by_value_[value] = drafts_.size();
  drafts_.push_back({std::move(name), std::move(op), std::move(inputs), value, std::move(output)});
}

std::size_t OnnxLayers::draft(const std::string& value) const {
  const auto found = by_value_.find(value);
  if (found != by_value_.end()) return found->second;
  throw std::invalid_argument(
      graph_.is_constant(value)
          ? fmt::format("takes the constant {} as if it were an activation", in_quotes(value))
          : fmt::format("takes {}, a further output of a node, which is not supported",
                        in_quotes(value)));
}

std::string OnnxLayers::layer_name(const onnx::NodeProto& node) const {
  // Names of nodes are neither required nor unique; those of values are both, among themselves.
  const bool usable = !node.name().empty() && !by_name_.contains(node.name());
  std::string name = usable ? node.name() : node.output(0);
  while (by_name_.contains(name)) name += '_';
  return name;
}

}  // namespace omniphi::models
