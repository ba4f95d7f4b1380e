#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/config_node.h"

namespace omniphi::test {

/// A JSON Schema validator with one of our schemas, so that an independent reader says what they
/// mean. (It knows draft 7, which our schemas do not go beyond but for where definitions stand.)
class Validator {
 public:
  /// The schema of `omniphi schema NAME`.
  explicit Validator(std::string_view name);
  ~Validator();
  Validator(Validator&&) noexcept;

  /// What is wrong with a document, one line a fault; "" if nothing is.
  [[nodiscard]] std::string faults(const std::string& json) const;
  [[nodiscard]] std::string faults(const ConfigNode& tree) const;

  [[nodiscard]] bool accepts(const ConfigNode& tree) const { return faults(tree).empty(); }

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

/// YAML as a tree; throws ConfigError for what is none.
ConfigNode yaml_text(const std::string& text);
ConfigNode yaml_file(const std::filesystem::path& file);

/// The YAML files of a folder of the repository, sorted.
std::vector<std::filesystem::path> yaml_files(const std::string& folder);

}  // namespace omniphi::test
