#include "hw/base/parameter_reader.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace omniphi::detail {

namespace {

std::string with_article(std::string_view noun) {
  constexpr std::string_view kVowels = "aeiou";
  const bool vowel = kVowels.find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

void check_range(const ConfigNode& node,
                 const std::string& path,
                 double value,
                 Rule rule,
                 DimensionValue dimension,
                 ReadContext context) {
  if (rule.holds(value)) return;
  const std::string bound =
      rule.low_holds(value)
          ? "at most " + exact_text(rule.high, dimension)
          : (rule.above_low ? "greater than " : "at least ") + exact_text(rule.low, dimension);
  context.diagnostics.error(
      node.place, path, fmt::format("must be {}, got {}", bound, node.described()));
}

}  // namespace

std::string joined_path(const std::string& path, std::string_view key) {
  return path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
}

void read_number(const ConfigNode& node,
                 const std::string& path,
                 double& out,
                 Rule rule,
                 DimensionValue dimension,
                 ReadContext context) {
  const auto value =
      node.is_scalar() && !node.quoted ? parse_quantity(node.scalar, dimension) : std::nullopt;
  if (!value) {
    const DimensionName name = dimension_name(dimension);
    context.diagnostics.error(node.place,
                              path,
                              fmt::format("expected {} such as \"{}\", got {}",
                                          with_article(name.noun),
                                          name.example,
                                          node.described()));
    return;
  }
  const std::size_t before = context.diagnostics.size();
  check_range(node, path, *value, rule, dimension, context);
  if (context.diagnostics.size() == before) out = *value;
}

void read_integer(const ConfigNode& node,
                  const std::string& path,
                  std::int64_t& out,
                  Rule rule,
                  ReadContext context) {
  std::int64_t value = 0;
  const std::string& text = node.scalar;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool leading_zero = text.size() > 1 && (text.starts_with('0') || text.starts_with("-0"));
  if (!node.is_scalar() || node.quoted || error != std::errc{} ||
      end != text.data() + text.size() || leading_zero) {
    context.diagnostics.error(node.place, path, "expected a whole number, got " + node.described());
    return;
  }
  const std::size_t before = context.diagnostics.size();
  check_range(node, path, static_cast<double>(value), rule, {}, context);
  if (context.diagnostics.size() == before) out = value;
}

void read_bool(const ConfigNode& node, const std::string& path, bool& out, ReadContext context) {
  if (node.is_scalar() && !node.quoted && (node.scalar == "true" || node.scalar == "false")) {
    out = node.scalar == "true";
    return;
  }
  context.diagnostics.error(node.place, path, "expected true or false, got " + node.described());
}

void read_text(const ConfigNode& node,
               const std::string& path,
               std::string& out,
               ReadContext context) {
  if (node.is_scalar()) {
    out = node.scalar;
    return;
  }
  context.diagnostics.error(node.place, path, "expected a text, got " + node.described());
}

bool expect_map(const ConfigNode& node, const std::string& path, ReadContext context) {
  if (node.is_map()) return true;
  context.diagnostics.error(
      node.place, path, "expected a map of keys and values, got " + node.described());
  return false;
}

bool expect_sequence(const ConfigNode& node, const std::string& path, ReadContext context) {
  if (node.is_sequence()) return true;
  context.diagnostics.error(node.place, path, "expected a list, got " + node.described());
  return false;
}

void report_unknown_word(const ConfigNode& node,
                         const std::string& path,
                         const std::vector<std::string_view>& known,
                         ReadContext context) {
  const bool worded = node.is_scalar() && !context.diagnostics.full();
  context.diagnostics.error(node.place,
                            path,
                            fmt::format("expected one of {}, got {}{}",
                                        fmt::join(known, ", "),
                                        node.described(),
                                        worded ? did_you_mean(node.scalar, known) : ""));
}

void report_missing(const ConfigNode& map,
                    const std::string& path,
                    std::string_view key,
                    std::string_view meaning,
                    ReadContext context) {
  context.diagnostics.error(
      map.place, path, fmt::format("the key \"{}\" is missing: {}", key, meaning));
}

void report_unknown_keys(const ConfigNode& map,
                         const std::string& path,
                         const std::vector<std::string_view>& known,
                         ReadContext context) {
  for (const ConfigNode::Entry& entry : map.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    std::string hint = context.diagnostics.full() ? "" : did_you_mean(entry.key, known);
    if (hint.empty()) hint = fmt::format(" (known: {})", fmt::join(known, ", "));
    context.diagnostics.error(
        entry.place, path, fmt::format("unknown key {}{}", in_quotes(entry.key), hint));
  }
}

}  // namespace omniphi::detail
