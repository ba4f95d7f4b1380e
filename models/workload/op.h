#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "models/workload/op/activation.h"
#include "models/workload/op/arrangement.h"
#include "models/workload/op/combination.h"
#include "models/workload/op/normalization.h"
#include "models/workload/op/product.h"
#include "models/workload/op/sequence.h"
#include "models/workload/op/source.h"
#include "models/workload/op/window.h"
#include "models/workload/tensor.h"

/// The operators of the layer graph. Each is a plain struct whose parameter list reads the network
/// YAML; shapes are those of one sample ([C, H, W], [T, features], [T] for ids); tensors keep the
/// batch outside. An operator has one output: what gives several (a split) is several layers.
namespace omniphi::models {

using Op = std::variant<Input,
                        Constant,
                        Convolution,
                        TransposedConvolution,
                        InnerProduct,
                        MatrixProduct,
                        Gemm,
                        Embedding,
                        Recurrent,
                        Attention,
                        Pooling,
                        GlobalPooling,
                        BatchNormalization,
                        LayerNormalization,
                        RmsNormalization,
                        GroupNormalization,
                        InstanceNormalization,
                        LocalResponseNormalization,
                        Scale,
                        Activation,
                        ParametricRelu,
                        Dropout,
                        Conversion,
                        ElementWise,
                        Reduction,
                        Softmax,
                        Loss,
                        TopK,
                        Concatenation,
                        Slice,
                        Gather,
                        Pad,
                        Reshape,
                        Transpose,
                        Expand,
                        Resize,
                        DepthToSpace,
                        Pass>;

/// "convolution", "batch-normalization", ...
std::string_view op_name(const Op& op);

/// Whether the operator takes no other layer's output.
bool takes_no_input(const Op& op);

/// Whether a change of the inputs changes the output smoothly, so that training goes back through.
bool has_gradient(const Op& op);

/// Shape of the output for these inputs.
/// Throws std::invalid_argument with one sentence where the operator cannot take them.
TensorShape output_shape(const Op& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
