#pragma once

#include <string>
#include <vector>

#include "models/workload/importers/caffe.h"
#include "models/workload/importers/onnx.h"

namespace omniphi::sim {

/// What the file of a network leaves open, as options say it.
struct OpenSizes {
  std::string input_shape;              // of one sample, "1x28x28", for a prototxt; ""
  std::vector<std::string> dimensions;  // NAME=NUMBER, for an ONNX file
};

/// Options with the shape of the first data layer's samples. Throws ConfigError for another text.
models::CaffeOptions caffe_options(const OpenSizes& sizes);

/// Throws ConfigError for another text.
models::OnnxDimensions onnx_dimensions(const OpenSizes& sizes);

}  // namespace omniphi::sim
