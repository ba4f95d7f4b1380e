#include "models/workload/importers/onnx_node.h"

#include <algorithm>
#include <iterator>

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
  const std::string quoted =
      in_quotes(in_standard_domain(node) ? node.op_type() : node.domain() + "::" + node.op_type());
  return quoted.substr(1, quoted.size() - 2);
}

bool in_standard_domain(const onnx::NodeProto& node) {
  return node.domain().empty();
}

const onnx::AttributeProto* find_attribute(const onnx::NodeProto& node, std::string_view name) {
  const auto found = std::find_if(
      node.attribute().begin(), node.attribute().end(), [&](const onnx::AttributeProto& attribute) {
        return attribute.name() == name;
      });
  return found == node.attribute().end() ? nullptr : &*found;
}

std::int64_t integer_attribute(const onnx::NodeProto& node,
                               std::string_view name,
                               std::int64_t otherwise) {
  const onnx::AttributeProto* attribute = find_attribute(node, name);
  return attribute ? attribute->i() : otherwise;
}

double real_attribute(const onnx::NodeProto& node, std::string_view name, double otherwise) {
  const onnx::AttributeProto* attribute = find_attribute(node, name);
  return attribute ? attribute->f() : otherwise;
}

std::string text_attribute(const onnx::NodeProto& node,
                           std::string_view name,
                           const std::string& otherwise) {
  const onnx::AttributeProto* attribute = find_attribute(node, name);
  return attribute ? attribute->s() : otherwise;
}

std::vector<std::int64_t> integers_attribute(const onnx::NodeProto& node, std::string_view name) {
  const onnx::AttributeProto* attribute = find_attribute(node, name);
  if (!attribute) return {};
  return {attribute->ints().begin(), attribute->ints().end()};
}

std::string input_name(const onnx::NodeProto& node, int index) {
  return index < node.input_size() ? node.input(index) : std::string();
}

std::vector<std::string> input_names(const onnx::NodeProto& node) {
  std::vector<std::string> names;
  std::copy_if(node.input().begin(),
               node.input().end(),
               std::back_inserter(names),
               [](const std::string& name) { return !name.empty(); });
  return names;
}

std::string library_message(const std::exception& error) {
  std::string text = error.what();
  for (const std::string_view tag :
       {"[ShapeInferenceError] ", "[TypeInferenceError] ", "Shape inference error(s): "}) {
    for (std::size_t at = 0; (at = text.find(tag, at)) != std::string::npos;) {
      text.erase(at, tag.size());
    }
  }
  constexpr std::size_t kLongest = 300;
  if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

}  // namespace omniphi::models
