#include "hw/fabric/cable_ends.h"

#include <charconv>
#include <sstream>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

constexpr int kMostCables = 10000;

/// The number of "x2"; 0 if it is none.
int parsed_count(const std::string& word) {
  int count = 0;
  const char* const end = word.data() + word.size();
  if (word.size() < 2 || word.front() != 'x') return 0;
  const auto [rest, error] = std::from_chars(word.data() + 1, end, count);
  const bool whole = error == std::errc() && rest == end && count <= kMostCables;
  return whole && count > 0 ? count : 0;
}

}  // namespace

void CableEnds::read(
    const ConfigNode& node, const std::string& path, CableEnds& out, Rule, ReadContext context) {
  std::istringstream words(node.is_scalar() ? node.scalar : "");
  std::string times;
  std::string more;
  words >> out.a >> out.b >> times >> more;
  out.count = times.empty() ? 1 : parsed_count(times);
  if (!out.b.empty() && out.count > 0 && more.empty()) return;
  context.diagnostics.error(
      node.place,
      path,
      fmt::format("expected the two ends of a cable such as \"host-3 switch-0\", or \"switch-0 "
                  "switch-4 x2\" for two, got {}",
                  node.is_scalar() ? in_quotes(node.scalar) : node.described()));
}

ConfigNode CableEnds::schema(Rule, SchemaContext) {
  return schema::text();
}

ConfigNode CableEnds::write() const {
  return ConfigNode::text(count == 1 ? fmt::format("{} {}", a, b)
                                     : fmt::format("{} {} x{}", a, b, count));
}

}  // namespace omniphi::hw
