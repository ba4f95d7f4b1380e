#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/config_node.h"
#include "hw/base/figure.h"
#include "hw/base/parameter_reader.h"
#include "hw/base/quantity.h"
#include "hw/fabric/topology/topology.h"
#include "hw/node/hwloc.h"
#include "models/mapping/design.h"

namespace omniphi::sim {

/// What a description says: for people, for programs and, of a network or fabric, for Graphviz.
struct Description {
  std::string text;
  std::string dot;
  ConfigNode tree = ConfigNode::map();
};

using Rows = std::vector<std::vector<std::string>>;

void put(ConfigNode& map, std::string_view key, std::string value);
void put(ConfigNode& map, std::string_view key, std::int64_t value);
void put_number(ConfigNode& map, std::string_view key, double value);
/// Text that stays text in JSON even where it reads as a number.
void put_text(ConfigNode& map, std::string_view key, const std::string& value);
/// `price_usd`, null where nobody knows it; the answer is for people: "4876 USD (4000 .. 5000)" or
/// "unknown".
std::string put_price(ConfigNode& map, const Figure<Usd>& price);

/// A network with what each layer and phase computes and moves in a step of the workload's batch,
/// task and precision.
Description described_network(const models::Workload& workload);

/// A fabric for this many hosts. Throws std::runtime_error for one that does not work.
Description described_fabric(const hw::Topology& topology, int hosts);

/// A fabric by its description, with all the hosts that it has. Throws ConfigError.
Description described_fabric(const ConfigNode& tree, ReadContext context);

/// A machine as its operating system sees it; `name` is what it is called in the text.
Description described_machine(const hw::HardwareTopology& machine, const std::string& name);

}  // namespace omniphi::sim
