#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "hw/fabric/importers/imported_fabric.h"
#include "hw/fabric/importers/opa_links.h"
#include "hw/fabric/importers/xml_file.h"

namespace omniphi::hw {

namespace {

std::string text_of(pugi::xml_node parent, const char* child) {
  return parent.child(child).text().as_string();
}

OpaPort port_of(const XmlFile& xml, pugi::xml_node node) {
  const std::string type = text_of(node, "NodeType");
  if (type != "FI" && type != "SW") {
    xml.refuse(node, fmt::format("expected a NodeType of FI or SW, got {}", in_quotes(type)));
  }
  return {.guid = text_of(node, "NodeGUID"),
          .number = text_of(node, "PortNum"),
          .description = text_of(node, "NodeDesc"),
          .is_switch = type == "SW"};
}

/// Reports of opareport may have their parts one element deeper than topologies.
pugi::xml_node link_summary(pugi::xml_node root) {
  if (const pugi::xml_node summary = root.child("LinkSummary")) return summary;
  for (const pugi::xml_node child : root.children()) {
    if (const pugi::xml_node summary = child.child("LinkSummary")) return summary;
  }
  return {};
}

void add_link(const XmlFile& xml, pugi::xml_node link, OpaLinks& out) {
  std::vector<OpaPort> ports;
  for (const pugi::xml_node port : link.children("Port")) {
    if (ports.size() == 2) xml.refuse(port, "a link with a third port");
    ports.push_back(port_of(xml, port));
  }
  if (ports.size() < 2) xml.refuse(link, "a link needs two ports");
  std::string fault = out.add(text_of(link, "Rate"), ports[0], ports[1]);
  if (!fault.empty()) xml.refuse(link, std::move(fault));
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, ';');) fields.push_back(field);
  if (!line.empty() && line.back() == ';') fields.emplace_back();
  return fields;
}

/// Where the fields of one end are; none: there is no such field.
struct EndColumns {
  static constexpr std::size_t kNone = 1000;
  std::size_t guid = kNone;
  std::size_t number = 0;
  std::size_t type = 0;
  std::size_t description = 0;
};

constexpr std::size_t kSummaryFields = 12;
constexpr EndColumns kSummaryEnds[] = {{.number = 6, .type = 7, .description = 8},
                                       {.number = 9, .type = 10, .description = 11}};
constexpr std::size_t kGeneratorFields = 19;
constexpr EndColumns kGeneratorEnds[] = {{.guid = 7, .number = 8, .type = 11, .description = 9},
                                         {.guid = 13, .number = 14, .type = 17, .description = 15}};

std::string add_line(const std::vector<std::string>& fields, OpaLinks& out) {
  if (fields.size() != kSummaryFields && fields.size() != kGeneratorFields) {
    return fmt::format("expected {} or {} fields separated by semicolons, got {}",
                       kSummaryFields,
                       kGeneratorFields,
                       fields.size());
  }
  const auto& columns = fields.size() == kSummaryFields ? kSummaryEnds : kGeneratorEnds;
  OpaPort ports[2];
  for (std::size_t i = 0; i < 2; ++i) {
    const EndColumns& at = columns[i];
    const std::string& type = fields[at.type];
    if (type != "FI" && type != "SW") {
      return fmt::format("expected the type FI or SW of a port, got {}", in_quotes(type));
    }
    ports[i] = {.guid = at.guid == EndColumns::kNone ? "" : fields[at.guid],
                .number = fields[at.number],
                .description = fields[at.description],
                .is_switch = type == "SW"};
  }
  return out.add(fields[0], ports[0], ports[1]);
}

}  // namespace

ImportedFabric read_opa_topology(const std::filesystem::path& file) {
  const XmlFile xml(file);
  const pugi::xml_node summary = link_summary(xml.root());
  if (!summary) xml.refuse(xml.root(), "there is no LinkSummary in it: no Omni-Path topology");
  OpaLinks links;
  for (const pugi::xml_node link : summary.children("Link")) add_link(xml, link, links);
  return links.fabric();
}

ImportedFabric read_opa_links(const std::filesystem::path& file) {
  const auto name = std::make_shared<const std::string>(file.string());
  std::istringstream text(file_text(file));
  OpaLinks links;
  int number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    std::string fault = add_line(fields_of(line), links);
    if (!fault.empty()) refuse_at({name, number, 0}, std::move(fault));
  }
  if (number == 0) refuse_at({name, 0, 0}, "there is nothing in it");
  return links.fabric();
}

}  // namespace omniphi::hw
