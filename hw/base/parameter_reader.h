#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/catalog.h"
#include "hw/base/config_node.h"
#include "hw/base/parameters.h"
#include "hw/base/quantity_text.h"

namespace omniphi {

/// What reading needs besides the text: where named parts are, and where faults go.
struct ReadContext {
  const Catalog& catalog;
  Diagnostics& diagnostics;
};

/// Reads a tree into a struct by its parameter list. Faults go to the context's diagnostics, all of
/// them; a value that could not be read keeps its default.
template <class T>
void read_parameters(const ConfigNode& node, const std::string& path, T& out, ReadContext context);

/// Reads a catalog entry whole.
template <class T>
void read_part(
    std::string_view id, const Place& from, const std::string& path, T& out, ReadContext context);

/// A type whose YAML form is no plain list of parameters reads itself (and writes itself: see
/// parameter_writer.h).
template <class T>
concept ReadsItself = requires(const ConfigNode& node, T& out, ReadContext context) {
  T::read(node, std::string(), out, Rule{}, context);
};

namespace detail {

// The scalars; in the source, so that each struct's reader stays small.
void read_number(
    const ConfigNode&, const std::string& path, double&, Rule, DimensionValue, ReadContext);
void read_integer(const ConfigNode&, const std::string& path, std::int64_t&, Rule, ReadContext);
void read_bool(const ConfigNode&, const std::string& path, bool&, ReadContext);
void read_text(const ConfigNode&, const std::string& path, std::string&, ReadContext);
bool expect_map(const ConfigNode&, const std::string& path, ReadContext);
bool expect_sequence(const ConfigNode&, const std::string& path, ReadContext);
void report_unknown_word(const ConfigNode&,
                         const std::string& path,
                         const std::vector<std::string_view>& known,
                         ReadContext);
void report_missing(const ConfigNode& map,
                    const std::string& path,
                    std::string_view key,
                    std::string_view meaning,
                    ReadContext);
void report_unknown_keys(const ConfigNode& map,
                         const std::string& path,
                         const std::vector<std::string_view>& known,
                         ReadContext);
std::string joined_path(const std::string& path, std::string_view key);

// All of them before any of them, so that they nest in every order.
template <class T>
void read_value(const ConfigNode&, const std::string& path, T&, Rule, ReadContext);
template <class D>
void read_value(const ConfigNode&, const std::string& path, Quantity<D>&, Rule, ReadContext);
template <class T>
void read_value(const ConfigNode&, const std::string& path, std::optional<T>&, Rule, ReadContext);
template <class T>
void read_value(const ConfigNode&, const std::string& path, std::vector<T>&, Rule, ReadContext);
template <class T>
void read_value(
    const ConfigNode&, const std::string& path, std::map<std::string, T>&, Rule, ReadContext);
template <class T>
void read_value(const ConfigNode&, const std::string& path, Part<T>&, Rule, ReadContext);
template <class... T>
void read_value(const ConfigNode&, const std::string& path, std::variant<T...>&, Rule, ReadContext);

template <class D>
void read_value(const ConfigNode& node,
                const std::string& path,
                Quantity<D>& out,
                Rule rule,
                ReadContext context) {
  double value = out.value();
  read_number(node, path, value, rule, dimension_value<D>(), context);
  out = Quantity<D>(value);
}

template <class T>
void read_value(const ConfigNode& node,
                const std::string& path,
                std::optional<T>& out,
                Rule rule,
                ReadContext context) {
  if (node.kind == ConfigNode::Kind::Null) return out.reset();
  T value{};
  read_value(node, path, value, rule, context);
  out = std::move(value);
}

template <class T>
void read_value(const ConfigNode& node,
                const std::string& path,
                std::vector<T>& out,
                Rule rule,
                ReadContext context) {
  if (!expect_sequence(node, path, context)) return;
  out.clear();
  for (const ConfigNode& item : node.items) {
    T value{};
    read_value(item, path + '[' + std::to_string(out.size()) + ']', value, rule, context);
    out.push_back(std::move(value));
  }
}

template <class T>
void read_value(const ConfigNode& node,
                const std::string& path,
                std::map<std::string, T>& out,
                Rule rule,
                ReadContext context) {
  if (!expect_map(node, path, context)) return;
  out.clear();
  for (const ConfigNode::Entry& entry : node.entries) {
    T value{};
    read_value(entry.value, joined_path(path, entry.key), value, rule, context);
    out.emplace(entry.key, std::move(value));
  }
}

template <class T>
void read_value(
    const ConfigNode& node, const std::string& path, Part<T>& out, Rule, ReadContext context) {
  out.id.clear();
  if (node.is_scalar()) {
    read_part(node.scalar, node.place, path, out.value, context);
    out.id = node.scalar;
    return;
  }
  const std::size_t before = context.diagnostics.size();
  const ConfigNode whole = context.catalog.derived(T::folder, node, path, context.diagnostics);
  if (context.diagnostics.size() == before) read_value(whole, path, out.value, {}, context);
  context.diagnostics.annotate(before, node.place);
}

template <class... T>
void read_value(const ConfigNode& node,
                const std::string& path,
                std::variant<T...>& out,
                Rule,
                ReadContext context) {
  if (!expect_map(node, path, context)) return;
  using First = std::variant_alternative_t<0, std::variant<T...>>;
  const ConfigNode* kind = node.find(First::kind_key);
  if (!kind) return report_missing(node, path, First::kind_key, "which kind this is", context);
  ConfigNode rest = node;
  rest.erase(First::kind_key);
  const auto try_kind = [&]<class K>(std::type_identity<K>) {
    if (kind->scalar != K::kind) return false;
    read_parameters(rest, path, out.template emplace<K>(), context);
    return true;
  };
  if (!(try_kind(std::type_identity<T>{}) || ...)) {
    report_unknown_word(*kind, joined_path(path, First::kind_key), {T::kind...}, context);
  }
}

template <class E>
void read_choice(const ConfigNode& node, const std::string& path, E& out, ReadContext context) {
  std::vector<std::string_view> known;
  for (const auto& choice : choices(E{})) {
    if (node.is_scalar() && node.scalar == choice.name) {
      out = choice.value;
      return;
    }
    known.push_back(choice.name);
  }
  report_unknown_word(node, path, known, context);
}

template <class F>
void read_figure(
    const ConfigNode& node, const std::string& path, F& out, Rule rule, ReadContext context);

template <class T>
void read_value(
    const ConfigNode& node, const std::string& path, T& out, Rule rule, ReadContext context) {
  if constexpr (ReadsItself<T>) {
    T::read(node, path, out, rule, context);
  } else if constexpr (std::is_same_v<T, bool>) {
    read_bool(node, path, out, context);
  } else if constexpr (std::is_integral_v<T>) {
    std::int64_t value = out;
    constexpr auto kLargest = std::numeric_limits<T>::max();
    read_integer(node, path, value, rule | between(-double(kLargest), double(kLargest)), context);
    out = static_cast<T>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    read_number(node, path, out, rule, {}, context);
  } else if constexpr (std::is_same_v<T, std::string>) {
    read_text(node, path, out, context);
  } else if constexpr (std::is_same_v<T, ConfigNode>) {
    out = node;
  } else if constexpr (Enumerated<T>) {
    read_choice(node, path, out, context);
  } else if constexpr (requires { T::reads_as_value; }) {
    read_figure(node, path, out, rule, context);
  } else {
    read_parameters(node, path, out, context);
  }
}

/// The visitor: looks each named parameter up and remembers the names.
class MapReader {
 public:
  MapReader(const ConfigNode& node, const std::string& path, ReadContext context)
      : node_(node), path_(path), context_(context) {}

