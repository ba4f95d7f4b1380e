#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "hw/base/config_node.h"

namespace omniphi {

/// What a configuration file may cost; more is an error, found before memory is spent on it.
struct YamlLimits {
  std::size_t bytes = 8u << 20;
  std::size_t nodes = 400'000;
  int depth = 64;
};

/// Reads one YAML document into a tree. Every fault of the text (syntax, duplicate or non-scalar
/// keys, anchors and aliases, several documents, too deep, too large) goes to `diagnostics`; the
/// tree is then partial and must not be used.
ConfigNode read_yaml(std::string_view text,
                     const std::string& name,
                     Diagnostics& diagnostics,
                     const YamlLimits& limits = {});

/// The same for a file; a file that cannot be read is a fault too.
ConfigNode read_yaml_file(const std::filesystem::path& file,
                          Diagnostics& diagnostics,
                          const YamlLimits& limits = {});

/// The whole of a file that is at most `largest` bytes long.
/// Throws ConfigError naming the file if it cannot be read, is no regular file or is larger.
std::string read_text_file(const std::filesystem::path& file, std::size_t largest);

/// YAML text that reads back to the same tree.
std::string write_yaml(const ConfigNode& tree);

}  // namespace omniphi
