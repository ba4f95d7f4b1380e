// Operators that take some elements of a tensor, or put tensors together.

#include "models/workload/importers/onnx_selection.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"

namespace omniphi::models {

namespace {

constexpr std::string_view kUpperBound =
    "gives as many elements as the samples ask for; counted for the most that it can give";

/// As Python and ONNX count: from the end if negative, no further than the axis goes.
OnnxCut cut_of(
    std::size_t axis, std::int64_t size, std::int64_t begin, std::int64_t end, std::int64_t step) {
  require(step != 0, "has a step of 0");
  constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max() / 4;
  step = std::clamp(step, -kLargestTensor, kLargestTensor);
  const auto from_front = [&](std::int64_t at) {
    at = std::clamp(at, -kEnd, kEnd);
    return at < 0 ? at + size : at;
  };
  const std::int64_t first =
      std::clamp<std::int64_t>(from_front(begin), step < 0 ? -1 : 0, step < 0 ? size - 1 : size);
  const std::int64_t last =
      std::clamp<std::int64_t>(from_front(end), step < 0 ? -1 : 0, step < 0 ? size - 1 : size);
  const std::int64_t length = step > 0 ? last - first : first - last;
  const std::int64_t stride = step > 0 ? step : -step;
  return {axis, first, length <= 0 ? 0 : (length - 1) / stride + 1, step};
}

OnnxValue cut_constant(const OnnxNode& node,
                       const OnnxValue& input,
                       const std::vector<OnnxCut>& cuts) {
  Dimensions shape = input.shape;
  for (const OnnxCut& cut : cuts) shape[cut.axis] = cut.count;
  OnnxNumbers numbers;
  if (input.numbers) {
    numbers = numbers_at(node, shape, [&](Dimensions index) {
      for (const OnnxCut& cut : cuts) index[cut.axis] = cut.begin + index[cut.axis] * cut.step;
      return (*input.numbers)[static_cast<std::size_t>(offset_of(index, input.shape))];
    });
  }
  OnnxValue result = constant(input.type, shape, std::move(numbers));
  result.stored_type = input.stored_type;
  return result;
}

/// Attributes up to operator set 9, inputs since.
void slice(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto begins = node.numbers("starts", 1);
  const auto ends = node.numbers("ends", 2);
  const auto axes = node.numbers("axes", 3);
  const auto steps = node.numbers(4);
  if (!begins || !ends || (node.has(3) && !axes) || (node.has(4) && !steps)) {
    const auto declared = node.declared_shape(0);
    if (!declared) refuse("where it cuts is computed from the samples");
    node.note(NoteKind::Approximated, "has the shape that the file gives its output");
    if (input.is_constant()) return node.set(0, constant(input.type, *declared));
    const OnnxValue uncut = node.whole(input);
    return node.set(0, pass(node, {{uncut}}, {*declared, {}, input.type}, 0));
  }
  const std::size_t count = begins->size();
  require(ends->size() == count && (!axes || axes->size() == count) &&
              (!steps || steps->size() == count),
          "has not as many starts, ends, axes and steps");
  if (count > input.rank()) refuse(fmt::format("cuts {} axes of {}", count, input.rank()));
  std::vector<OnnxCut> cuts;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t given = axes ? (*axes)[i] : static_cast<std::int64_t>(i);
    const std::size_t axis = normalised_axes({given}, input.rank())[0];
    cuts.push_back(
        cut_of(axis, input.shape[axis], (*begins)[i], (*ends)[i], steps ? (*steps)[i] : 1));
  }
  node.set(0, cut_out(node, input, std::move(cuts)));
}

/// Parts as the file has them where samples say how long they are, or else equal ones.
std::vector<std::int64_t> open_sizes(const OnnxNode& node, std::int64_t whole, std::size_t axis) {
  const int parts = node.proto().output_size();
  std::vector<std::int64_t> sizes;
  if (node.has(1)) node.note(NoteKind::Approximated, "has parts of the sizes that the file gives");
  for (int i = 0; node.has(1) && i < parts; ++i) {
    const auto declared = node.declared_shape(i);
    if (!declared || axis >= declared->size()) refuse("its sizes are computed from the samples");
    sizes.push_back((*declared)[axis]);
  }
  if (node.has(1)) return sizes;
  sizes.assign(static_cast<std::size_t>(parts), (whole + parts - 1) / parts);
  sizes.back() = whole - sizes.back() * (parts - 1);
  return sizes;
}

/// Sizes from the attribute (up to operator set 12), the input, or equal parts.
void split(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const std::size_t axis = node.axis(0, input.rank());
  const int parts = node.proto().output_size();
  std::optional<std::vector<std::int64_t>> sizes = node.numbers("split", 1);
  if (!sizes) sizes = open_sizes(node, input.shape[axis], axis);
  if (static_cast<int>(sizes->size()) != parts) {
    refuse(fmt::format("has {} sizes for {} outputs", sizes->size(), parts));
  }
  std::int64_t begin = 0;
  for (int i = 0; i < parts; ++i) {
    const std::int64_t size = (*sizes)[static_cast<std::size_t>(i)];
    if (size < 0 || size > input.shape[axis] - begin) {
      refuse(fmt::format("its parts do not make up axis {} of {}", axis, shape_text(input.shape)));
    }
    if (node.makes(i)) {
      node.set(i, cut_out(node, input, {{axis, begin, size, 1}}, std::to_string(i)));
    }
    begin += size;
  }
}

OnnxValue joined_constants(const OnnxNode& node,
                           const std::vector<OnnxValue>& values,
                           const Dimensions& shape,
                           std::size_t axis) {
  const bool known =
      std::ranges::all_of(values, [](const OnnxValue& v) { return v.numbers != nullptr; });
  OnnxNumbers numbers;
  if (known) {
    numbers = numbers_at(node, shape, [&](Dimensions index) {
      std::size_t part = 0;
      for (; index[axis] >= values[part].shape[axis]; ++part) {
        index[axis] -= values[part].shape[axis];
      }
      return (
          *values[part].numbers)[static_cast<std::size_t>(offset_of(index, values[part].shape))];
    });
  }
  return constant(values[0].type, shape, std::move(numbers));
}

void concat(OnnxNode& node) {
  std::vector<OnnxValue> values;
  for (int i = 0; i < node.inputs(); ++i) {
    if (node.has(i)) values.push_back(node.tensor(i));
  }
  require(!values.empty() && values[0].rank() > 0, "joins what has no axes");
  // The axis is required since operator set 4, 1 before.
  node.set(0, joined(node, values, node.axis(1, values[0].rank())));
}

void concat_from_sequence(OnnxNode& node) {
  const OnnxValue& sequence = node.value(0);
  require(sequence.items && !sequence.items->empty(), "joins a sequence of unknown or no length");
  const bool fresh_axis = node.integer("new_axis", 0) != 0;
  const std::size_t rank = sequence.items->front().rank() + (fresh_axis ? 1 : 0);
  const std::size_t axis = node.axis(0, rank);
  std::vector<OnnxValue> values;
  require(fresh_axis || rank > 0, "joins what has no axes");
  for (const OnnxValue& item : *sequence.items) {
    require(item.is_tensor(), "joins what is no tensor");
    Dimensions shape = item.shape;
    if (fresh_axis) shape.insert(shape.begin() + static_cast<std::ptrdiff_t>(axis), 1);
    values.push_back(reshaped(node, item, std::move(shape)));
  }
  node.set(0, joined(node, values, axis));
}

OnnxValue gathered_constant(const OnnxNode& node,
                            const OnnxValue& data,
                            const OnnxValue& indices,
                            const Dimensions& shape,
                            std::size_t axis) {
  OnnxNumbers numbers;
  const auto at = integers(indices);
  if (data.numbers && at) {
    numbers = numbers_at(node, shape, [&](const Dimensions& index) {
      const auto begin = index.begin() + static_cast<std::ptrdiff_t>(axis);
      const auto end = begin + static_cast<std::ptrdiff_t>(indices.rank());
      std::int64_t picked = (*at)[static_cast<std::size_t>(offset_of({begin, end}, indices.shape))];
      if (picked < 0) picked += data.shape[axis];
      if (picked < 0 || picked >= data.shape[axis]) {
        refuse(fmt::format("picks number {} of {}", picked, data.shape[axis]));
      }
      Dimensions from(index.begin(), begin);
      from.push_back(picked);
      from.insert(from.end(), end, index.end());
      return (*data.numbers)[static_cast<std::size_t>(offset_of(from, data.shape))];
    });
  }
  return constant(data.type, shape, std::move(numbers));
}

/// A table of weights, looked up by ids that the samples bring.
OnnxValue embedded(OnnxNode& node,
                   const OnnxValue& table,
                   const OnnxValue& ids,
                   const Dimensions& shape) {
  Embedding op;
  op.entries = table.shape[0];
  op.features = product(table.shape, 1, table.rank());
  if (op.entries == 0 || op.features == 0) return constant(table.type, shape);
  return node.layer(op, {{ids}}, {shape, ids.batch_axis, table.type}, {&table});
}

void gather(OnnxNode& node) {
  OnnxValue data = node.tensor(0);
  OnnxValue indices = node.tensor(1);
  const std::size_t axis = node.axis(0, data.rank());
  Dimensions shape(data.shape.begin(), data.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
  shape.insert(
      shape.end(), data.shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, data.shape.end());
  if (data.is_constant() && indices.is_constant()) {
    return node.set(0, gathered_constant(node, data, indices, shape, axis));
  }
  if (data.is_constant() && axis == 0 && is_floating(data.type) && data.rank() > 1) {
    return node.set(0, embedded(node, data, indices, shape));
  }
  if (data.batch_axis == axis || (data.is_activation() && indices.batch_axis)) {
    data = node.whole(data);
    indices = node.whole(indices);
  }
  OnnxResult result{shape, {}, data.type};
  Gather op;
  op.axis = static_cast<std::int64_t>(axis);
  if (indices.is_constant()) {
    op.axis = node.sample_axis(data, axis);
    op.indices = indices.shape;
    result.batch_axis = data.batch_axis;
    if (result.batch_axis > axis) *result.batch_axis += indices.rank() - 1;
    if (element_count(shape) == 0) return node.set(0, constant(data.type, shape));
    OnnxValue made = node.layer(op, {{data}}, result);
    made.stored_type = data.stored_type;
    return node.set(0, std::move(made));
  }
  if (data.is_activation() && data.batch_axis) data = node.whole(data);
  if (indices.batch_axis) result.batch_axis = *indices.batch_axis + axis;
  node.set(0, node.layer(op, {{data}, {indices}}, result));
}

/// One element for each index, from data of as many axes.
void gather_elements(OnnxNode& node) {
  const OnnxValue& data = node.tensor(0);
  const OnnxValue& indices = node.tensor(1);
  const std::size_t axis = node.axis(0, data.rank());
  require(data.rank() == indices.rank(), "has not as many axes of data and of indices");
  std::optional<std::size_t> batch = indices.is_activation() ? indices.batch_axis : data.batch_axis;
  const OnnxValue from = batch == axis ? node.whole(data) : data;
  const OnnxValue at = batch == axis ? node.whole(indices) : indices;
  if (batch == axis) batch.reset();
  node.set(0, pass(node, {{from}, {at}}, {indices.shape, batch, data.type}, 0, true));
}

void gather_nd(OnnxNode& node) {
  const OnnxValue& data = node.tensor(0);
  const OnnxValue& indices = node.tensor(1);
  require(indices.rank() > 0, "has a single index");
  const auto shared =
      static_cast<std::size_t>(std::max<std::int64_t>(0, node.integer("batch_dims", 0)));
  const std::int64_t depth = indices.shape.back();
  if (depth < 0 ||
      depth + static_cast<std::int64_t>(shared) > static_cast<std::int64_t>(data.rank())) {
    refuse(fmt::format("has indices of {} numbers into {}", depth, shape_text(data.shape)));
  }
  Dimensions shape(indices.shape.begin(), indices.shape.end() - 1);
  shape.insert(shape.end(),
               data.shape.begin() + static_cast<std::ptrdiff_t>(shared) + depth,
               data.shape.end());
  std::optional<std::size_t> batch = indices.batch_axis;
  if (batch && *batch + 1 >= indices.rank()) batch.reset();
  if (!batch) {
    const OnnxValue from = node.whole(data);
    const OnnxValue at = node.whole(indices);
    return node.set(0, pass(node, {{from}, {at}}, {shape, {}, data.type}, 0, true));
  }
  node.set(0, pass(node, {{data}, {indices}}, {shape, batch, data.type}, 0, true));
}

/// The data with some elements replaced: read, and written in full.
void scatter(OnnxNode& node) {
  const OnnxValue& data = node.tensor(0);
  const OnnxValue& indices = node.tensor(1);
  const OnnxValue& updates = node.tensor(2);
  std::optional<std::size_t> batch = data.batch_axis;
  if (!batch || batch != indices.batch_axis || batch != updates.batch_axis) {
    const OnnxValue into = node.whole(data);
    const OnnxValue at = node.whole(indices);
    const OnnxValue from = node.whole(updates);
    return node.set(0, pass(node, {{into}, {at}, {from}}, {data.shape, {}, data.type}, 0, true));
  }
  node.set(0, pass(node, {{data}, {indices}, {updates}}, {data.shape, batch, data.type}, 0, true));
}

/// Begins of all axes, then ends: an attribute (of two spellings) up to operator set 10.
void pad(OnnxNode& node) {
  OnnxValue input = node.tensor(0);
  std::optional<std::vector<std::int64_t>> pads =
      node.has_attribute("paddings") ? node.integers("paddings") : node.numbers("pads", 1);
  if (!pads) {
    const auto declared = node.declared_shape(0);
    if (!declared) refuse("its pads are computed from the samples");
    node.note(NoteKind::Approximated, "has the shape that the file gives its output");
    const OnnxValue from = node.whole(input);
    return node.set(0, pass(node, {{from}}, {*declared, {}, input.type}, 0, true));
  }
  if (const auto axes = node.numbers(3)) {  // since operator set 18
    require(pads->size() == 2 * axes->size(), "has not two pads for each axis");
    std::vector<std::int64_t> all(2 * input.rank(), 0);
    for (std::size_t i = 0; i < axes->size(); ++i) {
      const std::size_t axis = normalised_axes({(*axes)[i]}, input.rank())[0];
      all[axis] = (*pads)[i];
      all[axis + input.rank()] = (*pads)[i + axes->size()];
    }
    pads = all;
  }
  if (pads->size() != 2 * input.rank()) {
    refuse(fmt::format("has {} pads for {} axes", pads->size(), input.rank()));
  }
  Pad op;
  OnnxResult result{input.shape, input.batch_axis, input.type};
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    const std::int64_t begin = (*pads)[axis];
    const std::int64_t end = (*pads)[axis + input.rank()];
    if (std::abs(begin) > kLargestTensor || std::abs(end) > kLargestTensor) {
      refuse(fmt::format("pads {} and {} are not possible", begin, end));
    }
    result.shape[axis] += begin + end;
    if (axis == result.batch_axis && (begin != 0 || end != 0)) {
      input = node.whole(input);
      result.batch_axis.reset();
    }
  }
  element_count(result.shape);
  const bool dropped =
      result.batch_axis && input.shape[*result.batch_axis] == node.walk().batch().size;
  for (std::size_t axis = 0; axis < input.rank(); ++axis) {
    if (dropped && axis == *result.batch_axis) continue;
    op.begin.push_back((*pads)[axis]);
    op.end.push_back((*pads)[axis + input.rank()]);
  }
  if (result.shape == input.shape && op.begin == op.end) return node.set(0, input);
  if (op.begin.empty()) return node.set(0, input);
  node.set(0, node.layer(op, {{input}}, result));
}

/// The elements where a condition holds.
void compress(OnnxNode& node) {
  const OnnxValue input = node.whole(node.tensor(0));
  Dimensions shape = input.shape;
  std::size_t axis = 0;
  if (node.has_attribute("axis")) {
    axis = node.axis(0, input.rank());
  } else {
    shape = {element_count(input.shape)};
  }
  require(!shape.empty(), "takes a single number");
  if (const auto kept = node.numbers(1)) {
    shape[axis] = std::min<std::int64_t>(
        shape[axis], std::ranges::count_if(*kept, [](std::int64_t bit) { return bit != 0; }));
  } else {
    node.note(NoteKind::Approximated, kUpperBound);
  }
  node.set(0, pass(node, {{input}}, {shape, {}, input.type}, 0));
}

/// Indices of the elements that are not 0: [axes, how many].
void non_zero(OnnxNode& node) {
  const OnnxValue input = node.whole(node.tensor(0));
  const std::int64_t elements = element_count(input.shape);
  const auto rank = static_cast<std::int64_t>(std::max<std::size_t>(1, input.rank()));
  if (input.numbers) {
    std::vector<double> found;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(rank); ++axis) {
      const std::int64_t inner =
          input.rank() == 0 ? 1 : product(input.shape, axis + 1, input.rank());
      const std::int64_t size = input.rank() == 0 ? 1 : input.shape[axis];
      for (std::int64_t i = 0; i < elements; ++i) {
        if ((*input.numbers)[static_cast<std::size_t>(i)] == 0) continue;
        found.push_back(static_cast<double>(i / inner % size));
      }
    }
    const auto columns = static_cast<std::int64_t>(found.size()) / rank;
    return node.set(0,
                    constant(onnx::TensorProto::INT64,
                             {rank, columns},
                             std::make_shared<const std::vector<double>>(std::move(found))));
  }
  node.note(NoteKind::Approximated, kUpperBound);
  node.set(0, pass(node, {{input}}, {{rank, elements}, {}, onnx::TensorProto::INT64}, 1));
}

