#pragma once

#include "hw/base/parameter_schema.h"

namespace omniphi::sim {

/// The schema of what report_json writes.
ConfigNode report_schema(SchemaContext context);

}  // namespace omniphi::sim
