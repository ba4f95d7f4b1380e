#include "models/workload/importers/onnx_proto.h"

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/error.h"

namespace omniphi::models {

std::string node_label(const onnx::NodeProto& node) {
  const bool named_by_output = node.name().empty() && node.output_size() > 0;
  return fmt::format("node {} ({})",
                     in_quotes(named_by_output ? node.output(0) : node.name()),
                     operator_name(node));
}

std::string operator_name(const onnx::NodeProto& node) {
  const std::string_view domain = domain_of(node);
  const std::string quoted =
      in_quotes(domain.empty() ? node.op_type() : fmt::format("{}::{}", domain, node.op_type()));
  return quoted.substr(1, quoted.size() - 2);
}

std::string_view domain_of(const onnx::NodeProto& node) {
  return short_domain(node.domain());
}

std::string_view short_domain(std::string_view domain) {
  return domain == "ai.onnx" ? std::string_view() : domain;
}

const onnx::AttributeProto* find_attribute(const onnx::NodeProto& node, std::string_view name) {
  const auto found = std::find_if(
      node.attribute().begin(), node.attribute().end(), [&](const onnx::AttributeProto& attribute) {
        return attribute.name() == name;
      });
  return found == node.attribute().end() ? nullptr : &*found;
}

std::vector<const onnx::GraphProto*> bodies_of(const onnx::NodeProto& node) {
  std::vector<const onnx::GraphProto*> bodies;
  for (const onnx::AttributeProto& attribute : node.attribute()) {
    if (attribute.has_g()) bodies.push_back(&attribute.g());
    for (const onnx::GraphProto& body : attribute.graphs()) bodies.push_back(&body);
  }
  return bodies;
}

}  // namespace omniphi::models
