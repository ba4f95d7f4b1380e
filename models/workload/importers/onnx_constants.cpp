// Operators that make tensors of nothing, or of shapes.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "hw/base/error.h"
#include "models/workload/importers/onnx_folding.h"
#include "models/workload/importers/onnx_layout.h"
#include "models/workload/importers/onnx_operators.h"
#include "models/workload/importers/onnx_proto.h"

namespace omniphi::models {

namespace {

void constant_node(OnnxNode& node) {
  const auto& proto = node.proto();
  require(proto.attribute_size() > 0, "has no value");
  const onnx::AttributeProto& value = proto.attribute(0);
  const std::string& name = value.name();
  OnnxValue made;
  if (name == "value") {
    made = constant(value.t());
  } else if (name == "sparse_value") {
    made = constant(value.sparse_tensor().values().data_type(),
                    {value.sparse_tensor().dims().begin(), value.sparse_tensor().dims().end()});
  } else if (name == "value_int") {
    made = constant_scalar(onnx::TensorProto::INT64, static_cast<double>(value.i()));
  } else if (name == "value_ints") {
    made = constant_integers({value.ints().begin(), value.ints().end()});
  } else if (name == "value_float") {
    made = constant_scalar(onnx::TensorProto::FLOAT, value.f());
  } else if (name == "value_floats") {
    made = constant(
        onnx::TensorProto::FLOAT,
        {value.floats_size()},
        std::make_shared<const std::vector<double>>(value.floats().begin(), value.floats().end()));
  } else if (name == "value_string" || name == "value_strings") {
    made = constant(onnx::TensorProto::STRING,
                    name == "value_string" ? Dimensions{} : Dimensions{value.strings_size()});
  } else {
    refuse(fmt::format("has no value that is known, but {}", in_quotes(name)));
  }
  if (made.numbers) node.walk().spend(static_cast<std::int64_t>(made.numbers->size()));
  made.tensor = node.scope().identity + proto.output(0);
  node.set(0, std::move(made));
}

/// The shape that an input says; else the one that the file gives the output.
Dimensions shape_from(const OnnxNode& node, int index) {
  if (auto shape = node.numbers(index)) return *shape;
  const auto declared = node.declared_shape(0);
  if (!declared) refuse("its shape is computed from the samples");
  node.note(NoteKind::Approximated, "has the shape that the file gives its output");
  return *declared;
}

OnnxValue filled(const OnnxNode& node, int type, const Dimensions& shape, double number) {
  return constant(
      type, shape, numbers_at(node, shape, [number](const Dimensions&) { return number; }));
}

void constant_of_shape(OnnxNode& node) {
  OnnxValue value = constant_scalar(onnx::TensorProto::FLOAT, 0);
  if (const auto* attribute = find_attribute(node.proto(), "value"))
    value = constant(attribute->t());
  node.set(0, filled(node, value.type, shape_from(node, 0), scalar(value).value_or(0)));
}

void shape(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  const auto rank = static_cast<std::int64_t>(input.rank());
  const auto bound = [&](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t begin = bound(node.integer("start", 0));
  const std::int64_t end = std::max(begin, bound(node.integer("end", rank)));
  node.set(0, constant_integers({input.shape.begin() + begin, input.shape.begin() + end}));
}

void size(OnnxNode& node) {
  const auto elements = static_cast<double>(element_count(node.tensor(0).shape));
  node.set(0, constant_scalar(onnx::TensorProto::INT64, elements));
}

/// A vector whose length only a run knows, made of activations or not at all.
void vector_of_declared_length(OnnxNode& node, int type, std::int64_t operations) {
  const auto declared = node.declared_shape(0);
  if (!declared) refuse("its length is computed from the samples");
  node.note(NoteKind::Approximated, "has the shape that the file gives its output");
  const OnnxValue from = node.whole(node.tensor(0));
  node.set(0, pass(node, {{from}}, {*declared, {}, type}, operations));
}

void range(OnnxNode& node) {
  const auto begin = scalar(node.tensor(0));
  const auto end = scalar(node.tensor(1));
  const auto step = scalar(node.tensor(2));
  const int type = node.tensor(0).type;
  if (!begin || !end || !step) return vector_of_declared_length(node, type, 1);
  require(*step != 0, "has a step of 0");
  const double count = std::ceil((*end - *begin) / *step);
  if (!(count <= static_cast<double>(kLargestTensor))) {
    refuse(fmt::format("counts from {} to {} in steps of {}", *begin, *end, *step));
  }
  const Dimensions length{static_cast<std::int64_t>(std::max(0.0, count))};
  node.set(0, constant(type, length, numbers_at(node, length, [&](const Dimensions& index) {
                         return *begin + *step * static_cast<double>(index[0]);
                       })));
}

/// The type that an attribute names, or else that of the first input.
int type_of(const OnnxNode& node, int otherwise) {
  return static_cast<int>(node.integer("dtype", otherwise));
}

void eye_like(OnnxNode& node) {
  const OnnxValue& like = node.tensor(0);
  node.set(0, constant(type_of(node, like.type), like.shape));
}

/// Random numbers are made anew for every sample, but depend on none.
void random_of_shape(OnnxNode& node) {
  node.note(NoteKind::NotModelled, "random numbers are taken as given");
  node.set(0, constant(type_of(node, onnx::TensorProto::FLOAT), node.integers("shape")));
}

void random_like(OnnxNode& node) {
  const OnnxValue& like = node.tensor(0);
  node.note(NoteKind::NotModelled, "random numbers are taken as given");
  node.set(0, constant(type_of(node, like.type), like.shape));
}

/// Each element 1 with the probability that the input has there.
void bernoulli(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  node.set(0, pass(node, {{input}}, {input.shape, input.batch_axis, type_of(node, input.type)}, 1));
}

/// [N, classes] to [N, samples] of classes.
void multinomial(OnnxNode& node) {
  const OnnxValue& input = node.tensor(0);
  require(input.rank() == 2, "takes [N, classes]");
  const Dimensions shape{input.shape[0], node.integer("sample_size", 1)};
  const int type = type_of(node, onnx::TensorProto::INT32);
  node.set(0, pass(node, {{input}}, {shape, input.batch_axis, type}, input.shape[1]));
}

/// The window functions of signal processing: constants if their size is one.
void signal_window(OnnxNode& node) {
  const int type = static_cast<int>(node.integer("output_datatype", onnx::TensorProto::FLOAT));
  const auto length = node.numbers(0);
  if (!length) return vector_of_declared_length(node, type, 2);
  require(length->size() == 1, "its size is no single number");
  node.set(0, constant(type, *length));
}

/// Weights that turn a spectrum into mel bins: [spectrum, bins].
void mel_weights(OnnxNode& node) {
  const int type = static_cast<int>(node.integer("output_datatype", onnx::TensorProto::FLOAT));
  const auto bins = scalar(node.tensor(0));
  const auto length = scalar(node.tensor(1));
  if (!bins || !length) return vector_of_declared_length(node, type, 2);
  if (!(*length >= 0 && *length <= kLargestTensor && *bins >= 0 && *bins <= kLargestTensor)) {
    refuse("has sizes that are not possible");
  }
  const auto spectrum = static_cast<std::int64_t>(*length / 2) + 1;
  node.set(0, constant(type, {spectrum, static_cast<std::int64_t>(*bins)}));
}

constexpr OnnxOperator kOperators[] = {{"Bernoulli", bernoulli},
                                       {"BlackmanWindow", signal_window},
                                       {"Constant", constant_node, 0, 0},
                                       {"ConstantOfShape", constant_of_shape},
                                       {"EyeLike", eye_like},
                                       {"HammingWindow", signal_window},
                                       {"HannWindow", signal_window},
                                       {"MelWeightMatrix", mel_weights, 5, 5},
                                       {"Multinomial", multinomial},
                                       {"RandomNormal", random_of_shape, 0, 0},
                                       {"RandomNormalLike", random_like},
                                       {"RandomUniform", random_of_shape, 0, 0},
                                       {"RandomUniformLike", random_like},
                                       {"Range", range, 3, 3},
                                       {"Shape", shape},
                                       {"Size", size}};

}  // namespace

std::span<const OnnxOperator> onnx_constant_operators() {
  return kOperators;
}

}  // namespace omniphi::models
