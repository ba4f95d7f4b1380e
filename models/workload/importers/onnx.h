#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "models/workload/network.h"

namespace omniphi::models {

/// Numbers for what an ONNX file leaves open: named dimensions ("seq_len"), nameless ones ("x.2":
/// axis 2 of input x), lengths of sequences and whole numbers that are inputs (the name of the
/// input). 0 is a number: a past of no positions vanishes.
using OnnxDimensions = std::map<std::string, std::int64_t>;

/// Reads an ONNX model file as a network of one sample; README.md beside this header says what is
/// read, folded, approximated and refused. The batch is the first dimension of the first input; it
/// is followed through the graph and taken off every shape. Where an operator works along it, a
/// whole tensor is one sample, and a note says so. Weights are recognised by what consumes them;
/// their values are never needed. Throws ConfigError with the file and each node at fault.
Network read_onnx(const std::filesystem::path& file, const OnnxDimensions& dimensions = {});

}  // namespace omniphi::models
