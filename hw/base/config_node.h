#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hw/base/error.h"

namespace omniphi {

/// A tree of configuration as written, every node with its place, so that whoever finds a fault in
/// it can say where, and an editor can patch one value and leave the rest alone. It knows nothing
/// of what the values mean.
class ConfigNode {
 public:
  enum class Kind { Null, Scalar, Sequence, Map };

  struct Entry;

  Kind kind = Kind::Null;
  Place place;
  std::string scalar;   // of a Scalar
  bool quoted = false;  // "12" in quotes is text, never a number
  std::vector<ConfigNode> items;
  std::vector<Entry> entries;  // of a Map, in the order written, keys unique

  static ConfigNode text(std::string value, Place place = {});
  static ConfigNode map(Place place = {});
  static ConfigNode sequence(Place place = {});

  [[nodiscard]] bool is_map() const { return kind == Kind::Map; }

  [[nodiscard]] bool is_scalar() const { return kind == Kind::Scalar; }

  [[nodiscard]] bool is_sequence() const { return kind == Kind::Sequence; }

  /// "a map", "a list", "nothing", or the scalar: for messages.
  [[nodiscard]] std::string described() const;

  /// The value of `key` in a map; null if it has none or this is no map.
  [[nodiscard]] const ConfigNode* find(std::string_view key) const;
  /// The value of `key`, appended as Null if missing. This must be a map or Null (which becomes
  /// one).
  ConfigNode& at_or_new(std::string_view key, const Place& place = {});
  /// Appends or replaces.
  void set(std::string_view key, ConfigNode value);
  void erase(std::string_view key);
};

struct ConfigNode::Entry {
  std::string key;
  Place place;
  ConfigNode value;
};

/// `base` with every value that `change` names replaced: maps are merged key by key, everything
/// else (lists too) is replaced whole. A map whose `kind`, `op` or `topology` differs replaces the
/// old one, since the two have different keys; so does one with a `value` or of unknown basis: a
/// figure is replaced with its range.
ConfigNode overlaid(ConfigNode base, const ConfigNode& change);

}  // namespace omniphi
