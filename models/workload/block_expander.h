#pragma once

#include <map>
#include <string>
#include <vector>

#include "hw/base/parameter_reader.h"

namespace omniphi::models {

/// A group of layers that a network description uses several times.
struct Block {
  std::vector<std::string> parameters;
  std::vector<ConfigNode> layers;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("parameters", self.parameters, "names of the values that each use of the block must give");
    v("layers", self.layers, "the layers of the block", required);
  }
};

/// A layer of a description without blocks.
struct FlatLayer {
  std::string name;
  ConfigNode op;  // what is written of it, without name, `from` and `repeat`
  std::vector<std::string> inputs;
  bool inputs_given = false;  // by `from`, not by the order of the text
  std::string shares;         // the layer whose weights it uses
};

/// Unfolds blocks, repetitions and expressions; `parameters` are the network's own. The rules are
/// those of network_yaml.h. Faults go to the context's diagnostics, those inside a block once,
/// however often it is used; the result is then partial. What a small text may unfold to is
/// bounded; more is a fault too.
std::vector<FlatLayer> unfolded(const std::vector<ConfigNode>& layers,
                                const std::map<std::string, Block>& blocks,
                                const ConfigNode& parameters,
                                ReadContext context);

}  // namespace omniphi::models
