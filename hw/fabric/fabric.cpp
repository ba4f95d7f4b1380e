#include "hw/fabric/fabric.h"

#include "hw/base/parameter_schema.h"
#include "hw/base/parameter_writer.h"

namespace omniphi::hw {

void Fabric::read(
    const ConfigNode& node, const std::string& path, Fabric& out, Rule rule, ReadContext context) {
  detail::read_value(node, path, out.topology, rule, context);
}

ConfigNode Fabric::schema(Rule rule, SchemaContext context) {
  return schema_of<Topology>(rule, context);
}

ConfigNode Fabric::write() const {
  return written(topology);
}

}  // namespace omniphi::hw
