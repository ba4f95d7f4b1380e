#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_value.h"
#include "models/workload/importers/onnx_walk.h"

namespace omniphi::models {

/// A graph input that the model's nodes take and no initialiser gives.
struct OnnxInput {
  std::string name;
  OnnxValue::Kind kind = OnnxValue::Kind::Activation;  // Constant for weights left to the user
  int type = onnx::TensorProto::FLOAT;
  Dimensions shape;
  std::optional<std::size_t> batch_axis;
  std::optional<std::int64_t> number;  // the user's: length of a sequence, or the input itself
};

struct OnnxInputs {
  std::vector<OnnxInput> inputs;
  OnnxBatch batch;
};

/// The inputs with their shapes in numbers. The batch is the first dimension of the first input
/// (the second where a recurrent node takes it as [steps, batch, features]), and wherever other
/// inputs have the same: by name, by number in the same place, or because they have neither there.
/// A batch without a number is taken as 1. `dimensions` are numbers for names of other dimensions;
/// "x.2" is the name of a nameless one, axis 2 of input x, and "x" of the length of a sequence x or
/// of the input x itself, if that is one whole number. Names without a number, and dimensions that
/// cannot be, go to `diagnostics`.
OnnxInputs inputs_of(const onnx::GraphProto& graph,
                     const std::map<std::string, std::int64_t>& dimensions,
                     const Place& place,
                     Diagnostics& diagnostics);

/// Adds an input layer for each and returns the values. Without a tracked batch, whole tensors
/// enter as one sample.
std::unordered_map<std::string, OnnxValue> values_of(const std::vector<OnnxInput>& inputs,
                                                     OnnxWalk& walk);

}  // namespace omniphi::models
