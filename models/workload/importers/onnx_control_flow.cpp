// If, Loop, Scan and SequenceMap: bodies are walked as often as they would run.

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_proto.h"
#include "models/workload/importers/onnx_selection.h"
#include "models/workload/importers/onnx_sequences.h"

namespace omniphi::models {

namespace {

/// More runs of a body than any network needs; each takes at least some microseconds.
constexpr std::int64_t kMostRuns = 100'000;

std::string label_of(const OnnxNode& node) {
  const auto& proto = node.proto();
  if (!proto.name().empty() || proto.output().empty()) return proto.name();
  return proto.output(0);
}

/// The scope of a body that is unrolled for the run of this name.
OnnxScope body_scope(const OnnxNode& node, const std::string& run) {
  OnnxScope scope;
  scope.sets = node.scope().sets;
  scope.outer = &node.scope();
  scope.prefix = fmt::format("{}{}/{}/", node.scope().prefix, label_of(node), run);
  scope.identity = fmt::format("{}{}/", node.scope().identity, label_of(node));
  scope.depth = node.scope().depth;
  return scope;
}

void set_all(OnnxNode& node, std::vector<OnnxValue> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    node.set(static_cast<int>(i), std::move(values[i]));
  }
}

/// The branch that the condition takes; where only samples say, the longer one.
void if_then_else(OnnxNode& node) {
  const auto condition = scalar(node.tensor(0));
  const auto branch = [&](const char* name) {
    return node.walk().run_body(node.body(name), {}, body_scope(node, name));
  };
  if (condition) return set_all(node, branch(*condition != 0 ? "then_branch" : "else_branch"));
  node.note(NoteKind::Approximated,
            "which branch runs depends on the samples; the one of more layers is counted");
  const std::size_t before = node.walk().layers().size();
  std::vector<OnnxValue> yes = branch("then_branch");
  const std::size_t between = node.walk().layers().size();
  std::vector<OnnxValue> no = branch("else_branch");
  const std::size_t after = node.walk().layers().size();
  set_all(node, between - before >= after - between ? std::move(yes) : std::move(no));
}

/// Values that each run gives, side by side; `count` is 0 where none ran.
OnnxValue gathered_runs(OnnxNode& node,
                        const std::vector<OnnxValue>& values,
                        int output,
                        std::string_view part) {
  if (!values.empty()) return stacked(node, values, part);
  return constant(node.declared_type(output), {0});
}

void check_runs(std::int64_t runs) {
  if (runs > kMostRuns) {
    refuse(fmt::format("runs {} times, more than the {} that are unrolled", runs, kMostRuns));
  }
}

[[noreturn]] void refuse_open_count(const OnnxNode& node) {
  const OnnxValue& count = node.tensor(0);
  const bool input =
      count.is_activation() && std::holds_alternative<Input>(node.walk().layers()[count.layer].op);
  const std::string& name = node.proto().input(0);
  refuse(input ? fmt::format("how often it runs is the input {}; give it a number with "
                             "--dimension {}=NUMBER",
                             in_quotes(name),
                             name)
               : "how often it runs is computed from the samples");
}

/// Values that a run of the body hands to the next, and the conditions to go on.
void loop(OnnxNode& node) {
  const onnx::GraphProto& body = node.body("body");
  const auto trips = node.numbers(0);
  if (node.has(0) && (!trips || trips->size() != 1)) refuse_open_count(node);
  if (trips) check_runs((*trips)[0]);
  OnnxValue condition = node.has(1) ? node.tensor(1) : constant_scalar(onnx::TensorProto::BOOL, 1);
  std::vector<OnnxValue> state;
  for (int i = 2; i < node.inputs(); ++i) state.push_back(node.value(i));
  const int scans = body.output_size() - 1 - static_cast<int>(state.size());
  if (scans < 0) refuse("its body gives less than it takes");
  std::vector<std::vector<OnnxValue>> gathered(static_cast<std::size_t>(scans));

  for (std::int64_t run = 0; !trips || run < (*trips)[0]; ++run) {
    check_runs(run + 1);
    const auto goes_on = scalar(condition);
    if (goes_on == 0.0) break;
    if (!goes_on) {
      if (!trips) refuse("when it ends is computed from the samples");
      node.note(NoteKind::Approximated, "may end early; counted for all its runs");
    }
    std::vector<OnnxValue> inputs{
        constant_scalar(onnx::TensorProto::INT64, static_cast<double>(run)), condition};
    inputs.insert(inputs.end(), state.begin(), state.end());
    std::vector<OnnxValue> outputs =
        node.walk().run_body(body, std::move(inputs), body_scope(node, std::to_string(run)));
    condition = outputs[0];
    if (condition.kind == OnnxValue::Kind::Faulty) refuse("its body has faults");
    for (std::size_t i = 0; i < state.size(); ++i) state[i] = outputs[i + 1];
    for (std::size_t i = 0; i < gathered.size(); ++i) {
      gathered[i].push_back(outputs[i + 1 + state.size()]);
    }
  }
  const auto states = static_cast<int>(state.size());
  set_all(node, std::move(state));
  for (int i = 0; i < scans; ++i) {
    const int output = states + i;
    if (!node.makes(output)) continue;
    node.set(output,
             gathered_runs(
                 node, gathered[static_cast<std::size_t>(i)], output, fmt::format("runs-{}", i)));
  }
}

/// What a scan walks along: one slice of each for every run of the body.
struct Scanned {
  OnnxValue value;
  std::size_t axis = 0;
  bool backwards = false;

