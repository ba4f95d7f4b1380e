#include "sim/cli/open_sizes.h"

#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace omniphi::sim {

namespace {

Place option(std::string_view name, std::string_view value) {
  return {std::make_shared<const std::string>(fmt::format("--{} {}", name, value)), 0, 0};
}

/// "1x28x28" as [1, 28, 28]
ConfigNode shape(std::string_view text) {
  ConfigNode list = ConfigNode::sequence(option("input-shape", text));
  for (;;) {
    const std::size_t times = text.find('x');
    list.items.push_back(ConfigNode::text(std::string(text.substr(0, times)), list.place));
    if (times == std::string_view::npos) return list;
    text.remove_prefix(times + 1);
  }
}

}  // namespace

ConfigNode parameters_of(const OpenSizes& sizes) {
  ConfigNode parameters;
  const auto add = [&](const std::string& name, ConfigNode value) {
    const Place place = value.place;
    parameters.at_or_new(name, place) = std::move(value);
    parameters.place = place;
  };
  if (!sizes.input_shape.empty()) add("input_shape", shape(sizes.input_shape));
  if (!sizes.phase.empty())
    add("phase", ConfigNode::text(sizes.phase, option("phase", sizes.phase)));
  for (const std::string& text : sizes.dimensions) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0) {
      throw ConfigError({Diagnostic{
          {}, "", fmt::format("--dimension {}: expected NAME=NUMBER", in_quotes(text)), ""}});
    }
    add(text.substr(0, equals),
        ConfigNode::text(text.substr(equals + 1), option("dimension", text)));
  }
  return parameters;
}

}  // namespace omniphi::sim
