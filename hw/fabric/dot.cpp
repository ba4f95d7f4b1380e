#include "hw/fabric/dot.h"

#include <array>
#include <iterator>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

/// By CableReach.
constexpr std::array<std::string_view, 4> kColours{"gray60", "steelblue", "darkorange", "gray30"};

/// In quotes, as Graphviz reads it.
std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::map<std::tuple<VertexId, VertexId, std::uint32_t>, int> parallel_cables(const Wiring& wiring) {
  std::map<std::tuple<VertexId, VertexId, std::uint32_t>, int> counts;
  for (const FabricGraph::Cable& cable : wiring.cables) ++counts[{cable.a, cable.b, cable.link}];
  return counts;
}

}  // namespace

std::string dot(const Wiring& wiring) {
  std::string text =
      "graph fabric {\n"
      "  node [shape=box, fontname=\"sans-serif\", fontsize=9, height=0.2];\n";
  const auto out = std::back_inserter(text);
  for (int h = 0; h < wiring.hosts; ++h) {
    fmt::format_to(out, "  {} [shape=point];\n", quoted(wiring.name(wiring.host(h))));
  }
  for (int s = 0; s < wiring.switches(); ++s) {
    fmt::format_to(out, "  {};\n", quoted(wiring.name(wiring.switch_at(s))));
  }
  for (const auto& [cable, count] : parallel_cables(wiring)) {
    const auto& [a, b, kind] = cable;
    fmt::format_to(out,
                   "  {} -- {} [color={}{}];\n",
                   quoted(wiring.name(a)),
                   quoted(wiring.name(b)),
                   kColours[static_cast<std::size_t>(wiring.kinds[kind].reach)],
                   count > 1 ? fmt::format(", label=\"x{}\"", count) : "");
  }
  return text + "}\n";
}

}  // namespace omniphi::hw
