#include "hw/fabric/importers/imported_fabric.h"

#include <fstream>

#include "hw/fabric/importers/xml_file.h"

namespace omniphi::hw {

namespace {

/// The name of the first element of what may be XML, read from the file's beginning only.
std::string first_element(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text(1 << 16, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    if (text.compare(at, 4, "<!--") == 0) {
      at = text.find("-->", at);
      if (at == std::string::npos) return "";
      continue;
    }
    const std::size_t end = text.find_first_of(" \t\r\n/>", at);
    if (at + 1 < text.size() && std::isalpha(static_cast<unsigned char>(text[at + 1]))) {
      return text.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    }
  }
  return "";
}

bool is_list(const std::filesystem::path& file) {
  return file.extension() == ".csv" || file.extension() == ".txt";
}

}  // namespace

bool is_fabric_file(const std::filesystem::path& file) {
  if (is_list(file)) return true;
  if (file.extension() != ".xml") return false;
  const std::string element = first_element(file);
  return element == "Topology" || element == "Report" || element == "platform";
}

ImportedFabric imported_fabric(const std::filesystem::path& file) {
  if (is_list(file)) return read_opa_links(file);
  if (first_element(file) == "platform") return read_simgrid_platform(file);
  return read_opa_topology(file);
}

}  // namespace omniphi::hw