/// The different elements, sorted: some log2(n) comparisons each, taken as for the whole tensor.
void unique(OnnxNode& node) {
  const OnnxValue input = node.whole(node.tensor(0));
  constexpr std::int64_t kComparisons = 20;
  node.note(NoteKind::Approximated, kUpperBound);
  const bool along = node.has_attribute("axis");
  const std::size_t axis = along ? node.axis(0, input.rank()) : 0;
  const Dimensions shape = along ? input.shape : Dimensions{element_count(input.shape)};
  const OnnxValue found = pass(node, {{input}}, {shape, {}, input.type}, kComparisons);
  node.set(0, found);
  for (int i = 1; i < node.proto().output_size(); ++i) {
    OnnxValue indices = reshaped(node, found, shape);
    indices.type = onnx::TensorProto::INT64;
    if (along) {
      indices = pass(node, {{input}}, {{input.shape[axis]}, {}, onnx::TensorProto::INT64}, 0);
    }
    node.set(i, std::move(indices));
  }
}

/// The upper or lower triangle kept, the rest set to 0.
void trilu(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  require(input.rank() >= 2, "takes matrices");
  const bool mixes = input.batch_axis && *input.batch_axis + 2 >= input.rank();
  const OnnxValue from = mixes ? node.whole(input) : input;
  if (input.is_constant()) return node.set(0, constant(input.type, input.shape));
  node.set(0, pass(node, {{from}}, {input.shape, from.batch_axis, input.type}, 0, true));
}

