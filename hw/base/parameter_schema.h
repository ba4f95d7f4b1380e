#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/config_node.h"
#include "hw/base/parameter_reader.h"
#include "hw/base/parameter_writer.h"
#include "hw/base/parameters.h"
#include "hw/base/quantity_text.h"

/// JSON Schema (draft 2020-12) of what the reader takes, from the same parameter lists, as a tree
/// whose texts are quoted: editors complete keys, show meanings and underline mistakes with it. It
/// knows less than the reader: of a quantity, the unit and the sign but not the range; of a named
/// part, only that the name could be one; and no rule that ties parameters together.
namespace omniphi {

/// Where descriptions that several places share are kept, and which form of them is wanted.
struct SchemaContext {
  enum class Form {
    Whole,
    Derived,  // a part that may name the `base` it is derived from, which has what it leaves out
    Changed,  // a map in a derived part, merged with the one of the base
  };

  ConfigNode& definitions;  // by name: the "$defs" of the document
  Form form = Form::Whole;

  [[nodiscard]] SchemaContext whole() const { return {definitions, Form::Whole}; }
};

/// The schema of a T under this rule.
template <class T>
ConfigNode schema_of(Rule rule, SchemaContext context);

/// The schema of a part written out, as in a catalog file: whole, or derived from another.
template <class T>
ConfigNode part_schema(SchemaContext context);

/// The other half of ReadsItself.
template <class T>
concept DescribesItself = requires(Rule rule, SchemaContext context) {
  { T::schema(rule, context) } -> std::same_as<ConfigNode>;
};

namespace schema {

// What schemas are put together of.

/// One word out of several, and what it means ("": nothing to say).
struct Word {
  std::string_view name;
  std::string_view meaning;
};

ConfigNode of_type(std::string_view type);
ConfigNode text();
ConfigNode integer(Rule rule);
/// A number for no dimension, else a text with a unit.
ConfigNode number(Rule rule, DimensionValue dimension, SchemaContext context);
ConfigNode one_of(const std::vector<Word>& words);
ConfigNode constant(std::string_view word);
ConfigNode any_of(std::vector<ConfigNode> alternatives);
ConfigNode list_of(ConfigNode items);
ConfigNode map_of(ConfigNode values);
/// What holds of a map that has this key.
ConfigNode has_key(std::string_view key);
/// `then` for what fits `condition`, `otherwise` for the rest.
ConfigNode either(ConfigNode condition, ConfigNode then, ConfigNode otherwise);
/// The name of a catalog entry, or `in_place`.
ConfigNode named_or(ConfigNode in_place);
/// A reference to the definition of this name and form, made by `describe` if it is not there yet.
ConfigNode defined(const std::string& name,
                   SchemaContext context,
                   const std::function<ConfigNode()>& describe);
/// What `describe` says of a part that is whole or, if it has a base, derived.
ConfigNode derivable(SchemaContext context,
                     const std::function<ConfigNode(SchemaContext)>& describe);
/// "non-negative-price": what quantities under this rule are called among the definitions.
std::string quantity_name(Rule rule, DimensionValue dimension);

/// A map with known keys. As a visitor it takes a parameter list.
class Object {
 public:
  explicit Object(SchemaContext context);

  template <class T>
  void operator()(std::string_view key, const T& member, std::string_view meaning, Rule rule = {}) {
    const bool has_default = !rule.required && detail::is_given(member, rule);
    add(key,
        meaning,
        schema_of<T>(rule, inner_),
        rule.required,
        has_default ? written(member) : ConfigNode{});
  }

  /// A default is shown if it is a scalar; those of maps stand with their own keys.
  void add(std::string_view key,
           std::string_view meaning,
           ConfigNode value,
           bool is_required = false,
           const ConfigNode& default_value = {});

  [[nodiscard]] ConfigNode schema() const;

