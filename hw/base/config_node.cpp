#include "hw/base/config_node.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace omniphi {

ConfigNode ConfigNode::text(std::string value, Place place) {
  ConfigNode node;
  node.kind = Kind::Scalar;
  node.scalar = std::move(value);
  node.place = std::move(place);
  return node;
}

ConfigNode ConfigNode::map(Place place) {
  ConfigNode node;
  node.kind = Kind::Map;
  node.place = std::move(place);
  return node;
}

ConfigNode ConfigNode::sequence(Place place) {
  ConfigNode node;
  node.kind = Kind::Sequence;
  node.place = std::move(place);
  return node;
}

std::string ConfigNode::described() const {
  switch (kind) {
    case Kind::Null:
      return "nothing";
    case Kind::Sequence:
      return "a list";
    case Kind::Map:
      return "a map";
    case Kind::Scalar:
      break;
  }
  return (quoted ? "the quoted text " : "") + in_quotes(scalar);
}

const ConfigNode* ConfigNode::find(std::string_view key) const {
  const auto entry =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
  return entry == entries.end() ? nullptr : &entry->value;
}

ConfigNode& ConfigNode::at_or_new(std::string_view key, const Place& new_place) {
  kind = Kind::Map;
  for (Entry& entry : entries) {
    if (entry.key == key) return entry.value;
  }
  ConfigNode value;
  value.place = new_place;
  entries.push_back({std::string(key), new_place, std::move(value)});
  return entries.back().value;
}

void ConfigNode::set(std::string_view key, ConfigNode value) {
  const Place where = value.place;
  at_or_new(key, where) = std::move(value);
}

void ConfigNode::erase(std::string_view key) {
  std::erase_if(entries, [&](const Entry& e) { return e.key == key; });
}

namespace {

bool different_kind(const ConfigNode& a, const ConfigNode& b) {
  constexpr std::array<std::string_view, 3> kKindKeys{"kind", "op", "topology"};
  return std::any_of(kKindKeys.begin(), kKindKeys.end(), [&](std::string_view key) {
    const ConfigNode* before = a.find(key);
    const ConfigNode* after = b.find(key);
    return before && after && before->scalar != after->scalar;
  });
}

/// A number that is given anew, or said to be unknown: nothing of the old one holds.
bool is_new_figure(const ConfigNode& change) {
  const ConfigNode* basis = change.find("basis");
  return change.find("value") || (basis && basis->scalar == "unknown");
}

}  // namespace

ConfigNode overlaid(ConfigNode base, const ConfigNode& change) {
  if (!base.is_map() || !change.is_map() || different_kind(base, change) || is_new_figure(change))
    return change;
  // An index by key: at_or_new for each would cost the product of the two sizes.
  std::unordered_map<std::string, std::size_t> position;
  for (const ConfigNode::Entry& entry : base.entries) position.emplace(entry.key, position.size());
  for (const ConfigNode::Entry& entry : change.entries) {
    const auto old = position.find(entry.key);
    if (old == position.end()) {
      base.entries.push_back(entry);
    } else {
      ConfigNode& value = base.entries[old->second].value;
      value = overlaid(std::move(value), entry.value);
    }
  }
  base.place = change.place;
  return base;
}

}  // namespace omniphi
