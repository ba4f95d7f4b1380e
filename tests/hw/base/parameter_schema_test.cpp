#include "hw/base/parameter_schema.h"

#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"
#include "tests/hw/base/machine.h"

namespace omniphi {
namespace {

/// What this key of a tree holds; an empty tree if there is no such key.
ConfigNode at(ConfigNode node, const std::vector<std::string>& path) {
  for (const std::string& key : path) {
    const ConfigNode* value = node.find(key);
    if (!value) return {};
    ConfigNode below = *value;
    node = std::move(below);
  }
  return node;
}

template <class T>
ConfigNode definition(const std::string& name) {
  ConfigNode definitions = ConfigNode::map();
  schema_of<T>({}, {definitions});
  return at(definitions, {name});
}

TEST(ParameterSchema, SaysOfEachParameterItsMeaningTypeDefaultAndBounds) {
  EXPECT_EQ(write_yaml(definition<test::Box>("test.Box")),
            R"(type: "object"
properties:
  rate:
    description: "how fast it is"
    $ref: "#/$defs/positive-data-rate"
  count:
    description: "how many there are"
    default: 1
    type: "integer"
    minimum: 1
    maximum: 100
  share:
    description: "how much of it is used"
    default: 0.5
    anyOf:
      - {type: "number", minimum: 0, maximum: 1}
      - {$ref: "#/$defs/non-negative-percentage"}
  on:
    description: "whether it works"
    default: false
    type: "boolean"
  name:
    description: "what it is called"
    type: ["string", "number", "boolean"]
  paint:
    description: "its colour"
    default: blue
    $ref: "#/$defs/test.Paint"
required: ["rate"]
additionalProperties: false
)");
}

TEST(ParameterSchema, SaysWhatEachWordMeans) {
  const ConfigNode paint = definition<test::Box>("test.Paint");
  EXPECT_EQ(write_yaml(paint),
            R"(oneOf:
  - {const: "red", description: "as blood"}
  - {const: "blue", description: "as the sky"}
)");
}

TEST(ParameterSchema, TellsKindsApartByTheirKey) {
  const ConfigNode ring = definition<test::Machine>("test.Ring");
  EXPECT_EQ(at(ring, {"properties", "kind", "const"}).scalar, "ring");
  EXPECT_EQ(write_yaml(at(ring, {"required"})), "[\"kind\"]\n");
  const ConfigNode kinds =
      at(definition<test::Machine>("test.Machine"), {"properties", "ring", "anyOf"});
  EXPECT_EQ(write_yaml(kinds), R"(- {$ref: "#/$defs/test.Ring"}
- {$ref: "#/$defs/test.Grid"}
)");
}

TEST(ParameterSchema, AllowsNothingForAnOptionalParameter) {
  const ConfigNode spare =
      at(definition<test::Machine>("test.Machine"), {"properties", "spare", "anyOf"});
  EXPECT_EQ(write_yaml(spare), R"(- {$ref: "#/$defs/test.Box"}
- {type: "null"}
)");
}

TEST(ParameterSchema, AsksForTheValueOfAFigureThatIsKnown) {
  const ConfigNode price = definition<test::Priced>("figure.non-negative-price");
  EXPECT_EQ(write_yaml(at(price, {"then", "if"})),
            "required: [\"basis\"]\nproperties:\n  basis:\n    const: \"unknown\"\n");
  EXPECT_EQ(write_yaml(at(price, {"then", "then"})),
            "properties:\n  value: false\n  low: false\n  high: false\n");
  EXPECT_EQ(write_yaml(at(price, {"then", "else"})), "required: [\"value\"]\n");
  EXPECT_EQ(at(price, {"else", "$ref"}).scalar, "#/$defs/non-negative-price");
}

TEST(ParameterSchema, AsksForABaseOrForEverythingRequired) {
  ConfigNode definitions = ConfigNode::map();
  const ConfigNode part = part_schema<test::Box>({definitions});
  EXPECT_EQ(write_yaml(part),
            R"(if:
  required: ["base"]
then:
  $ref: "#/$defs/test.Box.derived"
else:
  $ref: "#/$defs/test.Box"
)");
  EXPECT_EQ(at(definitions, {"test.Box.derived", "required"}).kind, ConfigNode::Kind::Null);
  EXPECT_EQ(at(definitions, {"test.Box.derived", "properties", "base", "type"}).scalar, "string");
  EXPECT_EQ(at(definitions, {"test.Box", "properties", "base"}).kind, ConfigNode::Kind::Null);
}

TEST(ParameterSchema, NamesOneDefinitionForEachQuantityAndSign) {
  EXPECT_EQ(schema::quantity_name({}, dimension_value<BytesPerSecond::dimension>()), "data-rate");
  EXPECT_EQ(schema::quantity_name(required | non_negative, dimension_value<Usd::dimension>()),
            "non-negative-price");
  EXPECT_EQ(schema::quantity_name(at_least(1), dimension_value<Hertz::dimension>()),
            "positive-frequency-or-rate");
}

/// A text, and whether it is one of this dimension under this rule.
struct Sample {
  const char* text;
  DimensionValue dimension;
  Rule rule;
  bool fits;
};

constexpr DimensionValue kTime = dimension_value<Seconds::dimension>();
constexpr DimensionValue kRate = dimension_value<BytesPerSecond::dimension>();
constexpr DimensionValue kPower = dimension_value<Watts::dimension>();
constexpr DimensionValue kFrequency = dimension_value<Hertz::dimension>();
constexpr DimensionValue kEnergyPrice = dimension_value<UsdPerJoule::dimension>();

TEST(QuantityPattern, MatchesWhatTheParserTakes) {
  const Sample samples[] = {
      {"12.5 GB/s", kRate, {}, true},
      {"12.5GiB/s", kRate, {}, true},
      {"100 Gb/s", kRate, {}, true},
      {"3 MB/min", kRate, {}, true},
      {"12.5 GB", kRate, {}, false},
      {"12.5 gB/s", kRate, {}, false},
      {"12.5", kRate, {}, false},
      {"GB/s", kRate, {}, false},
      {"1e3 s", kTime, {}, true},
      {"1.5e-3 s", kTime, {}, true},
      {".5 us", kTime, {}, true},
      {"5. us", kTime, {}, true},
      {"-5 us", kTime, {}, true},
      {"010 s", kTime, {}, false},
      {"1_000 s", kTime, {}, false},
      {"+1 s", kTime, {}, false},
      {"0x10 s", kTime, {}, false},
      {"1 min", kTime, {}, true},
      {"1 kmin", kTime, {}, false},
      {"215 W", kPower, {}, true},
      {"3 MJ/h", kPower, {}, true},
      {"2400 MT/s", kFrequency, {}, true},
      {"0.1 USD/kWh", kEnergyPrice, {}, true},
      {"18 %", {}, {}, true},
      {"18", {}, {}, false},
      {"0 s", kTime, non_negative, true},
      {"-1 s", kTime, non_negative, false},
      {"0 s", kTime, positive, false},
      {"0.00 s", kTime, positive, false},
      {"0e7 s", kTime, positive, false},
      {"0.05 s", kTime, positive, true},
      {"-1 s", kTime, positive, false},
      {"10 s", kTime, positive, true},
  };
  for (const Sample& sample : samples) {
    const auto parsed = parse_quantity(sample.text, sample.dimension);
    const bool is_text =
        sample.dimension != DimensionValue{} || std::string(sample.text).ends_with('%');
    EXPECT_EQ(parsed && is_text && sample.rule.holds(*parsed), sample.fits) << sample.text;
    ConfigNode definitions = ConfigNode::map();
    schema::number(sample.rule, sample.dimension, {definitions});
    const std::string pattern =
        at(definitions, {schema::quantity_name(sample.rule, sample.dimension), "pattern"}).scalar;
    EXPECT_EQ(std::regex_match(sample.text, std::regex(pattern)), sample.fits)
        << sample.text << ' ' << pattern;
  }
}

TEST(UnitPattern, GoesThroughEveryUnitAndQuotient) {
  EXPECT_EQ(unit_pattern(kRate),
            "(?:(?:[kMGTP]?B|[KMGTP]iB|[kMGTP]?b|[kMGTP]?bit)/(?:[munp]?s|min|h))");
  EXPECT_EQ(unit_pattern({}), "%");
}

}  // namespace
}  // namespace omniphi
