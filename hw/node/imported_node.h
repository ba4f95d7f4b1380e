#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hw/base/catalog.h"
#include "hw/base/config_node.h"
#include "hw/node/hwloc.h"

namespace omniphi::hw {

/// A catalog entry of `nodes/` made of what an operating system says of a machine.
struct ImportedNode {
  ConfigNode tree;
  std::string base;                  // the entry that it is derived from; "": none is known
  std::vector<std::string> notes;    // sentences for whoever reads the entry
  std::vector<std::string> missing;  // what the entry lacks before it can be used, a sentence each
};

/// What a processor calls itself, less trade marks, maker and clock: "Intel(R) Xeon Phi(TM) CPU
/// 7210 @ 1.30GHz" is "Xeon Phi 7210".
std::string processor_name(std::string_view cpu_model);

/// `machine` laid over the entry whose `processor` and `sockets` are the machine's: `base:` and
/// what differs. Where no entry is, what can be counted, with the keys that are still missing. No
/// number is invented.
ImportedNode imported_node(const HardwareTopology& machine, const Catalog& catalog);

}  // namespace omniphi::hw
