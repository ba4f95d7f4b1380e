#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "models/mapping/design.h"

namespace omniphi::sim {

/// A scenario file: one question to the simulator. Its parameter list is the file format.
struct Scenario {
  static constexpr int kVersion = 1;

  int omniphi = kVersion;
  std::string name;
  models::Design design;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("omniphi",
      self.omniphi,
      "version of the scenario format",
      required | between(kVersion, kVersion));
    v("name", self.name, "title of the results");
    models::Design::visit(self.design, v);
  }
};

/// `path=value` of the command line: the value is YAML, the path is as messages print it
/// ("cluster.nodes", "cluster.groups[1].node"). A path below a named catalog entry changes a copy
/// of it.
struct Override {
  std::string path;
  std::string value;
};

/// Splits "path=value".
/// Throws ConfigError where there is no path or no "=".
Override parsed_override(const std::string& text);

/// Changes what each path names; faults go to `diagnostics`.
void apply_overrides(const std::vector<Override>& overrides,
                     ConfigNode& tree,
                     Diagnostics& diagnostics);

/// Reads a scenario with everything that it names.
/// Throws ConfigError with every fault of the file, its parts and the overrides.
Scenario read_scenario(const std::filesystem::path& file,
                       const std::vector<Override>& overrides,
                       const Catalog& catalog);

/// The same from a tree, for callers that hold one (tests, explorer, editor).
Scenario read_scenario(ConfigNode tree,
                       const std::vector<Override>& overrides,
                       const Catalog& catalog);

/// The scenario with every default written out; it reads back to the same.
ConfigNode write_scenario(const Scenario& scenario);

}  // namespace omniphi::sim
