#pragma once

#include <string>

#include "hw/base/yaml_reader.h"
#include "models/workload/network_yaml.h"

namespace omniphi::models {

/// Reads a description that must be right.
inline Network network_from(const std::string& yaml) {
  Diagnostics diagnostics;
  const ConfigNode tree = read_yaml(yaml, "net.yaml", diagnostics);
  diagnostics.throw_if_any();
  Network network = read_network(tree, "net", diagnostics);
  diagnostics.throw_if_any();
  return network;
}

/// Everything wrong with a description, a line each.
inline std::string faults_of(const std::string& yaml) {
  try {
    network_from(yaml);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

inline Catalog source_catalog() {
  return Catalog(OMNIPHI_SOURCE_DIR "/configs");
}

inline Network catalog_network(const std::string& id) {
  Diagnostics diagnostics;
  Network network = load_network(source_catalog(), id, {}, "", diagnostics);
  diagnostics.throw_if_any();
  return network;
}

}  // namespace omniphi::models