  [[nodiscard]] std::int64_t length() const { return value.shape[axis]; }
};

OnnxValue slice_of(OnnxNode& node, const Scanned& scanned, std::int64_t run) {
  const std::int64_t at = scanned.backwards ? scanned.length() - 1 - run : run;
  const OnnxValue slice =
      cut_out(node, scanned.value, {{scanned.axis, at, 1, 1}}, fmt::format("slice-{}", run));
  Dimensions shape = slice.shape;
  shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(scanned.axis));
  return reshaped(node, slice, std::move(shape));
}

std::int64_t at_or(const std::vector<std::int64_t>& values, int index, std::int64_t otherwise) {
  const auto i = static_cast<std::size_t>(index);
  return i < values.size() ? values[i] : otherwise;
}

/// In operator set 8 every value has the batch as its first axis, which the body does not see.
OnnxValue without_batch(const OnnxNode& node, OnnxValue value) {
  require(value.is_tensor() && value.rank() > 0, "takes a value without a batch");
  const std::int64_t batch = value.batch_axis ? node.walk().batch().size : 1;
  if (value.shape[0] != batch || value.batch_axis.value_or(0) != 0) {
    refuse(fmt::format("takes {}, more than one sample", shape_text(value.shape)));
  }
  value.shape.erase(value.shape.begin());
  value.batch_axis.reset();
  return value;
}

OnnxValue with_batch(const OnnxNode& node, OnnxValue value) {
  if (!value.is_tensor()) return value;
  const OnnxBatch& batch = node.walk().batch();
  value.shape.insert(value.shape.begin(), batch.tracked ? batch.size : 1);
  if (batch.tracked && value.is_activation()) value.batch_axis = 0;
  return value;
}

