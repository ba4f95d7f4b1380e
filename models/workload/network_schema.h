#pragma once

#include "hw/base/parameter_schema.h"

namespace omniphi::models {

/// The schema of a network description (network_yaml.h). It knows each operator's parameters, and
/// that any value may be an expression; not which blocks and parameters there are.
ConfigNode network_schema(SchemaContext context);

}  // namespace omniphi::models
