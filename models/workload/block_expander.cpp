#include "models/workload/block_expander.h"

#include <charconv>
#include <optional>
#include <set>
#include <stdexcept>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/workload/expression.h"
#include "models/workload/network.h"

namespace omniphi::models {

namespace {

constexpr int kDeepestBlock = 32;
constexpr std::size_t kLongestName = 256;
constexpr std::size_t kLargestText = 32u << 20;  // of the unfolded layers, in characters
constexpr std::size_t kCharactersPerNode = 16;   // what a node costs besides its text
constexpr std::size_t kCopiesOfName = 8;         // in lists, sets and maps here and in the builder

using Names = std::set<std::string, std::less<>>;

/// What `$name` stands for.
using Values = std::map<std::string, ConfigNode>;

/// Where layers stand: in the network itself, or in one use of a block.
struct Scope {
  std::string prefix;              // of the names inside: "res2.1."
  std::vector<std::string> input;  // the layers that the block was given
  Values arguments;                // of the block; they hide the network's parameters
  const Names* layers = nullptr;   // what its own layers are called
  std::string block;
  const Scope* parent = nullptr;
  int depth = 0;
};

struct TooLarge {
  Place place;
  std::string message;
};

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool all = fault == std::errc{} && end == text.data() + text.size();
  return all ? std::optional(value) : std::nullopt;
}

Names names_of(const std::vector<ConfigNode>& layers) {
  Names names;
  for (const ConfigNode& layer : layers) {
    const ConfigNode* name = layer.find("name");
    if (name) names.insert(name->scalar);
  }
  return names;
}

/// Whether a layer is called so, or is a block or a repetition with something called so in it.
bool defines(const Scope& scope, std::string_view name) {
  if (scope.layers->contains(name)) return true;
  for (auto dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    if (scope.layers->contains(name.substr(0, dot))) return true;
  }
  return false;
}

/// The full name of the layer that a layer in `scope` means by a name: the nearest around it.
std::string seen_from(const Scope& scope, const std::string& name) {
  for (const Scope* around = &scope; around; around = around->parent) {
    if (defines(*around, name)) return around->prefix + name;
  }
  return scope.prefix + name;
}

bool is_expression(const ConfigNode& node) {
  return node.is_scalar() && !node.quoted && node.scalar.find('$') != std::string::npos;
}

class Expander {
 public:
  Expander(const std::map<std::string, Block>& blocks, ReadContext context)
      : blocks_(blocks), context_(context) {
    for (const auto& [id, block] : blocks) names_in_.emplace(id, names_of(block.layers));
  }

  /// What the network calls by name everywhere; a value may refer to those before it.
  void set_parameters(const ConfigNode& parameters);

  /// The layers of the network itself.
  void expand(const std::vector<ConfigNode>& layers) {
    const Names names = names_of(layers);
    Scope scope;
    scope.layers = &names;
    expand(layers, scope);
  }

  /// All layers; where a block or a repetition is named as input, its output stands now.
  std::vector<FlatLayer> take();

 private:
  /// Appends the layers of one scope; returns the name of the last, which carries the output.
  std::string expand(const std::vector<ConfigNode>& layers, const Scope& scope);
  std::string expand_layer(ConfigNode node,
                           const std::string& path,
                           const std::vector<std::string>& previous,
                           const Scope& scope);
  std::string expand_once(FlatLayer layer, const Scope& scope);
  std::string expand_block(const FlatLayer& layer, const Block& block, const Scope& scope);

  std::string local_name(const ConfigNode& node, const std::string& path, const Scope& scope);
  std::vector<std::string> inputs_named(const ConfigNode& from,
                                        const std::string& path,
                                        const Scope& scope);
  const Block* find_block(const FlatLayer& layer, const Scope& scope);
  Scope inner_scope(const FlatLayer& layer, const Block& block, const Scope& scope);
  void substitute(ConfigNode& node, const std::string& path, const Scope& scope);
  void substitute_scalar(ConfigNode& node, const std::string& path, const Scope& scope);
  [[nodiscard]] const ConfigNode* value(const std::string& name, const Scope& scope) const;
  [[nodiscard]] std::map<std::string, double> numbers_for(const std::string& expression,
                                                          const Scope& scope) const;
  void spend(std::size_t characters, const Place& place);
  void add_alias(const std::string& name, const std::string& output, const Place& place);
  std::string output_of(std::string name);

  void error(const Place& place, const std::string& path, std::string message) {
    context_.diagnostics.error(place, path, std::move(message));
  }