/// Each sequence turned round up to its own length.
void reverse_sequence(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const bool mixes = input.batch_axis == static_cast<std::size_t>(std::max<std::int64_t>(
                                             0, node.integer("time_axis", 0)));
  const OnnxValue from = mixes ? node.whole(input) : input;
  node.set(0, pass(node, {{from}}, {input.shape, from.batch_axis, input.type}, 0, true));
}

void one_hot(OnnxNode& node) {
  const OnnxValue& indices = node.tensor(0);
  const auto depth = node.numbers(1);
  const std::size_t axis = node.axis(-1, indices.rank() + 1);
  std::optional<Dimensions> shape;
  if (depth && depth->size() == 1) {
    shape = indices.shape;
    shape->insert(shape->begin() + static_cast<std::ptrdiff_t>(axis), (*depth)[0]);
  } else {
    shape = node.declared_shape(0);
    if (!shape || shape->size() != indices.rank() + 1) {
      refuse("how many classes there are is computed from the samples");
    }
    node.note(NoteKind::Approximated, "has the shape that the file gives its output");
  }
  std::optional<std::size_t> batch = indices.batch_axis;
  if (batch && *batch >= axis) ++*batch;
  node.set(0, pass(node, {{indices}}, {*shape, batch, node.tensor(2).type}, 1));
}

