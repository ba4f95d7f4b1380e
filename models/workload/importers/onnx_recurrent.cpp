// RNN, LSTM and GRU.

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

/// [steps, sequences, features], or sequences first. What of the sequences is not the batch makes
/// the layer's one sequence longer: as many products, of the same weights.
struct Sequences {
  OnnxValue value;
  bool batch_first = false;
  std::int64_t steps = 1;
  std::int64_t sequences = 1;  // in all
  std::int64_t in_sample = 1;  // in one sample
};

Sequences sequences_of(const OnnxNode& node) {
  const OnnxValue& value = node.tensor(0);
  if (value.rank() != 3) {
    refuse(fmt::format("takes [steps, batch, features], not {}", shape_text(value.shape)));
  }
  Sequences found;
  found.batch_first = node.integer("layout", 0) != 0;
  const std::size_t axis = found.batch_first ? 0 : 1;
  found.value = value.batch_axis && *value.batch_axis != axis ? node.whole(value) : value;
  found.steps = value.shape[1 - axis];
  found.sequences = value.shape[axis];
  found.in_sample =
      found.value.batch_axis ? found.sequences / node.walk().batch().size : found.sequences;
  return found;
}

Recurrent cell_of(const OnnxNode& node, Cell cell, const Sequences& x) {
  Recurrent op;
  op.cell = cell;
  const OnnxValue& weights = node.weight(1);     // [directions, gates x hidden, features]
  const OnnxValue& recurrence = node.weight(2);  // [directions, gates x hidden, hidden]
  if (weights.rank() != 3 || recurrence.rank() != 3) {
    refuse(fmt::format(
        "has weights {} and {}", shape_text(weights.shape), shape_text(recurrence.shape)));
  }
  op.hidden = recurrence.shape[2];
  op.bidirectional = weights.shape[0] == 2;
  const Dimensions expected{op.directions(), gates(cell) * op.hidden, x.value.shape[2]};
  if (op.hidden < 1 || weights.shape != expected) {
    refuse(fmt::format(
        "has weights {} where it needs {}", shape_text(weights.shape), shape_text(expected)));
  }
  op.biases = node.has(3) ? 2 : 0;
  op.peepholes = cell == Cell::Lstm && node.has(7);
  return op;
}

/// The last step of what the layer gives, [sequences, directions x hidden] of one sample.
OnnxValue last_step(OnnxNode& node,
                    const OnnxValue& all,
                    const Recurrent& op,
                    const Sequences& x,
                    const OnnxResult& result) {
  const std::int64_t width = op.directions() * op.hidden;
  const std::int64_t rows = x.steps * x.in_sample;
  if (x.steps == 1) {
    OnnxValue same = all;
    same.shape = result.shape;
    same.batch_axis = result.batch_axis;
    return same;
  }
  Slice cut;
  cut.axes = {0};
  cut.begin = {rows - x.in_sample};
  cut.end = {rows};
  return node.layer(cut, {{all, Dimensions{rows, width}}}, result, {}, "last");
}

void recurrent(OnnxNode& node, Cell cell) {
  const Sequences x = sequences_of(node);
  Recurrent op = cell_of(node, cell, x);
  std::vector<const OnnxValue*> learnt;
  for (const int index : {1, 2, 3, 7}) {
    if (node.has(index) && (index != 7 || op.peepholes)) learnt.push_back(&node.weight(index));
  }
  if (node.has(4)) node.note(NoteKind::Approximated, "every sequence is counted at full length");
  const bool only_last = !node.makes(0) && x.in_sample == 1;
  if (only_last) op.returns = Returned::Last;

  const std::int64_t directions = op.directions();
  const std::int64_t n = x.sequences;
  OnnxResult all{x.batch_first ? Dimensions{n, x.steps, directions, op.hidden}
                               : Dimensions{x.steps, directions, n, op.hidden},
                 {},
                 x.value.type};
  OnnxResult last{
      x.batch_first ? Dimensions{n, directions, op.hidden} : Dimensions{directions, n, op.hidden},
      {},
      x.value.type};
  if (x.value.batch_axis) {
    all.batch_axis = x.batch_first ? 0 : 2;
    last.batch_axis = x.batch_first ? 0 : 1;
  }
  std::vector<OnnxOperand> operands{{x.value, Dimensions{x.steps * x.in_sample, x.value.shape[2]}}};
  for (const int state : {5, 6}) {
    if (node.has(state) && node.tensor(state).is_activation()) {
      operands.push_back({node.tensor(state)});
    }
  }
  const OnnxValue made = node.layer(op, operands, only_last ? last : all, learnt);
  if (made.is_constant()) {
    node.set(0, constant(all.type, all.shape));
    node.set(1, constant(last.type, last.shape));
    return node.set(2, constant(last.type, last.shape));
  }
  node.set(0, made);
  if (!node.makes(1) && !node.makes(2)) return;
  const OnnxValue final_state = only_last ? made : last_step(node, made, op, x, last);
  node.set(1, final_state);
  if (!node.makes(2)) return;
  node.note(NoteKind::Approximated,
            "the last output stands for the cell's last state, of one size");
  node.set(2, final_state);
}

void rnn(OnnxNode& node) {
  recurrent(node, Cell::Rnn);
}

void lstm(OnnxNode& node) {
  recurrent(node, Cell::Lstm);
}

void gru(OnnxNode& node) {
  recurrent(node, Cell::Gru);
}

constexpr std::uint32_t kWeights = 1u << 1 | 1u << 2 | 1u << 3;

constexpr OnnxOperator kOperators[] = {{"GRU", gru, 3, 6, "", kWeights},
                                       {"LSTM", lstm, 3, 8, "", kWeights | 1u << 7},
                                       {"RNN", rnn, 3, 6, "", kWeights}};

}  // namespace

std::span<const OnnxOperator> onnx_recurrent_operators() {
  return kOperators;
}

}  // namespace omniphi::models
