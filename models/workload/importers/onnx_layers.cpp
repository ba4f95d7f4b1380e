#include "models/workload/importers/onnx_layers.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace omniphi::models {

namespace {

/// The bias flag of an operator that can add one; null for others.
bool* bias_of(Op& op) {
  if (auto* convolution = std::get_if<Convolution>(&op)) return &convolution->bias;
  if (auto* convolution = std::get_if<TransposedConvolution>(&op)) return &convolution->bias;
  if (auto* product = std::get_if<InnerProduct>(&op)) return &product->bias;
  return nullptr;
}

/// The same for every operator whose second tensor is added last.
bool* last_term_of(Op& op) {
  auto* normalization = std::get_if<LayerNormalization>(&op);
  return normalization && normalization->scale ? &normalization->shift : bias_of(op);
}

/// The shape that a bias of this operator has, to be broadcast against its output; leading axes of
/// one left out.
std::vector<std::int64_t> bias_shape(const Op& op, const TensorShape& output) {
  if (std::holds_alternative<InnerProduct>(op)) return {output.dimensions.back()};
  if (const auto* normalization = std::get_if<LayerNormalization>(&op)) {
    const auto rank = static_cast<std::int64_t>(output.rank());
    const std::int64_t axis = normalization->axis;
    return {output.dimensions.begin() + (axis < 0 ? axis + rank : axis), output.dimensions.end()};
  }
  std::vector<std::int64_t> shape(output.rank(), 1);
  shape[0] = output.dimensions[0];
  return shape;
}

/// A term added to all samples alike, and nothing else; null for others.
const Scale* lone_shift(const OnnxLayerDraft& draft) {
  const auto* scale = std::get_if<Scale>(&draft.op);
  return scale && scale->learnt && scale->shift && !scale->scale ? scale : nullptr;
}

}  // namespace

std::size_t OnnxLayers::add(OnnxLayerDraft draft) {
  if (drafts_.size() >= kMostLayers) {
    throw std::invalid_argument(
        fmt::format("unrolled and inlined, the model has more than {} layers", kMostLayers));
  }
  std::vector<TensorShape> inputs;
  for (const std::size_t input : draft.inputs) inputs.push_back(drafts_[input].output);
  draft.output = output_shape(draft.op, inputs);
  draft.name = unique(std::move(draft.name));
  drafts_.push_back(std::move(draft));
  return drafts_.size() - 1;
}

std::string OnnxLayers::unique(std::string name) {
  // Names of nodes are neither required nor unique; those of unrolled bodies come again.
  int& asked = names_[name];
  while (asked++ > 0) {
    std::string next = fmt::format("{}_{}", name, asked);
    if (names_.emplace(next, 1).second) return next;
  }
  return name;
}

std::size_t OnnxLayers::reshaped(std::size_t layer, const TensorShape& shape) {
  if (drafts_[layer].output == shape) return layer;
  const auto [known, fresh] = reshapes_.emplace(std::pair{layer, shape.dimensions}, 0);
  if (fresh) {
    known->second = add({drafts_[layer].name + "/reshape",
                         Reshape{shape.dimensions},
                         {layer},
                         {},
                         drafts_[layer].format});
  }
  return known->second;
}

Network OnnxLayers::finish(const std::vector<std::size_t>& outputs,
                           OnnxNotes& notes,
                           const Place& place,
                           Diagnostics& diagnostics) && {
  dropped_.assign(drafts_.size(), false);
  drop_unused(outputs, notes);
  absorb_shifts(outputs, notes);
  split_shared_biases();
  share_tensors();
  NetworkBuilder builder;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    if (dropped_[i]) continue;
    OnnxLayerDraft& draft = drafts_[i];
    std::vector<std::string> inputs;
    for (const std::size_t input : draft.inputs) inputs.push_back(drafts_[input].name);
    builder.add(draft.name,
                draft.op,
                std::move(inputs),
                place,
                {shares_[i] ? drafts_[*shares_[i]].name : "", draft.format});
  }
  Network network = std::move(builder).finish(diagnostics);
  network.notes = notes.all();
  return network;
}

