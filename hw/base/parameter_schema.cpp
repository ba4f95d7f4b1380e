#include "hw/base/parameter_schema.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace omniphi {

namespace schema {

namespace {

ConfigNode text_value(std::string_view text) {
  return detail::quoted_text(std::string(text));
}

ConfigNode with(std::string_view key, ConfigNode value) {
  ConfigNode node = ConfigNode::map();
  node.set(key, std::move(value));
  return node;
}

ConfigNode sequence_of(std::vector<ConfigNode> items) {
  ConfigNode node = ConfigNode::sequence();
  node.items = std::move(items);
  return node;
}

ConfigNode bound(double value) {
  constexpr double kExactWhole = 1e15;
  const bool whole = std::floor(value) == value && std::abs(value) < kExactWhole;
  return ConfigNode::text(whole ? fmt::format("{:.0f}", value) : exact_text(value, {}));
}

ConfigNode bounded(ConfigNode schema, Rule rule) {
  if (std::isfinite(rule.low)) {
    schema.set(rule.above_low ? "exclusiveMinimum" : "minimum", bound(rule.low));
  }
  if (std::isfinite(rule.high)) schema.set("maximum", bound(rule.high));
  return schema;
}

/// What of a rule a pattern can check: the sign.
struct Sign {
  std::string_view name;
  std::string_view pattern;  // what stands before the digits
};

Sign sign_of(Rule rule) {
  if (rule.low > 0 || (rule.low == 0 && rule.above_low)) {
    return {"positive-", "(?![0.]+[^0-9.])"};  // digits other than zeros
  }
  return rule.low == 0 ? Sign{"non-negative-", ""} : Sign{"", "-?"};
}

/// A number and a unit, as parse_quantity reads them.
std::string quantity_pattern(Sign sign, DimensionValue dimension) {
  return fmt::format(R"(^{}(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)? *{}$)",
                     sign.pattern,
                     unit_pattern(dimension));
}

/// What a text with a unit is called; that of a plain number is a percentage.
DimensionName text_name(DimensionValue dimension) {
  return dimension == DimensionValue{} ? DimensionName{"percentage", "18 %"}
                                       : dimension_name(dimension);
}

ConfigNode quantity(Rule rule, DimensionValue dimension, SchemaContext context) {
  return defined(quantity_name(rule, dimension), context.whole(), [&] {
    const DimensionName naming = text_name(dimension);
    ConfigNode node = of_type("string");
    node.set("pattern", text_value(quantity_pattern(sign_of(rule), dimension)));
    // Not of the standard; editors show it where the pattern does not fit.
    node.set("patternErrorMessage",
             text_value(fmt::format("expected: {}, such as \"{}\"", naming.noun, naming.example)));
    node.set("examples", sequence_of({text_value(naming.example)}));
    return node;
  });
}

std::string_view suffix(SchemaContext::Form form) {
  switch (form) {
    case SchemaContext::Form::Whole:
      break;
    case SchemaContext::Form::Derived:
      return ".derived";
    case SchemaContext::Form::Changed:
      return ".changed";
  }
  return "";
}

}  // namespace

ConfigNode of_type(std::string_view type) {
  return with("type", text_value(type));
}

ConfigNode text() {
  // A text needs no quotes in YAML: `name: 7` is one too.
  return with("type",
              sequence_of({text_value("string"), text_value("number"), text_value("boolean")}));
}

ConfigNode integer(Rule rule) {
  return bounded(of_type("integer"), rule);
}

ConfigNode number(Rule rule, DimensionValue dimension, SchemaContext context) {
  ConfigNode in_text = quantity(rule, dimension, context);
  if (dimension != DimensionValue{}) return in_text;
  return any_of({bounded(of_type("number"), rule), std::move(in_text)});
}

ConfigNode one_of(const std::vector<Word>& words) {
  ConfigNode alternatives = ConfigNode::sequence();
  for (const Word& word : words) {
    ConfigNode alternative = constant(word.name);
    if (!word.meaning.empty()) alternative.set("description", text_value(word.meaning));
    alternatives.items.push_back(std::move(alternative));
  }
  return with("oneOf", std::move(alternatives));
}

ConfigNode constant(std::string_view word) {
  return with("const", text_value(word));
}

ConfigNode any_of(std::vector<ConfigNode> alternatives) {
  return with("anyOf", sequence_of(std::move(alternatives)));
}

ConfigNode list_of(ConfigNode items) {
  ConfigNode node = of_type("array");
  node.set("items", std::move(items));
  return node;
}

ConfigNode map_of(ConfigNode values) {
  ConfigNode node = of_type("object");
  node.set("additionalProperties", std::move(values));
  return node;
}

ConfigNode has_key(std::string_view key) {
  return with("required", sequence_of({text_value(key)}));
}

ConfigNode either(ConfigNode condition, ConfigNode then, ConfigNode otherwise) {
  ConfigNode node = with("if", std::move(condition));
  if (!then.entries.empty()) node.set("then", std::move(then));
  node.set("else", std::move(otherwise));
  return node;
}

ConfigNode named_or(ConfigNode in_place) {
  ConfigNode id = with("pattern", text_value("^[a-z0-9_-][a-z0-9._-]*$"));
  return either(of_type("string"), std::move(id), std::move(in_place));
}

ConfigNode defined(const std::string& name,
                   SchemaContext context,
                   const std::function<ConfigNode()>& describe) {
  const std::string full_name = fmt::format("{}{}", name, suffix(context.form));
  if (!context.definitions.find(full_name)) {
    ConfigNode description = describe();  // which may define others
    context.definitions.set(full_name, std::move(description));
  }
  return with("$ref", text_value("#/$defs/" + full_name));
}

ConfigNode derivable(SchemaContext context,
                     const std::function<ConfigNode(SchemaContext)>& describe) {
  ConfigNode derived = describe({context.definitions, SchemaContext::Form::Derived});
  // A part of a derived part need not have a base of its own: the other one's part is there.
  if (context.form != SchemaContext::Form::Whole) return derived;
  return either(has_key("base"), std::move(derived), describe(context));
}

std::string quantity_name(Rule rule, DimensionValue dimension) {
  std::string name = fmt::format("{}{}", sign_of(rule).name, text_name(dimension).noun);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

Object::Object(SchemaContext context) : inner_(context) {
  if (context.form != SchemaContext::Form::Derived) return;
  inner_.form = SchemaContext::Form::Changed;
  add("base",
      "the catalog entry that this is derived from; the other keys say what differs",
      of_type("string"));
}

void Object::add(std::string_view key,
                 std::string_view meaning,
                 ConfigNode value,
                 bool is_required,
                 const ConfigNode& default_value) {
  ConfigNode property = with("description", text_value(meaning));
  if (default_value.is_scalar()) property.set("default", default_value);
  for (ConfigNode::Entry& entry : value.entries) property.set(entry.key, std::move(entry.value));
  properties_.set(key, std::move(property));
  if (is_required) required_.items.push_back(text_value(key));
}

ConfigNode Object::schema() const {
  ConfigNode node = of_type("object");
  node.set("properties", properties_);
  if (!required_.items.empty() && inner_.form == SchemaContext::Form::Whole)
    node.set("required", required_);
  node.set("additionalProperties", ConfigNode::text("false"));
  return node;
}

}  // namespace schema

namespace detail {

std::string definition_name(std::string_view type_name) {
  constexpr std::string_view kOurs = "omniphi::";
  if (type_name.starts_with(kOurs)) type_name.remove_prefix(kOurs.size());
  std::string name;
  for (const char c : type_name) {
    if (c != ':') {
      name += c;
    } else if (!name.ends_with('.')) {
      name += '.';
    }
  }
  return name;
}

ConfigNode figure_schema(const schema::Object& as_map, ConfigNode bare, SchemaContext context) {
  ConfigNode map = as_map.schema();
  if (context.form == SchemaContext::Form::Whole) {
    ConfigNode unknown = schema::has_key("basis");
    unknown.at_or_new("properties").set("basis", schema::constant("unknown"));
    ConfigNode no_value = ConfigNode::map();
    for (const std::string_view key : {"value", "low", "high"}) {
      no_value.at_or_new("properties").set(key, ConfigNode::text("false"));
    }
    const ConfigNode rule =
        schema::either(std::move(unknown), std::move(no_value), schema::has_key("value"));
    for (const ConfigNode::Entry& entry : rule.entries) map.set(entry.key, entry.value);
  }
  return schema::either(schema::of_type("object"), std::move(map), std::move(bare));
}

}  // namespace detail

}  // namespace omniphi
