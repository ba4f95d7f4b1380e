#pragma once

#include <string>
#include <string_view>

namespace omniphi::sim {

/// Writes `text` to stdout for "-", or to a file that appears whole or not at all.
/// Throws std::runtime_error where that fails.
void write_output(const std::string& where, std::string_view text);

/// A line of comment in YAML, whatever the text holds.
std::string yaml_comment(std::string_view text);

}  // namespace omniphi::sim
