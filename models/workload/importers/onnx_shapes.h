#pragma once

#include <onnx/onnx_pb.h>

/// ONNX's own shape inference, helped where it would give up or take forever.
namespace omniphi::models {

/// Turns Constant nodes, and the axes that Unsqueeze has as an attribute, into initialisers: only
/// from those does shape inference follow values.
void put_constants_in_initializers(onnx::ModelProto& model);

/// Gives every value of a checked model its type and shape, anew: among the graph's inputs, outputs
/// or `value_info`, where initialisers are then found too. Throws std::invalid_argument with what
/// ONNX has to say against the graph.
void infer_shapes(onnx::ModelProto& model);

}  // namespace omniphi::models
