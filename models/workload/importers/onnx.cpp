#include "models/workload/importers/onnx.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include "hw/base/yaml_reader.h"
#include "models/workload/importers/onnx_check.h"
#include "models/workload/importers/onnx_graph.h"
#include "models/workload/importers/onnx_layers.h"
#include "models/workload/importers/onnx_node.h"
#include "models/workload/importers/onnx_ops.h"

namespace omniphi::models {

namespace {

/// Twice VGG-19 with its weights in fp32; protobuf itself ends at 2 GiB.
constexpr std::size_t kLargestFile = std::size_t{1} << 30;

[[noreturn]] void fail(const Place& place, std::string message) {
  throw ConfigError({Diagnostic{place, "", std::move(message), ""}});
}

/// What a download that went wrong left behind, or "".
std::string_view mistaken_file(std::string_view bytes) {
  if (bytes.empty()) return "is empty";
  if (bytes.starts_with("version https://git-lfs")) {
    return "is a Git LFS pointer, not the model it stands for";
  }
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '<') return "is a web page, no ONNX model";
  return "";
}

onnx::ModelProto parsed(const std::filesystem::path& file, const Place& place) {
  const std::string bytes = read_text_file(file, kLargestFile);
  if (const std::string_view mistake = mistaken_file(bytes); !mistake.empty()) {
    fail(place, std::string(mistake));
  }
  onnx::ModelProto model;
  if (!model.ParseFromString(bytes) || !model.has_graph()) {
    fail(place, "is no ONNX model, or a truncated one");
  }
  return model;
}

/// The standard domain has two spellings; ONNX's own shape inference takes them for two domains.
void use_short_domain(onnx::ModelProto& model) {
  constexpr std::string_view kLong = "ai.onnx";
  for (auto& set : *model.mutable_opset_import()) {
    if (set.domain() == kLong) set.clear_domain();
  }
  for (auto& node : *model.mutable_graph()->mutable_node()) {
    if (node.domain() == kLong) node.clear_domain();
  }
}

/// Translates every node that works on samples. A node that follows from a faulty one is not
/// blamed.
void translate_nodes(OnnxLayers& layers, const Place& place, Diagnostics& diagnostics) {
  const OnnxGraph& graph = layers.graph();
  std::unordered_set<std::string> faulty;
  for (const onnx::NodeProto& node : graph.proto().node()) {
    if (graph.is_constant(node.output(0))) continue;
    bool fault = std::any_of(node.input().begin(),
                             node.input().end(),
                             [&](const std::string& input) { return faulty.contains(input); });
    try {
      if (!fault) translate(node, layers);
    } catch (const std::invalid_argument& error) {
      diagnostics.error(place, node_label(node), error.what());
      fault = true;
    }
    if (fault) faulty.insert(node.output().begin(), node.output().end());
  }
}

Network translated(onnx::ModelProto model, const Place& place, Diagnostics& diagnostics) try {
  const OnnxGraph graph(std::move(model));
  OnnxLayers layers(graph);
  for (const std::string& input : graph.inputs()) layers.add_input(input);
  translate_nodes(layers, place, diagnostics);
  diagnostics.throw_if_any();
  return std::move(layers).finish(place, diagnostics);

} catch (const std::invalid_argument& error) {
  fail(place, error.what());
}

}  // namespace

Network read_onnx(const std::filesystem::path& file) {
  const Place place{std::make_shared<const std::string>(file.string()), 0, 0};
  onnx::ModelProto model = parsed(file, place);
  use_short_domain(model);
  Diagnostics diagnostics;
  check_model(model, place, diagnostics);
  diagnostics.throw_if_any();

  const std::string source = fmt::format(
      "ONNX model {} by {}", in_quotes(model.graph().name()), in_quotes(model.producer_name()));
  Network network = translated(std::move(model), place, diagnostics);
  diagnostics.throw_if_any();
  network.name = file.stem().string();
  network.source = source;
  return network;
}

}  // namespace omniphi::models
