#pragma once

#include <string>
#include <vector>

#include "hw/base/config_node.h"

namespace omniphi::sim {

/// What the file of a network leaves open, as options say it.
struct OpenSizes {
  std::string input_shape;              // of one sample, "1x28x28", for a prototxt; ""
  std::string phase;                    // whose layers of a prototxt are taken; ""
  std::vector<std::string> dimensions;  // NAME=NUMBER, for an ONNX file
};

/// The same as the `parameters` of a network's file; Null where nothing is said. Its reader checks
/// the values. Throws ConfigError for a text that names no dimension.
ConfigNode parameters_of(const OpenSizes& sizes);

}  // namespace omniphi::sim
