#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/workload/importers/caffe_layers.h"

namespace omniphi::models {

/// One layer of a Caffe net on its way into the network. What the layer cannot be is a
/// std::invalid_argument with one sentence.
class CaffeNode {
 public:
  CaffeNode(const CaffeLayer& layer, const CaffeWiring::Layer& wiring, CaffeLayers& layers)
      : layer_(layer), wiring_(wiring), layers_(layers) {}

  [[nodiscard]] const caffe::Layer& proto() const { return layer_.proto; }

  [[nodiscard]] std::size_t bottoms() const { return wiring_.bottoms.size(); }

  [[nodiscard]] std::size_t tops() const { return wiring_.tops.size(); }

  /// Throws if there is none, or none that can be computed with.
  CaffeValue bottom(std::size_t index = 0);
  std::vector<CaffeValue> all_bottoms();

  [[nodiscard]] int users_of_top(std::size_t index) const {
    return index < tops() ? layers_.users(wiring_.tops[index]) : 0;
  }

  /// Refuses another number of bottoms or tops.
  void expect(std::size_t bottoms, std::size_t most_tops = 1) const;

  /// A layer of the network. Where one layer of Caffe becomes several, the one with its parameters
  /// has its name, the others its name and `part`.
  CaffeValue add(Op op, const std::vector<CaffeValue>& inputs, std::string_view part = "");

  /// Where the layer names no such top, nobody can take the value, and it is dropped.
  void set_top(std::size_t index, CaffeValue value) {
    if (index < tops()) layers_.set(wiring_.tops[index], std::move(value));
  }

  /// The top enters from outside: see CaffeLayers::set_outside.
  void set_outside(std::size_t index, std::string name, TensorShape shape) {
    if (index < tops()) {
      layers_.set_outside(wiring_.tops[index], std::move(name), std::move(shape));
    }
  }

  /// The top holds what no layer can compute with.
  void set_absent(std::size_t index, std::string what) {
    if (index < tops()) layers_.set_absent(wiring_.tops[index], std::move(what));
  }

  /// The operator that makes the only bottom, to be widened; null if others take it as well.
  [[nodiscard]] Op* sole_producer() { return layers_.sole_producer(wiring_.bottoms[0]); }

  /// The layer becomes this one operator on all its bottoms.
  void become(Op op);

  /// An axis of Caffe's blob, counted from the end if negative, as an axis of the sample.
  [[nodiscard]] std::size_t axis(std::int64_t axis, const TensorShape& sample) const;

  [[nodiscard]] CaffeLayers& layers() const { return layers_; }

  [[nodiscard]] const Place& place() const { return layer_.place; }

  void note(NoteKind kind, std::string text);

 private:
  /// Weights that a layer before this one owns, by the names in `param`.
  LayerTraits shared_weights();

  const CaffeLayer& layer_;
  const CaffeWiring::Layer& wiring_;
  CaffeLayers& layers_;
};

}  // namespace omniphi::models
