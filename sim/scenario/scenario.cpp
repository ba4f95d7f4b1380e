#include "sim/scenario/scenario.h"

#include <charconv>
#include <memory>

#include <fmt/format.h>

#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"

namespace omniphi::sim {

namespace {

Place command_line(const Override& change) {
  return {
      std::make_shared<const std::string>(fmt::format("--set {}={}", change.path, change.value)),
      0,
      0};
}

/// One step of a path: "groups[1]" is the key "groups" and the index 1.
struct PathStep {
  std::string key;
  std::vector<std::size_t> indices;
};

/// Nothing if the text is no path.
std::vector<PathStep> path_steps(std::string_view path) {
  std::vector<PathStep> steps;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    std::string_view word = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
    PathStep step{std::string(word.substr(0, word.find('['))), {}};
    while (word.find('[') != std::string_view::npos) {
      word = word.substr(word.find('[') + 1);
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), index);
      if (error != std::errc{} || end == word.data() + word.size() || *end != ']') return {};
      step.indices.push_back(index);
    }
    if (step.key.empty()) return {};
    steps.push_back(std::move(step));
  }
  return steps;
}

/// Turns the name of a catalog entry into a description derived from it, so that one value can
/// differ.
void derive_if_named(ConfigNode& node) {
  if (!node.is_scalar()) return;
  ConfigNode derived = ConfigNode::map(node.place);
  ConfigNode base = node;
  derived.set("base", std::move(base));
  node = std::move(derived);
}

void apply(const Override& change, ConfigNode& tree, Diagnostics& diagnostics) {
  const Place place = command_line(change);
  const auto steps = path_steps(change.path);
  if (steps.empty()) return diagnostics.error(place, "", "this is no path");
  ConfigNode value = read_yaml(change.value, *place.file, diagnostics);
  ConfigNode* node = &tree;
  for (const PathStep& step : steps) {
    derive_if_named(*node);
    node = &node->at_or_new(step.key, place);
    for (const std::size_t index : step.indices) {
      if (index >= node->items.size()) {
        return diagnostics.error(
            place, "", fmt::format("{} has {} items", step.key, node->items.size()));
      }
      node = &node->items[index];
    }
  }
  *node = std::move(value);
  node->place = place;  // whoever reads it later should name the option, not a line of it
}

/// What a scenario may leave unsaid because the catalog has an entry for it.
void add_default_parts(ConfigNode& tree) {
  if (!tree.find("prices")) tree.set("prices", ConfigNode::text("default", tree.place));
  ConfigNode* workload = &tree.at_or_new("workload");
  if (workload->is_map() && !workload->find("dataset")) {
    workload->set("dataset", ConfigNode::text("synthetic", workload->place));
  }
}

void check_step(const models::Workload& workload,
                const ConfigNode& tree,
                Diagnostics& diagnostics) {
  const std::string excess = excess_of_step(workload);
  if (excess.empty()) return;
  const ConfigNode& text = *tree.find("workload");
  const ConfigNode* batch = text.find("batch_per_rank");
  diagnostics.error((batch ? batch : &text)->place, "workload.batch_per_rank", excess);
}

}  // namespace

Override parsed_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw ConfigError({Diagnostic{{}, "", fmt::format("--set {}: expected path=value", text), ""}});
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void apply_overrides(const std::vector<Override>& overrides,
                     ConfigNode& tree,
                     Diagnostics& diagnostics) {
  for (const Override& change : overrides) apply(change, tree, diagnostics);
}

Scenario read_scenario(const std::filesystem::path& file,
                       const std::vector<Override>& overrides,
                       const Catalog& catalog) {
  Diagnostics diagnostics;
  ConfigNode tree = read_yaml_file(file, diagnostics);
  diagnostics.throw_if_any();
  return read_scenario(std::move(tree), overrides, catalog);
}

Scenario read_scenario(ConfigNode tree,
                       const std::vector<Override>& overrides,
                       const Catalog& catalog) {
  Diagnostics diagnostics;
  if (tree.is_map()) {
    apply_overrides(overrides, tree, diagnostics);
    diagnostics.throw_if_any();
    if (tree.find("workload")) add_default_parts(tree);
  }
  Scenario scenario;
  read_parameters(tree, "", scenario, {catalog, diagnostics});
  if (diagnostics.size() == 0) check_step(scenario.design.workload, tree, diagnostics);
  diagnostics.throw_if_any();
  return scenario;
}

ConfigNode write_scenario(const Scenario& scenario) {
  return written(scenario);
}

}  // namespace omniphi::sim