void scan(OnnxNode& node) {
  const onnx::GraphProto& body = node.body("body");
  const bool batched = node.operator_set() < 9;
  const int first = batched ? 1 : 0;  // after the lengths of sequences
  const auto given = static_cast<int>(
      std::clamp<std::int64_t>(node.integer("num_scan_inputs", 1), 0, node.inputs() - first));
  const int states = node.inputs() - first - given;
  const int scans = body.output_size() - states;
  if (given < 1 || scans < 0) refuse("its body does not fit its inputs");
  const auto value = [&](int i) {
    return batched ? without_batch(node, node.tensor(first + i)) : node.tensor(first + i);
  };
  std::vector<OnnxValue> state;
  for (int i = 0; i < states; ++i) state.push_back(value(i));
  std::vector<Scanned> scanned;
  const auto axes = node.integers("scan_input_axes");
  const auto directions = node.integers(batched ? "directions" : "scan_input_directions");
  for (int i = 0; i < given; ++i) {
    Scanned s{value(states + i), 0, at_or(directions, i, 0) != 0};
    const auto rank = static_cast<std::int64_t>(s.value.rank());
    const std::int64_t axis = at_or(axes, i, 0);
    if (axis < -rank || axis >= rank) refuse(fmt::format("scans axis {} of {}", axis, rank));
    s.axis = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    scanned.push_back(std::move(s));
  }
  const std::int64_t runs = scanned[0].length();
  check_runs(runs);
  std::vector<std::vector<OnnxValue>> gathered(static_cast<std::size_t>(scans));
  for (std::int64_t run = 0; run < runs; ++run) {
    std::vector<OnnxValue> inputs = state;
    for (const Scanned& s : scanned) {
      if (s.length() != runs) refuse("scans values of different lengths");
      inputs.push_back(slice_of(node, s, run));
    }
    std::vector<OnnxValue> outputs =
        node.walk().run_body(body, std::move(inputs), body_scope(node, std::to_string(run)));
    for (std::size_t i = 0; i < state.size(); ++i) state[i] = outputs[i];
    for (std::size_t i = 0; i < gathered.size(); ++i) {
      gathered[i].push_back(outputs[i + state.size()]);
    }
  }
  for (int i = 0; i < states; ++i) {
    OnnxValue& last = state[static_cast<std::size_t>(i)];
    node.set(i, batched ? with_batch(node, std::move(last)) : std::move(last));
  }
  for (int i = 0; i < scans; ++i) {
    if (at_or(node.integers("scan_output_axes"), i, 0) != 0)
      refuse("stacks along another axis than the first");
    OnnxValue all = gathered_runs(
        node, gathered[static_cast<std::size_t>(i)], states + i, fmt::format("runs-{}", i));
    node.set(states + i, batched ? with_batch(node, std::move(all)) : std::move(all));
  }
}

/// The body for each item of the first sequence; other sequences go along, tensors stay.
void sequence_map(OnnxNode& node) {
  const onnx::GraphProto& body = node.body("body");
  const std::size_t runs = items_of(node, 0).size();
  check_runs(static_cast<std::int64_t>(runs));
  std::vector<std::vector<OnnxValue>> gathered(static_cast<std::size_t>(body.output_size()));
  for (std::size_t run = 0; run < runs; ++run) {
    std::vector<OnnxValue> inputs;
    for (int i = 0; i < node.inputs(); ++i) {
      if (node.value(i).kind != OnnxValue::Kind::Sequence) {
        inputs.push_back(node.value(i));
        continue;
      }
      const std::vector<OnnxValue> items = items_of(node, i);
      if (items.size() != runs) refuse("maps sequences of different lengths");
      inputs.push_back(items[run]);
    }
    std::vector<OnnxValue> outputs =
        node.walk().run_body(body, std::move(inputs), body_scope(node, std::to_string(run)));
    for (std::size_t i = 0; i < gathered.size(); ++i) gathered[i].push_back(std::move(outputs[i]));
  }
  for (std::size_t i = 0; i < gathered.size(); ++i) {
    node.set(static_cast<int>(i), sequence_of(std::move(gathered[i])));
  }
}

constexpr OnnxOperator kOperators[] = {{"If", if_then_else},
                                       {"Loop", loop, 2, kAnyNumber},
                                       {"Scan", scan, 1, kAnyNumber},
                                       {"SequenceMap", sequence_map, 1, kAnyNumber}};

}  // namespace

std::span<const OnnxOperator> onnx_control_flow_operators() {
  return kOperators;
}

}  // namespace omniphi::models