constexpr OnnxOperator kOperators[] = {{"Compress", compress, 2, 2},
                                       {"Concat", concat, 1, kAnyNumber},
                                       {"ConcatFromSequence", concat_from_sequence},
                                       {"Gather", gather, 2, 2},
                                       {"GatherElements", gather_elements, 2, 2},
                                       {"GatherND", gather_nd, 2, 2},
                                       {"NonZero", non_zero},
                                       {"OneHot", one_hot, 3, 3},
                                       {"Pad", pad, 1, 4},
                                       {"ReverseSequence", reverse_sequence, 2, 2},
                                       {"Scatter", scatter, 3, 3},
                                       {"ScatterElements", scatter, 3, 3},
                                       {"ScatterND", scatter, 3, 3},
                                       {"Slice", slice, 1, 5},
                                       {"Split", split, 1, 2},
                                       {"Trilu", trilu, 1, 2},
                                       {"Unique", unique}};

}  // namespace

OnnxValue cut_out(OnnxNode& node,
                  OnnxValue input,
                  std::vector<OnnxCut> cuts,
                  std::string_view part) {
  if (input.is_constant()) return cut_constant(node, input, cuts);
  std::erase_if(cuts, [&](const OnnxCut& cut) {
    return cut.begin == 0 && cut.step == 1 && cut.count == input.shape[cut.axis];
  });
  if (cuts.empty()) return input;
  if (std::ranges::any_of(cuts, [&](const OnnxCut& c) { return c.axis == input.batch_axis; })) {
    input = node.whole(input);
  }
  Slice op;
  OnnxResult result{input.shape, input.batch_axis, input.type};
  for (const OnnxCut& cut : cuts) {
    result.shape[cut.axis] = cut.count;
    const std::int64_t end = cut.begin + cut.count * cut.step;
    op.axes.push_back(node.sample_axis(input, cut.axis));
    op.begin.push_back(cut.begin);
    // Backwards past the first element: a negative end would be counted from the back.
    op.end.push_back(end < 0 ? -input.shape[cut.axis] - 1 : end);
    op.step.push_back(cut.step);
  }
  if (std::ranges::all_of(op.step, [](std::int64_t step) { return step == 1; })) op.step.clear();
  OnnxValue made = node.layer(op, {{input}}, result, {}, part);
  made.stored_type = input.stored_type;
  return made;
}