  template <class T>
  void operator()(std::string_view key, T& member, std::string_view meaning, Rule rule = {}) {
    known_.push_back(key);
    const ConfigNode* value = node_.find(key);
    if (value) {
      read_value(*value, joined_path(path_, key), member, rule, context_);
    } else if (rule.required) {
      report_missing(node_, path_, key, meaning, context_);
    }
  }

  [[nodiscard]] const std::vector<std::string_view>& known() const { return known_; }

 private:
  const ConfigNode& node_;
  const std::string& path_;
  ReadContext context_;
  std::vector<std::string_view> known_;
};

/// A figure: its bare value, or a map of value, low, high and basis; {basis: unknown} has no value.
template <class F>
void read_figure(
    const ConfigNode& node, const std::string& path, F& out, Rule rule, ReadContext context) {
  if (!node.is_map()) {
    read_value(node, path, out.value, rule, context);
    out.complete(false, false);
    return;
  }
  const std::size_t before = context.diagnostics.size();
  const ConfigNode* basis = node.find("basis");
  const bool unknown = basis && basis->scalar == "unknown";
  MapReader reader(node, path, context);
  F::visit(out, [&](std::string_view key, auto& member, std::string_view meaning, Rule own = {}) {
    constexpr bool is_number = std::is_same_v<decltype(member), decltype((out.value))>;
    if (is_number) own = Rule{rule.low, rule.high, rule.above_low, own.required && !unknown};
    reader(key, member, meaning, own);
  });
  report_unknown_keys(node, path, reader.known(), context);
  out.complete(node.find("low") != nullptr, node.find("high") != nullptr);
  if (context.diagnostics.size() > before) return;
  if (unknown && (node.find("value") || node.find("low") || node.find("high"))) {
    context.diagnostics.error(node.place, path, "a figure of unknown basis has no value");
  } else if (!(out.low <= out.value && out.value <= out.high)) {
    context.diagnostics.error(node.place, path, "the value must lie between low and high");
  }
}

}  // namespace detail

template <class T>
void read_parameters(const ConfigNode& node, const std::string& path, T& out, ReadContext context) {
  if (!detail::expect_map(node, path, context)) return;
  detail::MapReader reader(node, path, context);
  T::visit(out, reader);
  detail::report_unknown_keys(node, path, reader.known(), context);
}

template <class T>
void read_part(
    std::string_view id, const Place& from, const std::string& path, T& out, ReadContext context) {
  const std::size_t before = context.diagnostics.size();
  const ConfigNode tree = context.catalog.load(T::folder, id, from, path, context.diagnostics);
  if (context.diagnostics.size() == before) detail::read_value(tree, path, out, {}, context);
  context.diagnostics.annotate(before, from);
}

}  // namespace omniphi
