#include "hw/fabric/importers/opa_links.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "hw/base/parameter_writer.h"
#include "hw/fabric/cable_ends.h"

namespace omniphi::hw {

namespace {

constexpr double kBitsPerByte = 8;

/// The number of "100g", "12.5g"; nothing for another text.
std::optional<double> gigabits(const std::string& rate) {
  double value = 0;
  const char* const end = rate.data() + rate.size();
  const auto [rest, error] = std::from_chars(rate.data(), end, value);
  const bool has_unit = rest + 1 == end && (*rest == 'g' || *rest == 'G');
  if (error != std::errc() || !has_unit || value <= 0 || value > 1e6) return std::nullopt;
  return value;
}

/// Without spaces, quotes and control characters, which names of edge lists do not have.
std::string plain_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, 64)) {
    const bool plain = c > ' ' && c != '"' && c != '\'' && c != 0x7f;
    if (plain) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

/// The host that an adapter's description names, as "node7" of "node7 hfi1_0".
std::string_view host_of(std::string_view description) {
  const std::size_t space = description.rfind(' ');
  return space == std::string_view::npos ? description : description.substr(0, space);
}

}  // namespace

std::string OpaLinks::unused_name(const std::string& wanted) {
  std::string name = wanted.empty() ? "unnamed" : wanted;
  for (int n = 2; !taken_.insert(name).second; ++n) name = fmt::format("{}-{}", wanted, n);
  return name;
}

std::string OpaLinks::name_of(const OpaPort& port) {
  const std::string_view described =
      port.is_switch ? std::string_view(port.description) : host_of(port.description);
  const bool has_guid = port.is_switch && !port.guid.empty();
  const std::string key = fmt::format(
      "{} {}", port.is_switch ? "SW" : "FI", has_guid ? std::string_view(port.guid) : described);
  const auto found = names_.find(key);
  if (found != names_.end()) return found->second;
  std::string name = unused_name(plain_name(described.empty() ? port.guid : described));
  names_.emplace(key, name);
  if (port.is_switch) {
    switches_.push_back(name);
  } else {
    hosts_.insert(name);
  }
  return name;
}

std::string OpaLinks::add(const std::string& rate, const OpaPort& a, const OpaPort& b) {
  const std::optional<double> speed = gigabits(rate);
  if (!speed) return fmt::format("expected a rate such as \"100g\", got {}", in_quotes(rate));
  if (!a.is_switch && !b.is_switch) return "a link between two hosts";
  for (const OpaPort& port : {a, b}) {
    if (port.guid.empty() && port.description.empty()) {
      return "a port without NodeGUID and NodeDesc";
    }
  }
  const auto end = [](const OpaPort& port) {
    return fmt::format("{}|{}|{}", port.guid, port.description, port.number);
  };
  if (!seen_.insert(std::minmax({end(a), end(b)})).second) {
    ++repeated_;
    return "";
  }
  std::string first = name_of(a);
  std::string second = name_of(b);
  if (first == second) return fmt::format("a link from {} to itself", in_quotes(first));
  cables_[*speed].emplace_back(std::move(first), std::move(second));
  return "";
}

ImportedFabric OpaLinks::fabric() const {
  ImportedFabric out{ConfigNode::map(), {}};
  out.tree.set("topology", ConfigNode::text("edge-list"));
  out.tree.set("switch", ConfigNode::text("opa-edge-48"));
  out.tree.set("switches", written(switches_));
  ConfigNode lists = ConfigNode::sequence();
  for (const auto& [speed, cables] : cables_) {
    ConfigNode list = ConfigNode::map();
    list.set("bandwidth", written(BytesPerSecond(speed * 1e9 / kBitsPerByte)));
    ConfigNode ends = ConfigNode::sequence();
    for (std::size_t i = 0; i < cables.size();) {
      std::size_t next = i + 1;
      while (next < cables.size() && cables[next] == cables[i]) ++next;
      const int count = static_cast<int>(next - i);
      ends.items.push_back(CableEnds{cables[i].first, cables[i].second, count}.write());
      i = next;
    }
    list.set("ends", std::move(ends));
    lists.items.push_back(std::move(list));
  }
  out.tree.set("cables", std::move(lists));
  out.notes.push_back(fmt::format("Hosts: {}; switches: {}.", hosts_.size(), switches_.size()));
  if (hosts_.empty()) {
    out.notes.emplace_back("It is a part of a fabric, with no host: add the cables to hosts.");
  }
  if (repeated_ > 0)
    out.notes.push_back(fmt::format("Links listed twice, and taken once: {}.", repeated_));
  return out;
}

}  // namespace omniphi::hw