OnnxValue joined(OnnxNode& node,
                 std::vector<OnnxValue> values,
                 std::size_t axis,
                 std::string_view part) {
  OnnxResult result{values[0].shape, {}, values[0].type};
  result.shape[axis] = 0;
  for (const OnnxValue& value : values) {
    Dimensions aligned = value.shape;
    if (aligned.size() == result.shape.size()) aligned[axis] = result.shape[axis];
    if (aligned != result.shape) {
      refuse(fmt::format("joins {} and {} along axis {}",
                         shape_text(values[0].shape),
                         shape_text(value.shape),
                         axis));
    }
    result.shape[axis] += value.shape[axis];
    element_count(result.shape);
  }
  if (std::ranges::all_of(values, &OnnxValue::is_constant)) {
    return joined_constants(node, values, result.shape, axis);
  }
  std::erase_if(values, [](const OnnxValue& v) { return element_count(v.shape) == 0; });
  if (values.size() == 1) return values[0];
  const auto first = std::ranges::find_if(values, &OnnxValue::is_activation);
  result.batch_axis = first->batch_axis;
  const std::int64_t batch = node.walk().batch().size;
  const bool aligned = std::ranges::all_of(values, [&](const OnnxValue& v) {
    return v.batch_axis == result.batch_axis || (batch == 1 && !v.batch_axis);
  });
  if (result.batch_axis == axis || !aligned) {
    for (OnnxValue& value : values) value = node.whole(value);
    result.batch_axis.reset();
  }
  const bool dropped = result.batch_axis && result.shape[*result.batch_axis] == batch;
  std::vector<OnnxOperand> operands;
  for (const OnnxValue& value : values) {
    Dimensions sample = value.shape;
    if (dropped) sample.erase(sample.begin() + static_cast<std::ptrdiff_t>(*result.batch_axis));
    if (result.batch_axis && !dropped) sample[*result.batch_axis] /= batch;
    operands.push_back({value, sample});
  }
  const bool after = dropped && *result.batch_axis < axis;
  const std::int64_t inner = static_cast<std::int64_t>(axis) - (after ? 1 : 0);
  OnnxValue made = node.layer(Concatenation{inner}, operands, result, {}, part);
  made.stored_type = first->stored_type;
  return made;
}

OnnxValue stacked(OnnxNode& node, const std::vector<OnnxValue>& values, std::string_view part) {
  std::vector<OnnxValue> slices;
  for (const OnnxValue& value : values) {
    Dimensions shape = value.shape;
    shape.insert(shape.begin(), 1);
    slices.push_back(reshaped(node, value, std::move(shape)));
  }
  return joined(node, std::move(slices), 0, part);
}

std::span<const OnnxOperator> onnx_selection_operators() {
  return kOperators;
}

}  // namespace omniphi::models