  const std::map<std::string, Block>& blocks_;
  ReadContext context_;
  Calculator calculator_;
  std::map<std::string, Names, std::less<>> names_in_;  // what the layers of each block are called
  Values parameters_;                                   // of the network
  std::vector<FlatLayer> layers_;
  std::unordered_map<std::string, std::string> aliases_;  // block or repetition -> its output
  std::set<std::string> faulty_;                          // blocks whose faults are known already
  std::size_t spent_ = 0;
};

void Expander::spend(std::size_t characters, const Place& place) {
  spent_ += characters;
  if (spent_ > kLargestText) {
    throw TooLarge{place,
                   fmt::format("the blocks unfold to more than {} characters", kLargestText)};
  }
}

void Expander::add_alias(const std::string& name, const std::string& output, const Place& place) {
  if (!aliases_.emplace(name, output).second) error(place, name, "another layer has this name");
}

void Expander::set_parameters(const ConfigNode& parameters) {
  for (const ConfigNode::Entry& entry : parameters.entries) {
    ConfigNode value = entry.value;
    if (is_expression(value)) {
      try {
        const auto numbers = numbers_for(value.scalar, {});
        value.scalar = fmt::format("{}", calculator_.number(value.scalar, numbers));
      } catch (const std::invalid_argument& fault) {
        error(value.place, "parameters." + entry.key, fault.what());
      }
    }
    parameters_.emplace(entry.key, std::move(value));
  }
}

const ConfigNode* Expander::value(const std::string& name, const Scope& scope) const {
  const auto argument = scope.arguments.find(name);
  if (argument != scope.arguments.end()) return &argument->second;
  const auto parameter = parameters_.find(name);
  return parameter != parameters_.end() ? &parameter->second : nullptr;
}

/// The numbers that an expression names; if it names one that is not there, all there are, so that
/// the message can tell the nearest.
std::map<std::string, double> Expander::numbers_for(const std::string& expression,
                                                    const Scope& scope) const {
  std::map<std::string, double> numbers;
  bool missing = false;
  const auto add = [&](const std::string& name, const ConfigNode* value) {
    const auto parsed = value ? number(value->scalar) : std::nullopt;
    if (parsed) numbers.emplace(name, *parsed);
    missing = missing || !parsed;
  };
  for (const std::string& name : names_in(expression)) add(name, value(name, scope));
  if (!missing || context_.diagnostics.full()) return numbers;
  for (const auto& [name, argument] : scope.arguments) add(name, &argument);
  for (const auto& [name, parameter] : parameters_) {
    if (!scope.arguments.contains(name)) add(name, &parameter);
  }
  return numbers;
}

void Expander::substitute_scalar(ConfigNode& node, const std::string& path, const Scope& scope) {
  const ConfigNode* argument =
      node.scalar.starts_with('$') ? value(node.scalar.substr(1), scope) : nullptr;
  if (argument) {
    const Place place = node.place;
    node = *argument;
    node.place = place;
    return;
  }
  try {
    const auto numbers = numbers_for(node.scalar, scope);
    node.scalar = std::to_string(calculator_.whole(node.scalar, numbers));
  } catch (const std::invalid_argument& fault) {
    error(node.place, path, fault.what());
    node.scalar = "1";  // so that whoever reads it does not find a fault again
  }
}

void Expander::substitute(ConfigNode& node, const std::string& path, const Scope& scope) {
  if (is_expression(node)) substitute_scalar(node, path, scope);
  spend(kCharactersPerNode + node.scalar.size(), node.place);
  for (ConfigNode& item : node.items) substitute(item, path, scope);
  for (auto& [key, place, value] : node.entries) substitute(value, path + '.' + key, scope);
}

std::string Expander::expand(const std::vector<ConfigNode>& layers, const Scope& scope) {
  std::vector<std::string> previous = scope.input;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string path = fmt::format("{}layers[{}]", scope.prefix, i);
    previous = {expand_layer(layers[i], path, previous, scope)};
  }
  return previous.empty() ? std::string() : previous[0];
}

std::string Expander::local_name(const ConfigNode& node,
                                 const std::string& path,
                                 const Scope& scope) {
  const ConfigNode* name = node.find("name");
  if (!name) {
    detail::report_missing(node, path, "name", "what other layers call this one", context_);
  } else if (!name->is_scalar() || name->scalar.empty() ||
             scope.prefix.size() + name->scalar.size() > kLongestName) {
    error(name->place,
          path,
          fmt::format("expected a name of 1 to {} characters, got {}",
                      kLongestName - std::min(kLongestName, scope.prefix.size()),
                      name->described()));
  } else if (scope.parent && name->scalar == "input") {
    error(name->place, path, "in a block, \"input\" is what the block was given");
  } else {
    return name->scalar;
  }
  return {};
}

