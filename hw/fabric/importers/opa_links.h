#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hw/fabric/importers/imported_fabric.h"

namespace omniphi::hw {

/// One end of a link, as Omni-Path's tools list it.
struct OpaPort {
  std::string guid;  // of the node; may be missing
  std::string number;
  std::string description;
  bool is_switch = false;
};

/// Gathers links, whatever the form they are listed in, to an edge list.
class OpaLinks {
 public:
  /// What is wrong with the link; "" if nothing is.
  std::string add(const std::string& rate, const OpaPort& a, const OpaPort& b);

  [[nodiscard]] ImportedFabric fabric() const;

 private:
  std::string name_of(const OpaPort& port);
  std::string unused_name(const std::string& wanted);

  std::map<std::string, std::string> names_;  // by GUID or what stands for it
  std::set<std::string> taken_;
  std::vector<std::string> switches_;
  std::set<std::string> hosts_;
  std::set<std::pair<std::string, std::string>> seen_;  // ends of links, sorted
  int repeated_ = 0;
  std::map<double, std::vector<std::pair<std::string, std::string>>> cables_;  // by Gb/s
};

}  // namespace omniphi::hw
