#include "models/workload/importers/caffe.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/workload/importers/caffe_layers.h"
#include "models/workload/importers/caffe_node.h"
#include "models/workload/importers/caffe_operators.h"
#include "models/workload/importers/caffe_reader.h"
#include "models/workload/importers/caffe_solver.h"

namespace omniphi::models {

namespace {

/// Weights that Caffe does not train (lr_mult: 0) are trained here; those of BatchNorm are its
/// statistics, which it keeps that way.
bool is_frozen(const caffe::Layer& layer) {
  const auto& weights = layer.param();
  return layer.type() != "BatchNorm" && !weights.empty() &&
         std::all_of(weights.begin(), weights.end(), [](const caffe::Weights& w) {
           return w.lr_mult() == 0;
         });
}

/// A layer that follows from a faulty one is not blamed.
void translate_layers(const CaffeNet& net,
                      const CaffeWiring& wiring,
                      CaffeLayers& layers,
                      Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < net.layers.size(); ++i) {
    const CaffeWiring::Layer& wires = wiring.layers[i];
    bool faulty = std::any_of(wires.bottoms.begin(), wires.bottoms.end(), [&](std::size_t blob) {
      return layers.is_faulty(blob);
    });
    CaffeNode node(net.layers[i], wires, layers);
    try {
      if (!faulty) translate(node);
      if (!faulty && is_frozen(node.proto())) {
        node.note(NoteKind::Approximated,
                  "Caffe does not train its weights; here they are trained");
      }
    } catch (const std::invalid_argument& error) {
      diagnostics.error(node.place(), caffe_name(node.proto()), error.what());
      faulty = true;
    }
    if (!faulty) continue;
    for (const std::size_t blob : wires.tops) layers.set_faulty(blob);
  }
}

/// Intel's settings that say how the net is laid over the nodes and how its batch is cut.
std::vector<std::string> multinode_lines(const CaffeNet& net) {
  std::vector<std::string> lines;
  for (const caffe::ModelParallel& part : net.multinode.model_parallel()) {
    lines.push_back(fmt::format("model parallel from {} to {}: groups of {} nodes, {} parts",
                                in_quotes(part.layer_from()),
                                in_quotes(part.layer_to()),
                                part.num_nodes(),
                                part.model_parts()));
  }
  if (net.statistics_batch > 0) {
    lines.push_back(fmt::format("statistics of batch normalisation are of {} samples each",
                                net.statistics_batch));
  }
  const auto& types = net.multinode.compress_layer_type_list().layer_type();
  if (!types.empty()) {
    lines.push_back(
        fmt::format("gradients of these layers are compressed: {}", fmt::join(types, ", ")));
  }
  for (const CaffeLayer& layer : net.layers) {
    if (!layer.proto.has_multinode()) continue;
    lines.push_back(fmt::format("layer {}: groups of {} nodes, {} parts",
                                in_quotes(caffe_name(layer.proto)),
                                layer.proto.multinode().num_nodes(),
                                layer.proto.multinode().model_parts()));
  }
  return lines;
}

}  // namespace

CaffeState caffe_state(CaffePhase phase) {
  return {phase == CaffePhase::Train ? caffe::TRAIN : caffe::TEST, 0, {}};
}

CaffeNetwork network_of(const CaffeNet& net, const CaffeOptions& options) {
  Diagnostics diagnostics;
  if (net.layers.empty()) {
    diagnostics.error(net.place, "", "has no layers in this phase");
    diagnostics.throw_if_any();
  }
  const CaffeWiring wiring = wired(net, diagnostics);
  diagnostics.throw_if_any();
  CaffeLayers layers(net, wiring, options);
  translate_layers(net, wiring, layers, diagnostics);
  diagnostics.throw_if_any();

  CaffeNetwork result;
  result.batch = layers.batch();
  result.data = layers.source();
  result.lines = multinode_lines(net);
  result.network = std::move(layers).finish(diagnostics);
  diagnostics.throw_if_any();
  std::vector<Note>& notes = result.network.notes;
  notes.insert(notes.begin(), net.notes.begin(), net.notes.end());
  return result;
}

CaffeNetwork read_caffe(const std::filesystem::path& file, const CaffeOptions& options) {
  const CaffeNet net = read_caffe_net(file, caffe_state(options.phase));
  if (net.layers.empty() && is_caffe_solver(file)) {
    throw ConfigError(
        {Diagnostic{net.place, "", "is a solver; the network is the file that it names", ""}});
  }
  CaffeNetwork result = network_of(net, options);
  result.network.name = file.stem().string();
  result.network.source = fmt::format("Caffe model {}", in_quotes(net.name));
  return result;
}

}  // namespace omniphi::models
