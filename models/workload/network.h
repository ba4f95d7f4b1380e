#pragma once

#include <map>
#include <string>
#include <vector>

#include "hw/base/figure.h"
#include "hw/base/id.h"
#include "models/workload/op.h"

namespace omniphi::models {

using LayerId = Id<struct LayerTag>;

struct Layer {
  std::string name;
  Op op;
  std::vector<LayerId> inputs;
  TensorShape output;  // of one sample
};

/// Accuracy that a source reports for this very network on a data set.
struct ReferenceAccuracy {
  Figure<double> top1;  // share of the evaluation set
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("top1", self.top1, "top-1 accuracy, single crop, as a share", required | fraction);
    v("source", self.source, "document and page", required);
  }
};

/// A neural network as a graph of layers: its shapes and its complexity, and nothing about
/// hardware. Layers are in topological order, inputs before users.
struct Network {
  std::string name;
  std::string source;
  std::vector<Layer> layers;
  std::map<std::string, ReferenceAccuracy> accuracy;  // by data set id

  [[nodiscard]] const Layer& layer(LayerId id) const { return layers[id.index()]; }

  /// The shapes a layer receives.
  [[nodiscard]] std::vector<TensorShape> input_shapes(const Layer& layer) const;
};

/// What a network may cost; more is an error.
constexpr std::size_t kMostLayers = 100'000;
constexpr std::size_t kMostConnections = 1'000'000;

/// Assembles a network from named layers in any order. Every reader goes through it, so that names,
/// cycles and shapes are checked once and in one way.
class NetworkBuilder {
 public:
  /// `place` is where the layer stands in its file, for messages.
  void add(std::string name, Op op, std::vector<std::string> inputs, Place place);

  /// Sorts, resolves and infers. Faults (duplicate or dangling names, cycles, shapes that do not
  /// fit, no layers) go to `diagnostics`, each with its layer's name and place; the result is then
  /// partial.
  Network finish(Diagnostics& diagnostics) &&;

 private:
  struct Pending {
    std::string name;
    Op op;
    std::vector<std::string> inputs;
    Place place;
  };

  /// The place in `layers_` of each layer's inputs.
  [[nodiscard]] std::vector<std::vector<std::size_t>> resolved(Diagnostics& diagnostics) const;
  void report_cycle(const std::vector<std::size_t>& cycle, Diagnostics& diagnostics) const;

  std::vector<Pending> layers_;
};

}  // namespace omniphi::models
