#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <pugixml.hpp>

#include "hw/base/error.h"

/// Only this folder's sources include this header, so that pugixml stays out of everybody else's.
namespace omniphi::hw {

/// An XML file in memory, which knows at which line each element begins. pugixml reads in linear
/// time, follows no entities or other files, and does not recurse.
class XmlFile {
 public:
  /// Throws ConfigError for a file that cannot be read, is too large, or is no XML.
  explicit XmlFile(const std::filesystem::path& file);

  [[nodiscard]] pugi::xml_node root() const { return document_.document_element(); }

  [[nodiscard]] Place place(pugi::xml_node node) const { return place_at(node.offset_debug()); }

  /// Throws ConfigError at the element's line.
  [[noreturn]] void refuse(pugi::xml_node node, std::string message) const;

 private:
  [[nodiscard]] Place place_at(std::ptrdiff_t offset) const;

  std::shared_ptr<const std::string> name_;
  std::string text_;
  pugi::xml_document document_;
};

/// Throws ConfigError with this one fault.
[[noreturn]] void refuse_at(const Place& place, std::string message);

/// The whole file. Throws ConfigError for one that cannot be read or has more than 256 MiB.
std::string file_text(const std::filesystem::path& file);

}  // namespace omniphi::hw
