#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "hw/base/config_node.h"
#include "hw/base/parameters.h"
#include "hw/base/quantity_text.h"

namespace omniphi {

/// The tree that `read_parameters` would read back to the same struct: every parameter written out,
/// defaults too, named parts by their name.
template <class T>
ConfigNode written(const T& part);

namespace detail {

/// Whether a member holds something to write: a default outside its own rule (0 for a positive
/// rate) and an empty text stand for "not given".
template <class T>
bool is_given(const T& member, Rule rule) {
  if constexpr (requires { T::reads_as_value; }) {
    return !member.known() || is_given(member.value, rule);
  } else if constexpr (requires { typename T::dimension; }) {
    return rule.holds(member.value());
  } else if constexpr (std::is_arithmetic_v<T>) {
    return rule.holds(static_cast<double>(member));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return !member.empty();
  } else {
    return true;
  }
}

class MapWriter {
 public:
  template <class T>
  void operator()(std::string_view key, const T& member, std::string_view, Rule rule = {}) {
    if (!is_given(member, rule)) return;
    ConfigNode value = written(member);
    if (value.kind != ConfigNode::Kind::Null) node.set(key, std::move(value));
  }

  void forget(std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) node.erase(key);
  }

  ConfigNode node = ConfigNode::map();
};

inline ConfigNode quoted_text(std::string text) {
  ConfigNode node = ConfigNode::text(std::move(text));
  node.quoted = true;
  return node;
}

/// The other half of ReadsItself.
template <class T>
concept WritesItself = requires(const T& value) {
  { value.write() } -> std::same_as<ConfigNode>;
};

template <class T>
struct Written {
  static ConfigNode of(const T& value) {
    if constexpr (WritesItself<T>) {
      return value.write();
    } else if constexpr (std::is_same_v<T, bool>) {
      return ConfigNode::text(value ? "true" : "false");
    } else if constexpr (std::is_integral_v<T>) {
      return ConfigNode::text(std::to_string(value));
    } else if constexpr (std::is_floating_point_v<T>) {
      return ConfigNode::text(exact_text(value, {}));
    } else if constexpr (std::is_same_v<T, std::string>) {
      return quoted_text(value);
    } else if constexpr (std::is_same_v<T, ConfigNode>) {
      return value;
    } else if constexpr (Enumerated<T>) {
      return ConfigNode::text(std::string(choice_name(value)));
    } else {
      MapWriter writer;
      T::visit(value, writer);
      if constexpr (requires { T::reads_as_value; }) {
        if (!value.known()) writer.forget({"value", "low", "high"});
      }
      return std::move(writer.node);
    }
  }
};

template <class D>
struct Written<Quantity<D>> {
  static ConfigNode of(Quantity<D> q) {
    return ConfigNode::text(exact_text(q.value(), dimension_value<D>()));
  }
};

template <class T>
struct Written<std::optional<T>> {
  static ConfigNode of(const std::optional<T>& value) {
    return value ? written(*value) : ConfigNode{};
  }
};

template <class T>
struct Written<std::vector<T>> {
  static ConfigNode of(const std::vector<T>& values) {
    ConfigNode node = ConfigNode::sequence();
    for (const T& value : values) node.items.push_back(written(value));
    return node;
  }
};

template <class T>
struct Written<std::map<std::string, T>> {
  static ConfigNode of(const std::map<std::string, T>& values) {
    ConfigNode node = ConfigNode::map();
    for (const auto& [key, value] : values) node.entries.push_back({key, {}, written(value)});
    return node;
  }
};

template <class T>
struct Written<Part<T>> {
  static ConfigNode of(const Part<T>& part) {
    return part.id.empty() ? written(part.value) : ConfigNode::text(part.id);
  }
};

template <class... T>
struct Written<std::variant<T...>> {
  static ConfigNode of(const std::variant<T...>& value) {
    return std::visit(
        []<class K>(const K& kind) {
          ConfigNode node = ConfigNode::map();
          node.set(K::kind_key, ConfigNode::text(std::string(K::kind)));
          for (auto& entry : written(kind).entries) node.entries.push_back(std::move(entry));
          return node;
        },
        value);
  }
};

}  // namespace detail

template <class T>
ConfigNode written(const T& part) {
  return detail::Written<T>::of(part);
}

}  // namespace omniphi
