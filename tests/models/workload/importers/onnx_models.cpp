#include "tests/models/workload/importers/onnx_models.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <onnx/defs/parser.h>

#include "hw/base/yaml_reader.h"
#include "models/workload/network_yaml.h"

namespace omniphi::models {

onnx::ModelProto model_of(std::string_view graph, const Weights& weights, int operator_set) {
  const std::string text =
      fmt::format("<ir_version: 8, opset_import: [\"\" : {}]> {}", operator_set, graph);
  onnx::ModelProto model;
  const auto status = onnx::OnnxParser::Parse(model, text.c_str());
  if (!status.IsOK()) throw std::logic_error(status.ErrorMessage());
  for (const auto& [name, shape] : weights) {
    onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dimension : shape) tensor.add_dims(dimension);
  }
  return model;
}

std::filesystem::path model_file(const std::string& name) {
  return std::filesystem::path(OMNIPHI_SOURCE_DIR "/tests/data/onnx") / (name + ".onnx");
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Network read_model(const onnx::ModelProto& model, const OnnxDimensions& dimensions) {
  const ScratchDirectory scratch;
  return read_onnx(scratch.write("m.onnx", model.SerializeAsString()), dimensions);
}

Network read_graph(std::string_view graph, const Weights& weights, int operator_set) {
  return read_model(model_of(graph, weights, operator_set));
}

namespace {

std::string fault_of(std::string_view bytes, const OnnxDimensions& dimensions) {
  const ScratchDirectory scratch;
  try {
    read_onnx(scratch.write("m.onnx", bytes), dimensions);
  } catch (const ConfigError& error) {
    return scratch.without_path(error.what());
  }
  return "";
}

}  // namespace

std::string fault_of_bytes(std::string_view bytes) {
  return fault_of(bytes, {});
}

std::string fault_of_model(const onnx::ModelProto& model, const OnnxDimensions& dimensions) {
  return fault_of(model.SerializeAsString(), dimensions);
}

std::string fault_of_graph(std::string_view graph, const Weights& weights, int operator_set) {
  return fault_of_model(model_of(graph, weights, operator_set));
}

const Layer& layer(const Network& network, std::string_view name) {
  const auto found = std::ranges::find(network.layers, name, &Layer::name);
  if (found == network.layers.end()) throw std::out_of_range(std::string(name));
  return *found;
}

std::vector<std::string_view> op_names(const Network& network) {
  std::vector<std::string_view> names;
  for (const Layer& l : network.layers) names.push_back(op_name(l.op));
  return names;
}

bool has_note(const Network& network, NoteKind kind, std::string_view text) {
  return std::ranges::any_of(network.notes, [&](const Note& note) {
    return note.kind == kind && (note.subject + ": " + note.text).find(text) != std::string::npos;
  });
}

const TensorShape& output_of(const Network& network) {
  return network.layers.back().output;
}

Network through_yaml(const Network& network) {
  Diagnostics diagnostics;
  const std::string text = write_yaml(write_network(network));
  const ConfigNode tree = read_yaml(text, network.name, diagnostics, {64u << 20, 4'000'000, 64});
  diagnostics.throw_if_any();
  Network again = read_network(tree, network.name, diagnostics);
  diagnostics.throw_if_any();
  return again;
}

}  // namespace omniphi::models