 private:
  SchemaContext inner_;  // of its values
  ConfigNode properties_ = ConfigNode::map();
  ConfigNode required_ = ConfigNode::sequence();
};

}  // namespace schema

namespace detail {

ConfigNode figure_schema(const schema::Object& as_map, ConfigNode bare, SchemaContext context);

/// "hw.Switch" for the name omniphi::hw::Switch.
std::string definition_name(std::string_view type_name);

template <class T>
std::string type_name() {
  std::string_view name = __PRETTY_FUNCTION__;  // "... [with T = omniphi::hw::Switch; ...]"
  name.remove_prefix(name.find("T = ") + 4);
  return definition_name(name.substr(0, name.find_first_of(";]")));
}

template <class T>
ConfigNode object_schema(SchemaContext context) {
  schema::Object object(context);
  const T defaults{};
  T::visit(defaults, object);
  return object.schema();
}

template <class F>
ConfigNode figure_in_place(Rule rule, SchemaContext context) {
  schema::Object as_map(context);
  const F figure{};
  F::visit(figure,
           [&]<class M>(std::string_view key, const M&, std::string_view meaning, Rule = {}) {
             as_map.add(key, meaning, schema_of<M>(rule, context));
           });
  return figure_schema(as_map, schema_of<decltype(F::value)>(rule, context), context);
}

template <class F>
ConfigNode figure_schema(Rule rule, SchemaContext context) {
  using Value = decltype(F::value);
  const auto describe = [&] { return figure_in_place<F>(rule, context); };
  if constexpr (requires { typename Value::dimension; }) {
    const std::string quantity =
        schema::quantity_name(rule, dimension_value<typename Value::dimension>());
    return schema::defined("figure." + quantity, context, describe);
  } else {
    return describe();
  }
}

template <class E>
ConfigNode choice_schema(SchemaContext context) {
  return schema::defined(type_name<E>(), context.whole(), [] {
    std::vector<schema::Word> words;
    for (const auto& choice : choices(E{})) words.push_back({choice.name, choice.meaning});
    return schema::one_of(words);
  });
}

template <class K>
ConfigNode kind_schema(SchemaContext context) {
  return schema::defined(type_name<K>(), context, [&] {
    schema::Object object(context);
    object.add(K::kind_key, "which kind this is", schema::constant(K::kind), true);
    const K defaults{};
    K::visit(defaults, object);
    return object.schema();
  });
}

template <class T>
struct SchemaOf {
  static ConfigNode of([[maybe_unused]] Rule rule, [[maybe_unused]] SchemaContext context) {
    if constexpr (DescribesItself<T>) {
      return T::schema(rule, context);
    } else if constexpr (std::is_same_v<T, bool>) {
      return schema::of_type("boolean");
    } else if constexpr (std::is_integral_v<T>) {
      return schema::integer(rule);
    } else if constexpr (std::is_floating_point_v<T>) {
      return schema::number(rule, {}, context);
    } else if constexpr (std::is_same_v<T, std::string>) {
      return schema::text();
    } else if constexpr (std::is_same_v<T, ConfigNode>) {
      return ConfigNode::map();  // anything
    } else if constexpr (Enumerated<T>) {
      return choice_schema<T>(context);
    } else if constexpr (requires { T::reads_as_value; }) {
      return figure_schema<T>(rule, context);
    } else {
      static_assert(!ReadsItself<T>, "a type that reads itself must describe itself");
      return schema::defined(type_name<T>(), context, [&] { return object_schema<T>(context); });
    }
  }
};

template <class D>
struct SchemaOf<Quantity<D>> {
  static ConfigNode of(Rule rule, SchemaContext context) {
    return schema::number(rule, dimension_value<D>(), context);
  }
};

template <class T>
struct SchemaOf<std::optional<T>> {
  static ConfigNode of(Rule rule, SchemaContext context) {
    return schema::any_of({schema_of<T>(rule, context), schema::of_type("null")});
  }
};

/// Lists are replaced whole in a derived part, so that their items are whole too.
template <class T>
struct SchemaOf<std::vector<T>> {
  static ConfigNode of(Rule rule, SchemaContext context) {
    return schema::list_of(schema_of<T>(rule, context.whole()));
  }
};

template <class T>
struct SchemaOf<std::map<std::string, T>> {
  static ConfigNode of(Rule rule, SchemaContext context) {
    return schema::map_of(schema_of<T>(rule, context));
  }
};

template <class T>
struct SchemaOf<Part<T>> {
  static ConfigNode of(Rule, SchemaContext context) {
    return schema::named_or(part_schema<T>(context));
  }
};

/// One alternative by its kind; a derived part may leave the kind to its base.
template <class... T>
struct SchemaOf<std::variant<T...>> {
  static ConfigNode of(Rule, SchemaContext context) {
    return schema::any_of({kind_schema<T>(context)...});
  }
};

}  // namespace detail

template <class T>
ConfigNode schema_of(Rule rule, SchemaContext context) {
  return detail::SchemaOf<T>::of(rule, context);
}

template <class T>
ConfigNode part_schema(SchemaContext context) {
  return schema::derivable(context, [](SchemaContext inner) { return schema_of<T>({}, inner); });
}

}  // namespace omniphi
