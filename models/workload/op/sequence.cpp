#include "models/workload/op/sequence.h"

#include <algorithm>

#include "models/workload/op/shape_rules.h"

namespace omniphi::models {

TensorShape shape_of(const Recurrent& op, const Shapes& inputs) {
  constexpr std::int64_t kMostLayers = 1000;
  constexpr std::size_t kMostInputs = 3;  // the sequence, and two initial states
  require(!inputs.empty() && inputs.size() <= kMostInputs,
          "takes a sequence and at most two states, got {} inputs",
          {inputs.size()});
  const TensorShape& input = inputs[0];
  if (input.rank() != 2) refuse("takes a sequence [steps, features], got {}", {input});
  require(op.layers <= kMostLayers, "{} layers are more than {}", {op.layers, kMostLayers});
  checked({{op.hidden}});
  const std::int64_t steps = input.dimensions[0];
  const std::int64_t width = op.directions() * op.hidden;
  checked({{steps, op.layers, gates(op.cell), width}});
  const std::int64_t widest = std::max(input.dimensions[1], width) + op.hidden;
  checked({{widest, gates(op.cell), width}});
  check_product(
      {op.layers, gates(op.cell), width, widest}, kLargestTensor, "the number of weights");
  check_product({op.layers, gates(op.cell), width, widest, steps},
                kLargestWork,
                "the number of multiply-accumulates");
  if (op.returns == Returned::Last) return {{width}};
  return {{steps, width}};
}

namespace {

void check_sequence(const TensorShape& shape) {
  if (shape.rank() != 2) refuse("takes sequences [positions, features], got {}", {shape});
}

/// Features of one head.
std::int64_t head_size(const TensorShape& sequence, std::int64_t heads) {
  const std::int64_t features = sequence.dimensions[1];
  require(features % heads == 0, "{} heads do not divide {} features", {heads, features});
  return features / heads;
}

}  // namespace

AttentionSizes attention_sizes(const Attention& op, const Shapes& inputs) {
  const std::int64_t shared = op.key_value_heads > 0 ? op.key_value_heads : op.heads;
  AttentionSizes sizes;
  sizes.heads = op.heads;
  sizes.queries = inputs[0].dimensions[0];
  const TensorShape& keys = inputs.size() == 1 ? inputs[0] : inputs[1];
  sizes.positions = keys.dimensions[0] + op.past;
  if (inputs.size() == 1) {
    sizes.key_size = head_size(inputs[0], op.heads + 2 * shared);
    sizes.value_size = sizes.key_size;
  } else {
    sizes.key_size = head_size(inputs[0], op.heads);
    sizes.value_size = head_size(inputs[2], shared);
  }
  return sizes;
}

TensorShape shape_of(const Attention& op, const Shapes& inputs) {
  require(
      inputs.size() == 1 || inputs.size() == 3 || inputs.size() == 4,
      "takes queries, keys and values, perhaps a mask, or one input with the three side by side, "
      "got {} inputs",
      {inputs.size()});
  const std::size_t sequences = inputs.size() == 1 ? 1 : 3;
  for (std::size_t i = 0; i < sequences; ++i) check_sequence(inputs[i]);
  const std::int64_t shared = op.key_value_heads > 0 ? op.key_value_heads : op.heads;
  require(
      op.heads >= 1 && op.heads <= kLargestTensor && shared <= op.heads && op.heads % shared == 0,
      "{} heads of keys and values do not divide {} heads of queries",
      {shared, op.heads});
  require(op.past >= 0 && op.past <= kLargestTensor, "a past of {} is not possible", {op.past});
  const AttentionSizes sizes = attention_sizes(op, inputs);
  if (inputs.size() > 1) {
    if (inputs[1].dimensions[0] != inputs[2].dimensions[0] ||
        head_size(inputs[1], shared) != sizes.key_size) {
      refuse("its queries, keys and values do not fit: {}, {} and {}",
             {inputs[0], inputs[1], inputs[2]});
    }
  }
  check_product(
      {sizes.heads, sizes.queries, sizes.positions}, kLargestTensor, "the number of scores");
  check_product({sizes.heads, sizes.queries, sizes.positions, sizes.key_size + sizes.value_size},
                kLargestWork,
                "the number of multiply-accumulates");
  return {{sizes.queries, sizes.heads * sizes.value_size}};
}

}  // namespace omniphi::models
