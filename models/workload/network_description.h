#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/workload/block_expander.h"
#include "models/workload/network.h"

namespace omniphi::models {

/// A network as it is written: see network_yaml.h.
struct NetworkDescription {
  std::string source;
  std::map<std::string, ReferenceAccuracy> accuracy;
  ConfigNode parameters;
  std::map<std::string, Block> blocks;
  std::vector<ConfigNode> layers;
  std::vector<Note> notes;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("source", self.source, "where the network is published");
    v("accuracy", self.accuracy, "published accuracy, by data set");
    v("parameters", self.parameters, "values that layers and blocks refer to, with their defaults");
    v("blocks", self.blocks, "groups of layers used several times");
    v("layers", self.layers, "the layers, in any order", required);
    v("notes", self.notes, "how it differs from the model it was read from");
  }
};

}  // namespace omniphi::models
