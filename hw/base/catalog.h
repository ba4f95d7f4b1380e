#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/config_node.h"

namespace omniphi {

/// The folder of parts that scenarios name: one YAML file per entry, `FOLDER/ID.yaml`.
/// An entry may be derived from another of its folder: `base: ID` and what differs.
class Catalog {
 public:
  explicit Catalog(std::filesystem::path root);

  /// The entry's tree with its bases merged in, or Null with faults in `diagnostics`: an unknown id
  /// names the nearest one, and a fault of the part's file says that `from` included it.
  ConfigNode load(std::string_view folder,
                  std::string_view id,
                  const Place& from,
                  std::string_view path,
                  Diagnostics& diagnostics) const;

  /// `tree` with its `base:` entry of `folder` merged in, if it has one.
  ConfigNode derived(std::string_view folder,
                     ConfigNode tree,
                     std::string_view path,
                     Diagnostics& diagnostics) const;

  /// The ids of a folder, sorted.
  [[nodiscard]] std::vector<std::string> ids(std::string_view folder) const;
  [[nodiscard]] bool has(std::string_view folder, std::string_view id) const;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  /// The entry as written, its bases not yet merged in.
  ConfigNode entry(std::string_view folder,
                   std::string_view id,
                   const Place& from,
                   std::string_view path,
                   Diagnostics& diagnostics) const;
  ConfigNode derived(std::string_view folder,
                     ConfigNode tree,
                     std::string_view path,
                     Diagnostics& diagnostics,
                     int depth) const;

  std::filesystem::path root_;
};

}  // namespace omniphi
