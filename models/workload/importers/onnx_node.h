#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <onnx/onnx_pb.h>

/// Access to one node of an ONNX graph whose attributes `check_model` found in order.
namespace omniphi::models {

/// `node "conv1" (Conv)`: how messages name it. A node without a name goes by its first output.
std::string node_label(const onnx::NodeProto& node);

/// "com.microsoft::Attention", or only the operator's name in the standard domain.
std::string operator_name(const onnx::NodeProto& node);

/// Whether the operator is one of the ONNX standard's own.
bool in_standard_domain(const onnx::NodeProto& node);

/// The attribute, or null.
const onnx::AttributeProto* find_attribute(const onnx::NodeProto& node, std::string_view name);

std::int64_t integer_attribute(const onnx::NodeProto& node,
                               std::string_view name,
                               std::int64_t otherwise);
double real_attribute(const onnx::NodeProto& node, std::string_view name, double otherwise);
std::string text_attribute(const onnx::NodeProto& node,
                           std::string_view name,
                           const std::string& otherwise);
/// Empty if there is none.
std::vector<std::int64_t> integers_attribute(const onnx::NodeProto& node, std::string_view name);

/// What the ONNX library has to say, on one line and without its tags.
std::string library_message(const std::exception& error);

/// Name of an input; "" if it is left out.
std::string input_name(const onnx::NodeProto& node, int index);
/// Names of the inputs that are not left out.
std::vector<std::string> input_names(const onnx::NodeProto& node);

}  // namespace omniphi::models
