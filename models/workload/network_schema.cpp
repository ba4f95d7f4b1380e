#include "models/workload/network_schema.h"

#include <type_traits>
#include <variant>

#include "models/workload/network_description.h"

namespace omniphi::models {

namespace {

void add_layer_keys(schema::Object& layer, SchemaContext context) {
  layer.add("name", "what other layers call this one", schema::text(), true);
  layer.add("from",
            "the layer or layers that it takes, if not the one before it",
            schema::any_of({schema::text(), schema::list_of(schema::text())}));
  layer.add("repeat",
            "how many of it are chained, named NAME.1 and so on",
            schema::integer(between(0, kMostLayers)));
  layer.add("shares", "the layer whose weights it uses too", schema::text());
  layer.add("format",
            "number format of its weights and output, where the network itself says so",
            schema_of<ElementFormat>({}, context));
}

template <class Kind>
ConfigNode layer_of_kind(SchemaContext context) {
  schema::Object layer(context);
  layer.add(Kind::kind_key, "which operator this is", schema::constant(Kind::kind), true);
  add_layer_keys(layer, context);
  const Kind defaults{};
  Kind::visit(defaults, layer);
  return layer.schema();
}

template <class... Kinds>
ConfigNode layer_of_any_kind(std::type_identity<std::variant<Kinds...>>, SchemaContext context) {
  return schema::any_of({layer_of_kind<Kinds>(context)...});
}

/// One use of a block; its other keys are what the block asks for.
ConfigNode block_use(SchemaContext context) {
  schema::Object use(context);
  use.add("block", "which block of the description this is", schema::text(), true);
  add_layer_keys(use, context);
  ConfigNode node = use.schema();
  node.set("additionalProperties", ConfigNode::text("true"));
  return node;
}

ConfigNode layer(SchemaContext context) {
  return schema::either(schema::has_key("block"),
                        block_use(context),
                        layer_of_any_kind(std::type_identity<Op>{}, context));
}

ConfigNode or_expression(ConfigNode value) {
  ConfigNode expression = schema::of_type("string");
  expression.set("pattern", detail::quoted_text("[$]"));
  return schema::either(std::move(expression), ConfigNode::map(), std::move(value));
}

/// Lets every value be an expression over parameters, "($kernel - 1) / 2".
void allow_expressions(ConfigNode& node) {
  for (ConfigNode& item : node.items) allow_expressions(item);
  for (ConfigNode::Entry& entry : node.entries) {
    allow_expressions(entry.value);
    if (entry.key == "items") entry.value = or_expression(std::move(entry.value));
    if (entry.key != "properties") continue;
    for (ConfigNode::Entry& property : entry.value.entries) {
      property.value = or_expression(std::move(property.value));
    }
  }
}

ConfigNode layers(ConfigNode item) {
  ConfigNode node = schema::list_of(std::move(item));
  node.set("minItems", ConfigNode::text("1"));
  return node;
}

void describe_layers(ConfigNode& object, const ConfigNode& list) {
  ConfigNode& property = object.at_or_new("properties").at_or_new("layers");
  for (const ConfigNode::Entry& entry : list.entries) property.set(entry.key, entry.value);
}

/// The list of layers, which the parameter lists leave open, put in its two places.
ConfigNode network_in_place(SchemaContext context) {
  const SchemaContext whole = context.whole();
  const ConfigNode any_layer = schema::defined("models.Layer", whole, [&] {
    ConfigNode node = layer(whole);
    allow_expressions(node);
    return node;
  });
  ConfigNode block = detail::object_schema<Block>(context);
  describe_layers(block, layers(any_layer));
  ConfigNode network = detail::object_schema<NetworkDescription>(context);
  network.at_or_new("properties").at_or_new("blocks").set("additionalProperties", std::move(block));
  describe_layers(network, layers(any_layer));
  return network;
}

}  // namespace

ConfigNode network_schema(SchemaContext context) {
  return schema::defined("models.Network", context, [&] { return network_in_place(context); });
}

}  // namespace omniphi::models
