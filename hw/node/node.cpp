#include "hw/node/node.h"

#include "hw/base/parameter_schema.h"
#include "hw/base/parameter_writer.h"

namespace omniphi::hw {

std::string_view Node::kind_name() const {
  return std::visit([](const auto& k) { return k.kind; }, kind);
}

const std::string& Node::source() const {
  return std::visit([](const auto& k) -> const std::string& { return k.source; }, kind);
}

const Adapter& Node::adapter() const {
  return std::visit([](const auto& k) -> const Adapter& { return *k.adapter; }, kind);
}

const Power& Node::power() const {
  return std::visit([](const auto& k) -> const Power& { return k.power; }, kind);
}

const NodePrice& Node::price() const {
  return std::visit([](const auto& k) -> const NodePrice& { return k.price; }, kind);
}

void Node::read(
    const ConfigNode& node, const std::string& path, Node& out, Rule rule, ReadContext context) {
  detail::read_value(node, path, out.kind, rule, context);
}

ConfigNode Node::schema(Rule rule, SchemaContext context) {
  return schema_of<NodeKind>(rule, context);
}

ConfigNode Node::write() const {
  return written(kind);
}

}  // namespace omniphi::hw
