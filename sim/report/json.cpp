#include "sim/report/json.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "sim/report/report_keys.h"

namespace omniphi::sim {

namespace {

using Json = nlohmann::ordered_json;

/// A plain scalar with its JSON type, where the whole text is one.
Json scalar_json(const ConfigNode& node) {
  const std::string& text = node.scalar;
  if (node.quoted) return text;
  if (text == "true" || text == "false") return text == "true";
  const char* end = text.data() + text.size();
  std::int64_t whole = 0;
  if (const auto result = std::from_chars(text.data(), end, whole);
      result.ec == std::errc{} && result.ptr == end) {
    return whole;
  }
  double real = 0;
  if (const auto result = std::from_chars(text.data(), end, real);
      result.ec == std::errc{} && result.ptr == end) {
    return real;
  }
  return text;
}

Json value_of(const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::Null:
      return nullptr;
    case ConfigNode::Kind::Scalar:
      return scalar_json(node);
    case ConfigNode::Kind::Sequence: {
      Json list = Json::array();
      for (const ConfigNode& item : node.items) list.push_back(value_of(item));
      return list;
    }
    case ConfigNode::Kind::Map:
      break;
  }
  Json map = Json::object();
  for (const ConfigNode::Entry& entry : node.entries) map[entry.key] = value_of(entry.value);
  return map;
}

// Everything a report is made of; all of them before any of them, so that they nest in every order.
template <class T>
Json value_of(const T& value);
template <class D>
Json value_of(Quantity<D> quantity);
template <class Q>
Json value_of(const Figure<Q>& figure);
template <class T>
Json value_of(const std::vector<T>& values);

template <class D>
Json value_of(Quantity<D> quantity) {
  return quantity.value();
}

template <class Q>
Json value_of(const Figure<Q>& figure) {
  Json json;
  if (figure.known()) {
    json["value"] = value_of(figure.value);
    json["low"] = value_of(figure.low);
    json["high"] = value_of(figure.high);
  }
  json["basis"] = choice_name(figure.basis);
  if (!figure.source.empty()) json["source"] = figure.source;
  return json;
}

template <class T>
Json value_of(const std::vector<T>& values) {
  Json list = Json::array();
  for (const T& value : values) list.push_back(value_of(value));
  return list;
}

template <class T>
Json value_of(const T& value) {
  if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return value;
  } else {
    Json json;
    visit_keys(value, [&](std::string_view key, const auto& member, std::string_view) {
      json[std::string(key)] = value_of(member);
    });
    return json;
  }
}

}  // namespace

std::string report_json(const models::Report& report) {
  return value_of(report).dump(2) + '\n';
}

std::string config_json(const ConfigNode& tree) {
  return value_of(tree).dump(2) + '\n';
}

}  // namespace omniphi::sim
