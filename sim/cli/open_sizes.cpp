#include "sim/cli/open_sizes.h"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "hw/base/error.h"

namespace omniphi::sim {

namespace {

/// The whole number that the text is and nothing else.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

/// Nothing for a text that is no shape.
std::optional<models::TensorShape> shape_of(std::string_view text) {
  models::TensorShape shape;
  for (;;) {
    const std::size_t times = text.find('x');
    const std::optional<std::int64_t> dimension = whole_number(text.substr(0, times));
    if (!dimension || *dimension < 1 || *dimension > models::kLargestTensor ||
        shape.rank() == models::kLargestRank) {
      return std::nullopt;
    }
    shape.dimensions.push_back(*dimension);
    if (times == std::string_view::npos) return shape;
    text.remove_prefix(times + 1);
  }
}

}  // namespace

models::CaffeOptions caffe_options(const OpenSizes& sizes) {
  models::CaffeOptions options;
  if (sizes.input_shape.empty()) return options;
  std::optional<models::TensorShape> shape = shape_of(sizes.input_shape);
  if (!shape) {
    throw ConfigError(
        {Diagnostic{{},
                    "--input-shape",
                    fmt::format("expected the shape of one sample such as 1x28x28, got \"{}\"",
                                sizes.input_shape),
                    ""}});
  }
  options.input_shapes[""] = *std::move(shape);
  return options;
}

models::OnnxDimensions onnx_dimensions(const OpenSizes& sizes) {
  models::OnnxDimensions dimensions;
  for (const std::string& text : sizes.dimensions) {
    const std::size_t equals = text.rfind('=');
    const bool named = equals != std::string::npos && equals > 0;
    const std::optional<std::int64_t> number =
        named ? whole_number(std::string_view(text).substr(equals + 1)) : std::nullopt;
    if (!number || *number < 0) {
      throw ConfigError({Diagnostic{
          {}, "", fmt::format("--dimension {}: expected NAME=NUMBER", in_quotes(text)), ""}});
    }
    dimensions[text.substr(0, equals)] = *number;
  }
  return dimensions;
}

}  // namespace omniphi::sim
