#pragma once

#include <filesystem>

#include "models/workload/network.h"

namespace omniphi::models {

/// Reads an ONNX model file as a network of one sample: the batch is the first dimension of the
/// first real graph input and is taken off every shape. Weights are recognised by what consumes
/// them, be they initialisers, constants or ConstantOfShape nodes; their values are never needed.
/// Operators that only shape constants cost nothing and disappear. Throws ConfigError with the file
/// and the node at fault: unreadable or truncated file, operator not known (by name), shapes that
/// cannot be inferred, cyclic or dangling graph.
Network read_onnx(const std::filesystem::path& file);

}  // namespace omniphi::models
