// Attention as one operator: of the ONNX standard since operator set 23, and of ONNX Runtime.

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_products.h"
#include "models/workload/importers/onnx_selection.h"

namespace omniphi::models {

namespace {

/// Sequences of several heads, [batch, positions, heads x size] or [batch, heads, positions, size].
struct Heads {
  OnnxValue value;
  std::int64_t in_sample = 1;  // sequences of one sample
  std::int64_t heads = 1;
  std::int64_t positions = 1;
  std::int64_t size = 1;  // of one head

  /// What the layer takes: sequences that lie in one sample count as heads of their own.
  [[nodiscard]] Dimensions sample() const { return {positions, in_sample * heads * size}; }
};

Heads heads_of(const OnnxNode& node, const OnnxValue& value, std::int64_t heads) {
  Heads found;
  found.value = value.batch_axis.value_or(0) == 0 ? value : node.whole(value);
  if (value.rank() == 4) {
    heads = value.shape[1];
    found.positions = value.shape[2];
    found.size = value.shape[3];
  } else if (value.rank() == 3 && heads > 0 && value.shape[2] % heads == 0) {
    found.positions = value.shape[1];
    found.size = value.shape[2] / heads;
  } else {
    refuse(fmt::format("takes {} for {} heads", shape_text(value.shape), heads));
  }
  found.heads = heads;
  found.in_sample =
      found.value.batch_axis ? value.shape[0] / node.walk().batch().size : value.shape[0];
  return found;
}

/// Positions that a cache [batch, heads, past, size] brings; 0 if it is left out.
std::int64_t past_of(const OnnxNode& node, int index, std::size_t axis) {
  if (!node.has(index)) return 0;
  const OnnxValue& past = node.tensor(index);
  if (axis >= past.rank()) refuse(fmt::format("takes a past {}", shape_text(past.shape)));
  return past.shape[axis];
}

/// The cache with what is new behind it: read and written once.
OnnxValue cached(OnnxNode& node, int past, const Heads& fresh, std::string_view part) {
  Dimensions shape{fresh.value.shape[0], fresh.heads, fresh.positions, fresh.size};
  const OnnxResult now{shape, fresh.value.batch_axis, fresh.value.type};
  OnnxValue value = fresh.value;
  value.shape = now.shape;
  if (!node.has(past) || element_count(node.tensor(past).shape) == 0) return value;
  return joined(node, {node.tensor(past), value}, 2, part);
}

struct Sizes {
  std::int64_t past = 0;
  bool causal = false;
};

OnnxValue attended(OnnxNode& node,
                   const Heads& q,
                   const Heads& k,
                   const Heads& v,
                   const Sizes& sizes,
                   const OnnxResult& result) {
  Attention op;
  op.heads = q.in_sample * q.heads;
  op.key_value_heads = k.heads == q.heads ? 0 : k.in_sample * k.heads;
  op.causal = sizes.causal;
  op.past = sizes.past;
  return node.layer(
      op, {{q.value, q.sample()}, {k.value, k.sample()}, {v.value, v.sample()}}, result);
}

/// Shape of the output: as the queries, with heads of the size that values have.
OnnxResult output_of(const Heads& q, const Heads& v) {
  OnnxResult result{q.value.shape, q.value.batch_axis, q.value.type};
  result.shape.back() = q.value.rank() == 4 ? v.size : q.heads * v.size;
  return result;
}

/// Queries, keys and values apart.
void attention(OnnxNode& node, std::int64_t q_heads, std::int64_t kv_heads, int past, bool causal) {
  const Heads q = heads_of(node, node.tensor(0), q_heads);
  const Heads k = heads_of(node, node.tensor(1), kv_heads);
  const Heads v = heads_of(node, node.tensor(2), kv_heads);
  const Sizes sizes{past_of(node, past, 2), causal};
  node.set(0, attended(node, q, k, v, sizes, output_of(q, v)));
  if (node.makes(1)) node.set(1, cached(node, past, k, "keys"));
  if (node.makes(2)) node.set(2, cached(node, past + 1, v, "values"));
}

void standard_attention(OnnxNode& node) {
  if (node.makes(3)) refuse("gives out its scores");
  attention(node,
            node.integer("q_num_heads", 0),
            node.integer("kv_num_heads", 0),
            4,
            node.integer("is_causal", 0) != 0);
}

void multi_head_attention(OnnxNode& node) {
  require(node.has(1) && node.has(2), "takes queries, keys and values packed into one");
  const std::int64_t heads = node.integer("num_heads", 0);
  if (node.has(3))
    node.note(NoteKind::NotModelled, "the biases of queries, keys and values are left out");
  attention(node, heads, heads, 6, node.integer("unidirectional", 0) != 0);
}

void group_query_attention(OnnxNode& node) {
  require(node.has(1) && node.has(2), "takes queries, keys and values packed into one");
  attention(node, node.integer("num_heads", 0), node.integer("kv_num_heads", 0), 3, true);
}

/// ONNX Runtime's first: projects the input to queries, keys and values itself, side by side.
void fused_attention(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const OnnxValue& weights = node.weight(1);
  const std::int64_t heads = node.integer("num_heads", 0);
  require(input.rank() == 3 && weights.rank() == 2, "takes [batch, positions, features]");
  std::vector<std::int64_t> widths = node.integers("qkv_hidden_sizes");
  if (widths.empty()) widths.assign(3, weights.shape[1] / 3);
  if (widths.size() != 3 || widths[0] + widths[1] + widths[2] != weights.shape[1] || heads < 1) {
    refuse(fmt::format("has weights {} for {} heads", shape_text(weights.shape), heads));
  }
  const OnnxValue projected = multiplied(
      node, input, weights, false, false, node.has(2) ? &node.weight(2) : nullptr, "projection");
  OnnxValue parts[3];
  std::int64_t begin = 0;
  for (int i = 0; i < 3; ++i) {
    constexpr std::string_view kNames[] = {"queries", "keys", "values"};
    const std::int64_t width = widths[static_cast<std::size_t>(i)];
    require(width >= 1 && width % heads == 0, "its heads do not divide its features");
    parts[i] = projected;
    parts[i].shape.back() = width;
    if (node.makes(1) || widths[0] != widths[2]) {
      parts[i] = cut_out(node, projected, {{2, begin, width, 1}}, kNames[i]);
    }
    begin += width;
  }
  const Heads q = heads_of(node, parts[0], heads);
  const Heads k = heads_of(node, parts[1], heads);
  const Heads v = heads_of(node, parts[2], heads);
  const std::int64_t past = past_of(node, 4, 3);
  const bool causal = node.integer("unidirectional", 0) != 0;
  OnnxResult result{input.shape, q.value.batch_axis, input.type};
  result.shape.back() = widths[2];
  if (widths[0] == widths[2]) {
    // The kernel takes the three as they come out of the projection.
    Attention op;
    op.heads = q.in_sample * heads;
    op.causal = causal;
    op.past = past;
    const Dimensions packed{q.positions, q.in_sample * (widths[0] + widths[1] + widths[2])};
    node.set(0, node.layer(op, {{projected, packed}}, result));
  } else {
    node.set(0, attended(node, q, k, v, {past, causal}, result));
  }
  if (!node.makes(1)) return;
  // Keys and values for the next step: [2, batch, heads, past and new positions, size].
  std::vector<OnnxValue> present;
  for (const Heads* part : {&k, &v}) {
    OnnxValue value = part->value;
    value.shape = {1, value.shape[0], heads, part->positions, part->size};
    if (value.batch_axis) value.batch_axis = 1;
    present.push_back(std::move(value));
  }
  OnnxValue fresh = joined(node, present, 0, "present");
  if (past > 0) fresh = joined(node, {node.tensor(4), fresh}, 3, "past");
  node.set(1, std::move(fresh));
}

/// Each pair of features turned by an angle: two products and a sum for each.
void rotary_embedding(OnnxNode& node) {
  constexpr std::int64_t kFlop = 3;
  const OnnxValue& input = node.tensor(0);
  node.set(0, pass(node, {{input}}, {input.shape, input.batch_axis, input.type}, kFlop, true));
}

constexpr OnnxOperator kOperators[] = {
    {"Attention", fused_attention, 2, 7, kContrib},
    {"Attention", standard_attention, 3, 7},
    {"GroupQueryAttention", group_query_attention, 3, 12, kContrib},
    {"MultiHeadAttention", multi_head_attention, 1, 10, kContrib},
    {"RotaryEmbedding", rotary_embedding, 3, 4},
    {"RotaryEmbedding", rotary_embedding, 4, 4, kContrib}};

}  // namespace

std::span<const OnnxOperator> onnx_attention_operators() {
  return kOperators;
}

}  // namespace omniphi::models
