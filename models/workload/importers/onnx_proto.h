#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <onnx/onnx_pb.h>

/// Names of what stands in an ONNX file, for look-up and for messages.
namespace omniphi::models {

/// `node "conv1" (Conv)`: how messages name it. A node without a name goes by its first output.
std::string node_label(const onnx::NodeProto& node);

/// "com.microsoft::Attention", or only the operator's name in the standard domain.
std::string operator_name(const onnx::NodeProto& node);

/// "" for the standard domain, which has two spellings.
std::string_view domain_of(const onnx::NodeProto& node);
std::string_view short_domain(std::string_view domain);

/// The attribute, or null.
const onnx::AttributeProto* find_attribute(const onnx::NodeProto& node, std::string_view name);

/// The bodies among the attributes of a control-flow node.
std::vector<const onnx::GraphProto*> bodies_of(const onnx::NodeProto& node);

}  // namespace omniphi::models
