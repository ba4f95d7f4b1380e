// Sequences and optionals: they only say which value is meant, and cost nothing.

#include "models/workload/importers/onnx_sequences.h"

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_selection.h"

namespace omniphi::models {

std::vector<OnnxValue> items_of(const OnnxNode& node, int index) {
  const OnnxValue& value = node.value(index);
  const std::string name = in_quotes(node.proto().input(index));
  if (value.kind != OnnxValue::Kind::Sequence) refuse(fmt::format("{} is no sequence", name));
  if (value.items) return *value.items;
  refuse(fmt::format("{} is a sequence of unknown length; give it one with --dimension {}=NUMBER",
                     in_quotes(value.tensor),
                     value.tensor));
}

OnnxValue sequence_of(std::vector<OnnxValue> items) {
  OnnxValue sequence;
  sequence.kind = OnnxValue::Kind::Sequence;
  sequence.items = std::make_shared<const std::vector<OnnxValue>>(std::move(items));
  return sequence;
}

namespace {

void construct(OnnxNode& node) {
  std::vector<OnnxValue> items;
  for (int i = 0; i < node.inputs(); ++i) items.push_back(node.value(i));
  node.set(0, sequence_of(std::move(items)));
}

void empty(OnnxNode& node) {
  node.set(0, sequence_of({}));
}

/// A place among `count`, counted from the end if negative.
std::int64_t place(const OnnxNode& node, int index, std::int64_t count, std::int64_t otherwise) {
  if (!node.has(index)) return otherwise;
  const auto given = node.numbers(index);
  if (!given || given->size() != 1) refuse("which item is meant is computed from the samples");
  const std::int64_t at = (*given)[0] < 0 ? (*given)[0] + count : (*given)[0];
  if (at < 0 || at > count) refuse(fmt::format("means item {} of {}", (*given)[0], count));
  return at;
}

void insert(OnnxNode& node) {
  std::vector<OnnxValue> items = items_of(node, 0);
  const auto count = static_cast<std::int64_t>(items.size());
  constexpr std::int64_t kMostItems = 10'000;  // each insertion copies them
  if (count >= kMostItems) refuse(fmt::format("makes a sequence of more than {}", kMostItems));
  node.walk().spend(count);
  items.insert(items.begin() + place(node, 2, count, count), node.value(1));
  node.set(0, sequence_of(std::move(items)));
}

void erase(OnnxNode& node) {
  std::vector<OnnxValue> items = items_of(node, 0);
  const auto count = static_cast<std::int64_t>(items.size());
  const std::int64_t at = place(node, 1, count, count - 1);
  if (at < 0 || at >= count) refuse(fmt::format("means item {} of {}", at, count));
  items.erase(items.begin() + at);
  node.set(0, sequence_of(std::move(items)));
}

void item_at(OnnxNode& node) {
  const std::vector<OnnxValue> items = items_of(node, 0);
  const auto count = static_cast<std::int64_t>(items.size());
  const std::int64_t at = place(node, 1, count, 0);
  if (at >= count) refuse(fmt::format("means item {} of {}", at, count));
  node.set(0, items[static_cast<std::size_t>(at)]);
}

void length(OnnxNode& node) {
  const auto count = static_cast<double>(items_of(node, 0).size());
  node.set(0, constant_scalar(onnx::TensorProto::INT64, count));
}

/// Parts of one size or of several along an axis; without sizes, parts of one whose axis may go.
void split_to_sequence(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const std::size_t axis = node.axis(0, input.rank());
  const std::int64_t whole = input.shape[axis];
  const auto given = node.numbers(1);
  if (node.has(1) && !given) refuse("its sizes are computed from the samples");
  std::vector<std::int64_t> sizes = given.value_or(std::vector<std::int64_t>{});
  constexpr std::int64_t kMostParts = 10'000;
  if (!given || node.tensor(1).rank() == 0) {
    const std::int64_t part = given ? (*given)[0] : 1;
    if (part < 1 || whole / part > kMostParts) {
      refuse(fmt::format("makes parts of {} of {}", part, whole));
    }
    sizes.clear();
    for (std::int64_t at = 0; at < whole; at += part) sizes.push_back(std::min(part, whole - at));
  }
  std::vector<OnnxValue> items;
  std::int64_t begin = 0;
  for (const std::int64_t size : sizes) {
    if (size < 0 || size > whole - begin) refuse("its parts do not make up the axis");
    OnnxValue item = cut_out(node, input, {{axis, begin, size, 1}}, std::to_string(items.size()));
    if (!given && node.integer("keepdims", 1) == 0) {
      Dimensions shape = item.shape;
      shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(axis));
      item = reshaped(node, item, std::move(shape));
    }
    items.push_back(std::move(item));
    begin += size;
  }
  node.set(0, sequence_of(std::move(items)));
}

/// An optional is its element, or missing.
void optional(OnnxNode& node) {
  node.set(0, node.has(0) ? node.value(0) : OnnxValue{});
}

void optional_has_element(OnnxNode& node) {
  const bool has = node.has(0) && node.value(0).kind != OnnxValue::Kind::Missing;
  node.set(0, constant_scalar(onnx::TensorProto::BOOL, has ? 1 : 0));
}

void optional_get_element(OnnxNode& node) {
  const OnnxValue& value = node.value(0);
  require(value.kind != OnnxValue::Kind::Missing, "takes the element of an empty optional");
  node.set(0, value);
}

constexpr OnnxOperator kOperators[] = {{"Optional", optional, 0, 1},
                                       {"OptionalGetElement", optional_get_element},
                                       {"OptionalHasElement", optional_has_element, 0, 1},
                                       {"SequenceAt", item_at, 2, 2},
                                       {"SequenceConstruct", construct, 1, kAnyNumber},
                                       {"SequenceEmpty", empty, 0, 0},
                                       {"SequenceErase", erase, 1, 2},
                                       {"SequenceInsert", insert, 2, 3},
                                       {"SequenceLength", length},
                                       {"SplitToSequence", split_to_sequence, 1, 2}};

}  // namespace

std::span<const OnnxOperator> onnx_sequence_operators() {
  return kOperators;
}

}  // namespace omniphi::models
