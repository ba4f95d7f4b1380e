#include "models/workload/importers/caffe_node.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace omniphi::models {

namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

CaffeValue CaffeNode::bottom(std::size_t index) {
  if (index >= bottoms()) {
    throw std::invalid_argument(
        fmt::format("takes at least {}, got {}", counted(index + 1, "bottom"), bottoms()));
  }
  return layers_.value(wiring_.bottoms[index], place());
}

std::vector<CaffeValue> CaffeNode::all_bottoms() {
  std::vector<CaffeValue> values;
  for (std::size_t i = 0; i < bottoms(); ++i) values.push_back(bottom(i));
  return values;
}

void CaffeNode::expect(std::size_t wanted, std::size_t most_tops) const {
  if (bottoms() != wanted) {
    throw std::invalid_argument(
        fmt::format("takes {}, got {}", counted(wanted, "bottom"), bottoms()));
  }
  if (tops() > most_tops) {
    throw std::invalid_argument(
        fmt::format("gives at most {}, got {}", counted(most_tops, "top"), tops()));
  }
}

CaffeValue CaffeNode::add(Op op, const std::vector<CaffeValue>& inputs, std::string_view part) {
  const std::string name = caffe_name(proto());
  if (!part.empty()) {
    return layers_.add(fmt::format("{}.{}", name, part), std::move(op), inputs, place());
  }
  return layers_.add(name, std::move(op), inputs, place(), shared_weights());
}

LayerTraits CaffeNode::shared_weights() {
  const std::string name = caffe_name(proto());
  std::string shares;
  int shared = 0;
  for (const caffe::Weights& weights : proto().param()) {
    if (weights.name().empty()) continue;
    const std::string& owner = layers_.owner_of_weights(weights.name(), name);
    if (owner == name) continue;
    shares = owner;
    ++shared;
  }
  if (shared > 0 && shared < proto().param_size()) {
    note(NoteKind::Approximated, "shares some of its weights; all are taken to be shared");
  }
  return {shares, {}};
}

void CaffeNode::become(Op op) {
  if (tops() != 1) {
    throw std::invalid_argument(fmt::format("gives 1 top, got {}", tops()));
  }
  set_top(0, add(std::move(op), all_bottoms()));
}

std::size_t CaffeNode::axis(std::int64_t axis, const TensorShape& sample) const {
  const auto axes = static_cast<std::int64_t>(sample.rank()) + 1;  // the batch is one
  const std::int64_t from_front = axis < 0 ? axis + axes : axis;
  if (from_front < 0 || from_front >= axes) {
    throw std::invalid_argument(fmt::format("there is no axis {} among {}", axis, axes));
  }
  const auto batch = static_cast<std::int64_t>(layers_.batch_axis());
  if (from_front == batch) {
    throw std::invalid_argument(
        fmt::format("works along axis {}, the batch, which is not supported", axis));
  }
  return static_cast<std::size_t>(from_front > batch ? from_front - 1 : from_front);
}

void CaffeNode::note(NoteKind kind, std::string text) {
  layers_.note(kind, caffe_name(proto()), std::move(text));
}

}  // namespace omniphi::models
