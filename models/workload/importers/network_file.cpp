#include "models/workload/importers/network_file.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "hw/base/parameter_reader.h"
#include "hw/base/yaml_reader.h"
#include "models/workload/importers/onnx.h"
#include "models/workload/network_yaml.h"

namespace omniphi::models {

namespace {

constexpr std::array kExtensions{std::pair{std::string_view(".yaml"), NetworkFormat::Yaml},
                                 std::pair{std::string_view(".onnx"), NetworkFormat::Onnx},
                                 std::pair{std::string_view(".prototxt"), NetworkFormat::Caffe}};

/// What may be changed in a file that another program wrote.
struct ModelChange {
  ConfigNode parameters;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("parameters", self.parameters, "what the file leaves open");
  }
};

struct CaffeParameters {
  CaffePhase phase = CaffePhase::Train;
  std::optional<std::vector<std::int64_t>> input_shape;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("phase", self.phase, "whose layers are taken");
    v("input_shape", self.input_shape, "shape of a sample", between(1, kLargestTensor));
  }
};

/// Calls `read` with a context; parameters of model files name no parts of a catalog.
template <class Read>
void read_given(const ConfigNode& node, Diagnostics& diagnostics, const Read& read) {
  if (node.kind == ConfigNode::Kind::Null) return;
  const Catalog no_catalog{{}};
  read(ReadContext{no_catalog, diagnostics});
}

OnnxDimensions onnx_dimensions(const ConfigNode& parameters, Diagnostics& diagnostics) {
  OnnxDimensions dimensions;
  read_given(parameters, diagnostics, [&](ReadContext context) {
    detail::read_value(parameters, "parameters", dimensions, non_negative, context);
  });
  return dimensions;
}

Network read_yaml_network(const std::filesystem::path& file,
                          const ConfigNode& change,
                          Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  ConfigNode tree = read_yaml_file(file, diagnostics);
  if (diagnostics.size() > before) return {};
  if (change.is_map()) tree = changed_network(std::move(tree), change);
  return read_network(tree, file.stem().string(), diagnostics);
}

Network read_model(NetworkFormat format,
                   const std::filesystem::path& file,
                   const ConfigNode& change,
                   Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.size();
  ModelChange model;
  read_given(change, diagnostics, [&](ReadContext context) {
    read_parameters(change, "", model, context);
  });
  OnnxDimensions dimensions;
  CaffeOptions options;
  if (format == NetworkFormat::Onnx) {
    dimensions = onnx_dimensions(model.parameters, diagnostics);
  } else {
    options = caffe_options(model.parameters, diagnostics);
  }
  if (diagnostics.size() > before) return {};
  try {
    return format == NetworkFormat::Onnx ? read_onnx(file, dimensions)
                                         : read_caffe(file, options).network;
  } catch (const ConfigError& error) {
    for (const Diagnostic& d : error.diagnostics()) diagnostics.error(d.place, d.path, d.message);
    return {};
  }
}

}  // namespace

std::optional<NetworkFormat> network_format(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  for (const auto& [known, format] : kExtensions) {
    if (extension == known) return format;
  }
  return std::nullopt;
}

CaffeOptions caffe_options(const ConfigNode& parameters, Diagnostics& diagnostics) {
  CaffeParameters read;
  read_given(parameters, diagnostics, [&](ReadContext context) {
    read_parameters(parameters, "parameters", read, context);
  });
  CaffeOptions options;
  options.phase = read.phase;
  if (!read.input_shape) return options;
  TensorShape shape{*std::move(read.input_shape)};
  if (shape.rank() == 0 || shape.rank() > kLargestRank) {
    diagnostics.error(parameters.find("input_shape")->place,
                      "parameters.input_shape",
                      fmt::format("expected 1 to {} dimensions", kLargestRank));
  }
  options.input_shapes[""] = std::move(shape);
  return options;
}

Network read_network_file(const std::filesystem::path& file,
                          const ConfigNode& change,
                          Diagnostics& diagnostics) {
  const NetworkFormat format = network_format(file).value_or(NetworkFormat::Yaml);
  return format == NetworkFormat::Yaml ? read_yaml_network(file, change, diagnostics)
                                       : read_model(format, file, change, diagnostics);
}

}  // namespace omniphi::models
