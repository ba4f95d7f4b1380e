#include "sim/cli/description.h"

#include <fmt/format.h>

namespace omniphi::sim {

void put(ConfigNode& map, std::string_view key, std::string value) {
  map.set(key, ConfigNode::text(std::move(value)));
}

void put(ConfigNode& map, std::string_view key, std::int64_t value) {
  put(map, key, std::to_string(value));
}

void put_number(ConfigNode& map, std::string_view key, double value) {
  put(map, key, fmt::format("{}", value));
}

void put_text(ConfigNode& map, std::string_view key, const std::string& value) {
  ConfigNode node = ConfigNode::text(value);
  node.quoted = true;
  map.set(key, std::move(node));
}

std::string put_price(ConfigNode& map, const Figure<Usd>& price) {
  if (!price.known()) {
    map.set("price_usd", ConfigNode());
    return "unknown";
  }
  put_number(map, "price_usd", price.value.value());
  return fmt::format(
      "{:.0f} USD ({:.0f} .. {:.0f})", price.value.value(), price.low.value(), price.high.value());
}

}  // namespace omniphi::sim
