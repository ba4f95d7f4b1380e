#include "sim/report/report_schema.h"

#include <type_traits>

#include "sim/report/report_keys.h"

namespace omniphi::sim {

namespace {

// Everything a report is made of; all of them before any of them, so that they nest in every order.
template <class T>
ConfigNode schema_like(const T& value, SchemaContext context);
template <class D>
ConfigNode schema_like(Quantity<D>, SchemaContext);
template <class Q>
ConfigNode schema_like(const Figure<Q>&, SchemaContext context);
template <class T>
ConfigNode schema_like(const std::vector<T>&, SchemaContext context);

/// Outside of configuration a quantity is a number in base units, which its key names.
template <class D>
ConfigNode schema_like(Quantity<D>, SchemaContext) {
  return schema::of_type("number");
}

ConfigNode figure(SchemaContext context) {
  schema::Object object(context);
  object.add("value", "the best estimate; none if the basis is unknown", schema::of_type("number"));
  object.add("low", "lower end of the range it is believed in", schema::of_type("number"));
  object.add("high", "upper end of that range", schema::of_type("number"));
  object.add("basis", "what the number rests on", schema_of<Basis>({}, context), true);
  object.add("source", "document and page", schema::of_type("string"));
  return object.schema();
}

template <class Q>
ConfigNode schema_like(const Figure<Q>&, SchemaContext context) {
  return schema::defined("Figure", context, [&] { return figure(context); });
}

template <class T>
ConfigNode schema_like(const std::vector<T>&, SchemaContext context) {
  return schema::list_of(schema_like(T{}, context));
}

template <class T>
ConfigNode schema_like(const T& value, SchemaContext context) {
  if constexpr (std::is_same_v<T, std::string>) {
    return schema::of_type("string");
  } else if constexpr (std::is_integral_v<T>) {
    return schema::of_type("integer");
  } else if constexpr (std::is_arithmetic_v<T>) {
    return schema::of_type("number");
  } else if constexpr (std::is_same_v<T, ConfigNode>) {
    return schema::of_type("object");
  } else {
    schema::Object object(context);
    visit_keys(value, [&](std::string_view key, const auto& member, std::string_view meaning) {
      object.add(key, meaning, schema_like(member, context), true);
    });
    return object.schema();
  }
}

}  // namespace

ConfigNode report_schema(SchemaContext context) {
  ConfigNode report = schema_like(models::Report{}, context);
  const std::string version = std::to_string(models::Report::kVersion);
  report.at_or_new("properties")
      .at_or_new("omniphi_report")
      .set("const", ConfigNode::text(version));
  return report;
}

}  // namespace omniphi::sim
