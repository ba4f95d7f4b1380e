#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/workload/importers/onnx_notes.h"
#include "models/workload/network.h"

namespace omniphi::models {

/// A layer in the making.
struct OnnxLayerDraft {
  std::string name;
  Op op;
  std::vector<std::size_t> inputs = {};   // drafts
  std::vector<std::string> tensors = {};  // that it learns: weights first; "" for one of its own
  std::optional<ElementFormat> format = {};
  TensorShape output = {};
};

/// The layers of a model while it is read. Drafts are numbered in the order they are added, so that
/// inputs come before users.
class OnnxLayers {
 public:
  /// Gives the draft a name of its own and the shape of its output, and returns its number.
  /// Throws std::invalid_argument where the operator cannot take its inputs.
  std::size_t add(OnnxLayerDraft draft);

  [[nodiscard]] const OnnxLayerDraft& operator[](std::size_t layer) const { return drafts_[layer]; }

  [[nodiscard]] std::size_t size() const { return drafts_.size(); }

  /// The layer itself, or a change of its shape that costs nothing.
  std::size_t reshaped(std::size_t layer, const TensorShape& shape);

  /// The network of what leads to `outputs` and of all inputs. Terms added to a product become its
  /// bias, and layers that learn the same tensors share them. What that leaves out or joins goes to
  /// `notes`; faults go to `diagnostics`.
  [[nodiscard]] Network finish(const std::vector<std::size_t>& outputs,
                               OnnxNotes& notes,
                               const Place& place,
                               Diagnostics& diagnostics) &&;

 private:
  std::string unique(std::string name);
  void drop_unused(const std::vector<std::size_t>& outputs, OnnxNotes& notes);
  void absorb_shifts(const std::vector<std::size_t>& outputs, OnnxNotes& notes);
  void split_shared_biases();
  void share_tensors();

  std::vector<OnnxLayerDraft> drafts_;
  std::vector<bool> dropped_;
  std::vector<std::optional<std::size_t>> shares_;
  std::unordered_map<std::string, int> names_;  // how often each was asked for
  std::map<std::pair<std::size_t, std::vector<std::int64_t>>, std::size_t> reshapes_;
};

}  // namespace omniphi::models
