#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hw/base/figure.h"
#include "hw/base/id.h"
#include "models/workload/element_format.h"
#include "models/workload/note.h"
#include "models/workload/op.h"

namespace omniphi::models {

using LayerId = Id<struct LayerTag>;

struct Layer {
  std::string name;
  Op op;
  std::vector<LayerId> inputs;
  TensorShape output;                   // of one sample
  std::optional<LayerId> shares;        // the layer whose weights it uses, counted only there
  std::optional<ElementFormat> format;  // of weights and output, if the network itself says so
  bool needs_gradient = false;          // something before it or in it is learnt
  int users = 0;                        // connections that take its output
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
  std::vector<Note> notes;                            // how it differs from what it was read from

  [[nodiscard]] const Layer& layer(LayerId id) const { return layers[id.index()]; }

  /// The shapes a layer receives.
  [[nodiscard]] std::vector<TensorShape> input_shapes(const Layer& layer) const;
};

/// What a network may cost; more is an error.
constexpr std::size_t kMostLayers = 100'000;
constexpr std::size_t kMostConnections = 1'000'000;

/// What a reader may say of a layer besides its operator.
struct LayerTraits {
  std::string shares{};  // name of the layer whose weights it uses
  std::optional<ElementFormat> format{};
};

/// Assembles a network from named layers in any order. Every reader goes through it, so that names,
/// cycles and shapes are checked once and in one way.
class NetworkBuilder {
 public:
  /// `place` is where the layer stands in its file, for messages.
  void add(std::string name,
           Op op,
           std::vector<std::string> inputs,
           Place place,
           LayerTraits traits = {});

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
    LayerTraits traits;
  };

  /// Where layers stand in `layers_`.
  struct Connections {
    std::vector<std::vector<std::size_t>> inputs;     // of each layer
    std::vector<std::optional<std::size_t>> sharing;  // whose weights each uses
  };

  [[nodiscard]] Connections resolved(Diagnostics& diagnostics) const;
  void report_cycle(const std::vector<std::size_t>& cycle, Diagnostics& diagnostics) const;

  std::vector<Pending> layers_;
};

}  // namespace omniphi::models
