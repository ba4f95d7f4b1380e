#include "models/workload/op/per_axis.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "hw/base/parameter_schema.h"
#include "hw/base/parameter_writer.h"

namespace omniphi::models {

PerAxis PerAxis::shortest(std::vector<std::int64_t> values) {
  const auto change = std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>());
  if (change == values.end()) values.resize(1);
  return {std::move(values)};
}

void PerAxis::read(
    const ConfigNode& node, const std::string& path, PerAxis& out, Rule rule, ReadContext context) {
  const std::size_t before = context.diagnostics.size();
  std::vector<std::int64_t> values(1);
  if (node.is_sequence()) {
    detail::read_value(node, path, values, rule, context);
  } else {
    detail::read_value(node, path, values[0], rule, context);
  }
  if (values.empty()) context.diagnostics.error(node.place, path, "needs at least one number");
  if (context.diagnostics.size() == before) out.values = std::move(values);
}

ConfigNode PerAxis::schema(Rule rule, SchemaContext) {
  ConfigNode axes = schema::list_of(schema::integer(rule));
  axes.set("minItems", ConfigNode::text("1"));
  return schema::either(schema::of_type("array"), std::move(axes), schema::integer(rule));
}

ConfigNode PerAxis::write() const {
  return values.size() == 1 ? written(values[0]) : written(values);
}

}  // namespace omniphi::models