std::vector<std::string> Expander::inputs_named(const ConfigNode& from,
                                                const std::string& path,
                                                const Scope& scope) {
  std::vector<std::string> names;
  if (from.is_sequence()) {
    detail::read_value(from, path, names, {}, context_);
  } else {
    detail::read_value(from, path, names.emplace_back(), {}, context_);
  }
  std::vector<std::string> inputs;
  for (const std::string& name : names) {
    if (scope.parent && name == "input") {
      spend(scope.input.size() * kCharactersPerNode, from.place);
      inputs.insert(inputs.end(), scope.input.begin(), scope.input.end());
    } else {
      inputs.push_back(seen_from(scope, name));
    }
  }
  return inputs;
}

std::string Expander::expand_layer(ConfigNode node,
                                   const std::string& path,
                                   const std::vector<std::string>& previous,
                                   const Scope& scope) {
  if (!detail::expect_map(node, path, context_)) return {};
  const std::string local = local_name(node, path, scope);
  if (local.empty()) return {};
  const std::string name = scope.prefix + local;
  substitute(node, name, scope);

  FlatLayer layer{name, {}, previous, false, {}};
  if (const ConfigNode* from = node.find("from")) {
    layer.inputs = inputs_named(*from, name + ".from", scope);
    layer.inputs_given = true;
  }
  std::optional<std::int64_t> times;
  if (const ConfigNode* repeat = node.find("repeat")) {
    detail::read_value(*repeat, name + ".repeat", times, between(0, kMostLayers), context_);
  }
  if (const ConfigNode* shares = node.find("shares")) {
    detail::read_value(*shares, name + ".shares", layer.shares, {}, context_);
    layer.shares = seen_from(scope, layer.shares);
  }
  for (const std::string_view key : {"name", "from", "repeat", "shares"}) node.erase(key);
  layer.op = std::move(node);
  if (!times) return expand_once(std::move(layer), scope);

  const std::size_t before = context_.diagnostics.size();
  if (*times == 0 && layer.inputs.size() != 1) {
    error(layer.op.place, name, "repeated 0 times it gives its input, of which there must be one");
    return {};
  }
  for (std::int64_t i = 1; i <= *times && context_.diagnostics.size() == before; ++i) {
    FlatLayer instance = layer;
    instance.name = fmt::format("{}.{}", name, i);
    layer.inputs = {expand_once(std::move(instance), scope)};
  }
  add_alias(name, layer.inputs[0], layer.op.place);
  return layer.inputs[0];
}

std::string Expander::expand_once(FlatLayer layer, const Scope& scope) {
  const std::string name = layer.name;
  if (layer.op.find("block")) {
    const Block* block = find_block(layer, scope);
    return block ? expand_block(layer, *block, scope) : name;
  }
  if (layers_.size() >= kMostLayers) {
    throw TooLarge{layer.op.place,
                   fmt::format("the blocks unfold to more than {} layers", kMostLayers)};
  }
  spend(kCopiesOfName * name.size(), layer.op.place);
  layers_.push_back(std::move(layer));
  return name;
}

/// Null where the block cannot be used here.
const Block* Expander::find_block(const FlatLayer& layer, const Scope& scope) {
  const ConfigNode& id = *layer.op.find("block");
  const auto fail = [&](std::string message) {
    error(id.place, layer.name + ".block", std::move(message));
    return nullptr;
  };
  const auto found = blocks_.find(id.scalar);
  if (found == blocks_.end()) {
    std::vector<std::string_view> known;
    if (!context_.diagnostics.full()) {
      for (const auto& [name, block] : blocks_) known.emplace_back(name);
    }
    return fail(
        fmt::format("there is no block {}{}", id.described(), did_you_mean(id.scalar, known)));
  }
  for (const Scope* outer = &scope; outer; outer = outer->parent) {
    if (outer->block == id.scalar) {
      return fail(fmt::format("the block \"{}\" contains itself", id.scalar));
    }
  }
  if (scope.depth >= kDeepestBlock) {
    return fail(fmt::format("blocks nested more than {} deep", kDeepestBlock));
  }
  return faulty_.contains(id.scalar) ? nullptr : &found->second;
}

