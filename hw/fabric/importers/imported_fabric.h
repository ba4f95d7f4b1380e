#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/config_node.h"

namespace omniphi::hw {

/// A fabric as a file of another program describes it.
struct ImportedFabric {
  ConfigNode tree;                 // a catalog entry of `fabrics/`
  std::vector<std::string> notes;  // what is to be known of it, one sentence each
};

/// Whether the file is a fabric's: Omni-Path topology XML (a Topology, or a Report of opareport), a
/// link summary (.csv or .txt), or SimGrid platform XML.
bool is_fabric_file(const std::filesystem::path& file);

/// Reads it. Throws ConfigError for a file that is none of these, broken or too large.
ImportedFabric imported_fabric(const std::filesystem::path& file);

// What these are read by.

/// Omni-Path's FastFabric tools: topology XML as opareport, opaxlattopology and opaxmlgenerate
/// write it. What has the same GUID is one switch; adapters whose descriptions name the same host
/// ("node7 hfi1_0") are the ports of one host. Cables that are listed twice count once.
ImportedFabric read_opa_topology(const std::filesystem::path& file);

/// The same tools' link summaries, one link a line, separated by semicolons: with 12 fields as in
/// directors' linksum files, or 19 as opaxmlgenerate takes them.
ImportedFabric read_opa_links(const std::filesystem::path& file);

/// SimGrid's platform XML (version 4) with one cluster: flat, or a torus, fat tree or dragonfly.
/// Hosts' speeds are left out.
ImportedFabric read_simgrid_platform(const std::filesystem::path& file);

}  // namespace omniphi::hw
