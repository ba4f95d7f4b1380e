#pragma once

#include <filesystem>
#include <optional>

#include "hw/base/config_node.h"
#include "models/workload/importers/caffe.h"

namespace omniphi::models {

/// How a file writes a network.
enum class NetworkFormat { Yaml, Onnx, Caffe };

/// Which reader the extension of a file asks for (.yaml, .onnx, .prototxt); nothing for another.
std::optional<NetworkFormat> network_format(const std::filesystem::path& file);

/// Reads a network from a file of any of these formats. `change` (Null: none) says what differs:
/// in YAML any value of the description; in a model file `parameters`, which are what it leaves
/// open: numbers by the names of OnnxDimensions, or what caffe_options() reads.
/// Faults of the file and of the change go to `diagnostics`; the result is then partial.
Network read_network_file(const std::filesystem::path& file,
                          const ConfigNode& change,
                          Diagnostics& diagnostics);

/// What a Caffe file leaves open: `phase` (train or test), and `input_shape` ([1, 28, 28]) of one
/// sample of the first data layer. Faults go to `diagnostics`.
CaffeOptions caffe_options(const ConfigNode& parameters, Diagnostics& diagnostics);

}  // namespace omniphi::models