/// The scope of one use of a block, whose arguments must be just those that the block asks for.
Scope Expander::inner_scope(const FlatLayer& layer, const Block& block, const Scope& scope) {
  Scope inner;
  inner.prefix = layer.name + '.';
  inner.input = layer.inputs;
  inner.block = layer.op.find("block")->scalar;
  inner.layers = &names_in_.at(inner.block);
  inner.parent = &scope;
  inner.depth = scope.depth + 1;
  std::vector<std::string_view> known{"name", "from", "repeat", "block"};
  for (const std::string& parameter : block.parameters) {
    known.emplace_back(parameter);
    const ConfigNode* value = layer.op.find(parameter);
    if (!value) {
      detail::report_missing(layer.op, layer.name, parameter, "a parameter of the block", context_);
      continue;
    }
    inner.arguments.emplace(parameter, *value);
  }
  detail::report_unknown_keys(layer.op, layer.name, known, context_);
  return inner;
}

std::string Expander::expand_block(const FlatLayer& layer, const Block& block, const Scope& scope) {
  const std::size_t before = context_.diagnostics.size();
  const Scope inner = inner_scope(layer, block, scope);
  if (context_.diagnostics.size() > before) return layer.name;
  const std::string output = expand(block.layers, inner);
  if (context_.diagnostics.size() > before) faulty_.insert(inner.block);
  add_alias(layer.name, output, layer.op.place);
  return output;
}

/// Follows repetitions of nothing from one to the next; those that lead in a circle stay a name
/// that no layer has.
std::string Expander::output_of(std::string name) {
  std::vector<std::string*> passed;
  for (auto alias = aliases_.find(name);
       alias != aliases_.end() && alias->second != name && passed.size() < aliases_.size();
       alias = aliases_.find(name)) {
    passed.push_back(&alias->second);
    name = alias->second;
  }
  for (std::string* output : passed) *output = name;
  return name;
}

std::vector<FlatLayer> Expander::take() {
  for (FlatLayer& layer : layers_) {
    if (aliases_.contains(layer.name)) {
      error(layer.op.place, layer.name, "another layer has this name");
    }
    for (std::string& input : layer.inputs) input = output_of(std::move(input));
    layer.shares = output_of(std::move(layer.shares));
  }
  return std::move(layers_);
}

void collect_names(const ConfigNode& node, Names& names) {
  if (node.is_scalar() && !node.quoted) {
    for (std::string& name : names_in(node.scalar)) names.insert(std::move(name));
  }
  for (const ConfigNode& item : node.items) collect_names(item, names);
  for (const ConfigNode::Entry& entry : node.entries) collect_names(entry.value, names);
}

/// Refuses parameters that nothing refers to, as misspelt ones are.
void check_use(const ConfigNode& parameters,
               const std::vector<ConfigNode>& layers,
               const std::map<std::string, Block>& blocks,
               Diagnostics& diagnostics) {
  Names used;
  collect_names(parameters, used);
  for (const ConfigNode& layer : layers) collect_names(layer, used);
  for (const auto& [id, block] : blocks) {
    for (const ConfigNode& layer : block.layers) collect_names(layer, used);
  }
  std::vector<std::string_view> known;
  for (const ConfigNode::Entry& entry : parameters.entries) {
    if (used.contains(entry.key)) known.emplace_back(entry.key);
  }
  for (const ConfigNode::Entry& entry : parameters.entries) {
    if (used.contains(entry.key)) continue;
    std::string hint = did_you_mean(entry.key, known);
    if (hint.empty() && !known.empty()) {
      hint = fmt::format(" (there are: {})", fmt::join(known, ", "));
    }
    diagnostics.error(entry.place,
                      "parameters",
                      fmt::format("no layer uses a parameter {}{}", in_quotes(entry.key), hint));
  }
}

}  // namespace

std::vector<FlatLayer> unfolded(const std::vector<ConfigNode>& layers,
                                const std::map<std::string, Block>& blocks,
                                const ConfigNode& parameters,
                                ReadContext context) {
  const std::size_t before = context.diagnostics.size();
  check_use(parameters, layers, blocks, context.diagnostics);
  Expander expander(blocks, context);
  try {
    expander.set_parameters(parameters);
    if (context.diagnostics.size() == before) expander.expand(layers);
  } catch (const TooLarge& fault) {
    context.diagnostics.error(fault.place, "layers", fault.message);
    return {};
  }
  return expander.take();
}

}  // namespace omniphi::models
