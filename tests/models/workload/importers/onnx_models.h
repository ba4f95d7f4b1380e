#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <onnx/onnx_pb.h>

#include "models/workload/importers/onnx.h"
#include "tests/support/scratch_directory.h"

namespace omniphi::models {

/// Weights by name: shapes without data, as co-design tools ship them.
using Weights = std::map<std::string, std::vector<std::int64_t>>;

/// The model that ONNX's textual form describes, for example
/// `g (float[N, 3, 8, 8] x) => (float[N, 4, 6, 6] y) { y = Conv (x, w) }`.
onnx::ModelProto model_of(std::string_view graph,
                          const Weights& weights = {},
                          int operator_set = 13);

/// A file of tests/data/onnx.
std::filesystem::path model_file(const std::string& name);

std::string bytes_of(const std::filesystem::path& file);

Network read_model(const onnx::ModelProto& model, const OnnxDimensions& dimensions = {});

/// Reads a model of ONNX's textual form by way of a file.
Network read_graph(std::string_view graph, const Weights& weights = {}, int operator_set = 13);

/// The faults that reading the bytes, the model or the graph ends in, from "m.onnx: " on; "" if
/// there are none.
std::string fault_of_bytes(std::string_view bytes);
std::string fault_of_model(const onnx::ModelProto& model, const OnnxDimensions& dimensions = {});
std::string fault_of_graph(std::string_view graph,
                           const Weights& weights = {},
                           int operator_set = 13);

/// Throws std::out_of_range if there is none of this name.
const Layer& layer(const Network& network, std::string_view name);

std::vector<std::string_view> op_names(const Network& network);

template <class Kind>
std::ptrdiff_t count(const Network& network) {
  std::ptrdiff_t found = 0;
  for (const Layer& l : network.layers) found += std::holds_alternative<Kind>(l.op) ? 1 : 0;
  return found;
}

/// The only layer of the kind.
template <class Kind>
const Kind& only(const Network& network) {
  const Kind* found = nullptr;
  for (const Layer& l : network.layers) {
    const Kind* kind = std::get_if<Kind>(&l.op);
    if (kind && found) throw std::logic_error("several layers of this kind");
    if (kind) found = kind;
  }
  if (!found) throw std::logic_error("no layer of this kind");
  return *found;
}

/// Whether a note of this kind holds the text.
bool has_note(const Network& network, NoteKind kind, std::string_view text);

/// Shape of what comes out last.
const TensorShape& output_of(const Network& network);

/// The network after a round through YAML.
Network through_yaml(const Network& network);

}  // namespace omniphi::models
