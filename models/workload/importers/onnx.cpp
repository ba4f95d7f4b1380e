#include "models/workload/importers/onnx.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <onnx/onnx_pb.h>

#include "hw/base/mistaken_file.h"
#include "hw/base/yaml_reader.h"
#include "models/workload/importers/onnx_check.h"
#include "models/workload/importers/onnx_inputs.h"
#include "models/workload/importers/onnx_walk.h"

namespace omniphi::models {

namespace {

/// Twice VGG-19 with its weights in fp32; protobuf itself ends at 2 GiB.
constexpr std::size_t kLargestFile = std::size_t{1} << 30;

/// Messages in one another: some three for each body within a body. Well past what is read, so that
/// it is refused by name, and far from the end of the stack.
constexpr int kDeepestMessage = 4'000;

[[noreturn]] void fail(const Place& place, std::string message) {
  throw ConfigError({Diagnostic{place, "", std::move(message), ""}});
}

onnx::ModelProto parsed(const std::filesystem::path& file, const Place& place) {
  const std::string bytes = read_text_file(file, kLargestFile);
  if (std::string mistake = mistaken_file(bytes, "ONNX model"); !mistake.empty()) {
    fail(place, std::move(mistake));
  }
  google::protobuf::io::CodedInputStream stream(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                                static_cast<int>(bytes.size()));
  stream.SetRecursionLimit(kDeepestMessage);
  onnx::ModelProto model;
  const bool whole = model.ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
  if (!whole || !model.has_graph()) fail(place, "is no ONNX model, or a truncated one");
  return model;
}

Network walked(const onnx::ModelProto& model,
               const OnnxInputs& inputs,
               OnnxBatch batch,
               const Place& place,
               Diagnostics& diagnostics) {
  try {
    OnnxWalk walk(model, batch, place, diagnostics);
    walk.run(values_of(inputs.inputs, walk));
    diagnostics.throw_if_any();
    return std::move(walk).finish();
  } catch (const std::invalid_argument& error) {
    fail(place, error.what());
  }
}

/// With the batch followed through the graph, or else with the whole batch as one sample.
Network translated(const onnx::ModelProto& model,
                   const OnnxInputs& inputs,
                   const Place& place,
                   Diagnostics& diagnostics) {
  OnnxBatch batch = inputs.batch;
  try {
    return walked(model, inputs, batch, place, diagnostics);
  } catch (const OnnxMixedBatch& mixed) {
    batch.tracked = false;
    Network network = walked(model, inputs, batch, place, diagnostics);
    network.notes.push_back(
        {NoteKind::Approximated,
         mixed.node,
         fmt::format("works across the batch of {}, which is counted as one sample", batch.size)});
    return network;
  }
}

}  // namespace

Network read_onnx(const std::filesystem::path& file, const OnnxDimensions& dimensions) {
  const Place place{std::make_shared<const std::string>(file.string()), 0, 0};
  const onnx::ModelProto model = parsed(file, place);
  Diagnostics diagnostics;
  check_model(model, place, diagnostics);
  diagnostics.throw_if_any();
  const OnnxInputs inputs = inputs_of(model.graph(), dimensions, place, diagnostics);
  diagnostics.throw_if_any();
  Network network = translated(model, inputs, place, diagnostics);
  diagnostics.throw_if_any();
  if (!model.training_info().empty()) {
    network.notes.push_back({NoteKind::NotModelled,
                             "training_info",
                             "the model's own training steps are left to the scenario"});
  }
  network.name = file.stem().string();
  network.source = fmt::format(
      "ONNX model {} by {}", in_quotes(model.graph().name()), in_quotes(model.producer_name()));
  return network;
}

}  // namespace omniphi::models