void OnnxLayers::drop_unused(const std::vector<std::size_t>& outputs, OnnxNotes& notes) {
  std::vector<bool> used(drafts_.size(), false);
  for (const std::size_t output : outputs) used[output] = true;
  for (std::size_t i = drafts_.size(); i-- > 0;) {
    if (!used[i]) continue;
    for (const std::size_t input : drafts_[i].inputs) used[input] = true;
  }
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    const Op& op = drafts_[i].op;
    if (used[i] || (outputs.empty() && std::holds_alternative<Input>(op))) continue;
    dropped_[i] = true;
    if (std::holds_alternative<Reshape>(op)) continue;
    notes.add(NoteKind::Folded,
              std::string(op_name(op)),
              drafts_[i].name,
              "left out, since no output of the model depends on it");
  }
}

void OnnxLayers::absorb_shifts(const std::vector<std::size_t>& outputs, OnnxNotes& notes) {
  std::vector<int> uses(drafts_.size(), 0);
  for (const std::size_t output : outputs) ++uses[output];
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    if (dropped_[i]) continue;
    for (const std::size_t input : drafts_[i].inputs) ++uses[input];
  }
  std::vector<std::size_t> stands_for(drafts_.size());
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    stands_for[i] = i;
    OnnxLayerDraft& draft = drafts_[i];
    for (std::size_t& input : draft.inputs) input = stands_for[input];
    const Scale* shift = lone_shift(draft);
    if (dropped_[i] || !shift) continue;
    OnnxLayerDraft& product = drafts_[draft.inputs[0]];
    if (uses[draft.inputs[0]] != 1 || product.output != draft.output) continue;
    if (auto* scale = std::get_if<Scale>(&product.op);
        scale && scale->learnt && !scale->shift && scale->shape == shift->shape) {
      scale->shift = true;
    } else if (bool* bias = bias_of(product.op);
               bias && !*bias && shift->shape == bias_shape(product.op, product.output)) {
      *bias = true;
      notes.add(NoteKind::Folded, "bias", draft.name, "added as a constant after a product");
    } else {
      continue;
    }
    product.tensors.insert(product.tensors.end(), draft.tensors.begin(), draft.tensors.end());
    uses[draft.inputs[0]] = uses[i];
    stands_for[i] = draft.inputs[0];
    dropped_[i] = true;
  }
}

void OnnxLayers::split_shared_biases() {
  // A bias that several weights have in common, or weights that have several biases, become layers
  // of their own, so that each tensor is counted once.
  std::map<std::string, std::set<std::string>> partners;
  const auto has_bias = [&](std::size_t i) {
    const bool* bias = last_term_of(drafts_[i].op);
    return !dropped_[i] && bias && *bias && drafts_[i].tensors.size() == 2;
  };
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    const std::vector<std::string>& tensors = drafts_[i].tensors;
    if (!dropped_[i] && tensors.size() == 1) partners[tensors[0]].insert("");
    if (!has_bias(i)) continue;
    partners[tensors[0]].insert(tensors[1]);
    partners[tensors[1]].insert(tensors[0]);
  }
  const auto is_shared = [&](const std::string& tensor) {
    return !tensor.empty() && partners[tensor].size() > 1;
  };
  std::unordered_map<std::size_t, std::size_t> replaced;
  const std::size_t before = drafts_.size();
  for (std::size_t i = 0; i < before; ++i) {
    if (!has_bias(i)) continue;
    const std::vector<std::string> tensors = drafts_[i].tensors;
    if (!is_shared(tensors[0]) && !is_shared(tensors[1])) continue;
    *last_term_of(drafts_[i].op) = false;
    drafts_[i].tensors.pop_back();
    Scale shift{.scale = false, .shift = true};
    shift.shape = bias_shape(drafts_[i].op, drafts_[i].output);
    replaced[i] = add({drafts_[i].name + "/bias", shift, {i}, {tensors[1]}, drafts_[i].format});
    dropped_.push_back(false);
  }
  for (std::size_t i = 0; i < drafts_.size() && !replaced.empty(); ++i) {
    for (std::size_t& input : drafts_[i].inputs) {
      const auto found = replaced.find(input);
      if (found != replaced.end() && found->second != i) input = found->second;
    }
  }
}

void OnnxLayers::share_tensors() {
  std::map<std::vector<std::string>, std::size_t> first;
  shares_.assign(drafts_.size(), std::nullopt);
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    const std::vector<std::string>& tensors = drafts_[i].tensors;
    if (dropped_[i] || tensors.empty() || std::ranges::count(tensors, "") > 0) continue;
    const auto [owner, fresh] = first.emplace(tensors, i);
    if (!fresh) shares_[i] = owner->second;
  }
}

}  // namespace omniphi::models
