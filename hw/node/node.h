#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "hw/base/parameter_reader.h"
#include "hw/node/gpu.h"
#include "hw/node/many_core_cpu.h"

/// What a node is made of. A node knows no networks and no time; the models do.
namespace omniphi::hw {

/// A kind of node: another alternative is another kind, and each model says what it makes of it.
using NodeKind = std::variant<ManyCoreCpu, Gpu>;

struct Node {
  static constexpr std::string_view folder = "nodes";
  NodeKind kind;

  // What is there whatever the kind.
  [[nodiscard]] std::string_view kind_name() const;
  [[nodiscard]] const std::string& source() const;
  [[nodiscard]] const Adapter& adapter() const;
  [[nodiscard]] const Power& power() const;
  [[nodiscard]] const NodePrice& price() const;

  static void read(
      const ConfigNode& node, const std::string& path, Node& out, Rule rule, ReadContext context);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;
};

}  // namespace omniphi::hw
