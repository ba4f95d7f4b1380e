#include "hw/base/catalog.h"

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/yaml_reader.h"

namespace omniphi {

namespace {

/// Ids are words, never paths: a scenario cannot read outside the catalog.
bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 100 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  }) && id.front() != '.';
}

}  // namespace

Catalog::Catalog(std::filesystem::path root) : root_(std::move(root)) {}

std::vector<std::string> Catalog::ids(std::string_view folder) const {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root_ / folder, error)) {
    if (entry.path().extension() == ".yaml") found.push_back(entry.path().stem().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool Catalog::has(std::string_view folder, std::string_view id) const {
  std::error_code error;
  return is_id(id) &&
         std::filesystem::is_regular_file(root_ / folder / (std::string(id) + ".yaml"), error);
}

ConfigNode Catalog::load(std::string_view folder,
                         std::string_view id,
                         const Place& from,
                         std::string_view path,
                         Diagnostics& diagnostics) const {
  const std::size_t before = diagnostics.size();
  ConfigNode tree = derived(folder, entry(folder, id, from, path, diagnostics), path, diagnostics);
  return diagnostics.size() > before ? ConfigNode{} : tree;
}

ConfigNode Catalog::entry(std::string_view folder,
                          std::string_view id,
                          const Place& from,
                          std::string_view path,
                          Diagnostics& diagnostics) const {
  if (!has(folder, id)) {
    const std::vector<std::string> known = ids(folder);
    const std::vector<std::string_view> names(known.begin(), known.end());
    std::string hint = did_you_mean(id, names);
    if (hint.empty() && !names.empty())
      hint = fmt::format(" (there are: {})", fmt::join(names, ", "));
    diagnostics.error(
        from, path, fmt::format("no {} among the catalog's {}{}", in_quotes(id), folder, hint));
    return {};
  }
  const std::size_t before = diagnostics.size();
  ConfigNode tree = read_yaml_file(root_ / folder / (std::string(id) + ".yaml"), diagnostics);
  diagnostics.annotate(before, from);
  return diagnostics.size() > before ? ConfigNode{} : tree;
}

ConfigNode Catalog::derived(std::string_view folder,
                            ConfigNode tree,
                            std::string_view path,
                            Diagnostics& diagnostics) const {
  return derived(folder, std::move(tree), path, diagnostics, 0);
}

ConfigNode Catalog::derived(std::string_view folder,
                            ConfigNode tree,
                            std::string_view path,
                            Diagnostics& diagnostics,
                            int depth) const {
  constexpr int kDeepest = 16;  // a cycle of bases ends here
  const ConfigNode* base = tree.find("base");
  if (!base) return tree;
  if (!base->is_scalar()) {
    diagnostics.error(base->place, path, "base: expected a catalog id, got " + base->described());
    return {};
  }
  if (depth == kDeepest) {
    diagnostics.error(
        base->place,
        path,
        fmt::format("base: {} is derived from itself, or too many times over", base->described()));
    return {};
  }
  const std::size_t before = diagnostics.size();
  ConfigNode part = entry(folder, base->scalar, base->place, path, diagnostics);
  part = derived(folder, std::move(part), path, diagnostics, depth + 1);
  if (diagnostics.size() > before) return {};
  tree.erase("base");
  return overlaid(std::move(part), tree);
}

}  // namespace omniphi
