#pragma once

#include <string>

#include "hw/base/config_node.h"
#include "models/report/report.h"

namespace omniphi::sim {

/// The report in the versioned JSON schema: figures as {"value", "low", "high", "basis"} at the
/// top, each key ending in its base unit; an unknown figure has no value. Ends in a newline.
std::string report_json(const models::Report& report);

/// A tree of configuration as JSON: whole numbers and true/false as such, quantities as text.
std::string config_json(const ConfigNode& tree);

}  // namespace omniphi::sim
