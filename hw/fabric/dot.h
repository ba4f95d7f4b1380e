#pragma once

#include <string>

#include "hw/fabric/wiring.h"

namespace omniphi::hw {

/// The fabric as a drawing in Graphviz's language (dot, or sfdp for large ones): switches as boxes,
/// hosts as dots, parallel cables as one line with their number, colours by reach.
std::string dot(const Wiring& wiring);

}  // namespace omniphi::hw
