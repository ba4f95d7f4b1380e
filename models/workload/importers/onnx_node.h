#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <onnx/onnx_pb.h>

#include "models/workload/importers/onnx_value.h"
#include "models/workload/importers/onnx_walk.h"

namespace omniphi::models {

/// A value that a layer takes, and the shape of one sample that the layer's operator wants it in;
/// none: as it is.
struct OnnxOperand {
  const OnnxValue& value;
  std::optional<Dimensions> sample = {};
};

/// What a layer makes of its operands, in terms of ONNX: batch included.
struct OnnxResult {
  Dimensions shape;
  std::optional<std::size_t> batch_axis;
  int type = onnx::TensorProto::FLOAT;
};

/// One node while it is translated: what it takes, its attributes, and how it says what it makes.
/// Every question without answer throws std::invalid_argument with one sentence.
class OnnxNode {
 public:
  OnnxNode(const onnx::NodeProto& proto, OnnxScope& scope, OnnxWalk& walk)
      : proto_(proto), scope_(scope), walk_(walk) {}

  [[nodiscard]] const onnx::NodeProto& proto() const { return proto_; }

  [[nodiscard]] OnnxScope& scope() const { return scope_; }

  [[nodiscard]] OnnxWalk& walk() const { return walk_; }

  /// Version of the operator set that the node belongs to.
  [[nodiscard]] std::int64_t operator_set() const;

  /// What it takes.
  [[nodiscard]] int inputs() const { return proto_.input_size(); }

  [[nodiscard]] bool has(int index) const;
  [[nodiscard]] const OnnxValue& value(int index) const;   // of any kind
  [[nodiscard]] const OnnxValue& tensor(int index) const;  // a constant or an activation
  [[nodiscard]] const OnnxValue& weight(int index) const;  // a constant, since it is to be learnt
  /// The numbers of a constant; none if the input is left out or its numbers are not known.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> numbers(int index) const;

  /// Its attributes. One of another type than asked for is a fault.
  [[nodiscard]] bool has_attribute(std::string_view name) const;
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  [[nodiscard]] double real(std::string_view name, double otherwise) const;
  [[nodiscard]] std::string text(std::string_view name, const std::string& otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view name) const;
  [[nodiscard]] std::vector<double> reals(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;
  [[nodiscard]] const onnx::GraphProto& body(std::string_view name) const;
  /// Whole numbers that were an attribute once and are an input now, at `index`.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> numbers(std::string_view attribute,
                                                                 int index) const;
  /// The attribute `axis`, counted from the front of a tensor of this rank.
  [[nodiscard]] std::size_t axis(std::int64_t otherwise, std::size_t rank) const;

  /// What it makes.
  [[nodiscard]] bool makes(int index) const;
  void set(int index, OnnxValue value);
  /// The shape that the file says an output has, for operators whose output depends on data.
  [[nodiscard]] std::optional<Dimensions> declared_shape(int index) const;
  [[nodiscard]] int declared_type(int index) const;

  /// Shape of one sample: without the batch.
  [[nodiscard]] Dimensions sample(const Dimensions& shape,
                                  std::optional<std::size_t> batch_axis) const;

  [[nodiscard]] Dimensions sample(const OnnxValue& value) const {
    return sample(value.shape, value.batch_axis);
  }

  /// The value with its whole tensor as one sample, for an operator that works along the batch.
  [[nodiscard]] OnnxValue whole(OnnxValue value) const;

  /// An axis of the tensor, other than that of the batch, as an axis of the sample.
  [[nodiscard]] std::int64_t sample_axis(const OnnxValue& value, std::size_t axis) const;

  /// A layer and the value that it makes; a constant, without a layer, if all operands are
  /// constants or nothing comes out. `weights` are the constants that it learns, `part` what it is
  /// of the node if there are more.
  OnnxValue layer(Op op,
                  const std::vector<OnnxOperand>& operands,
                  OnnxResult result,
                  const std::vector<const OnnxValue*>& weights = {},
                  std::string_view part = "");

  /// The first output is made by one layer of the first input, and looks like it.
  void map(Op op, const std::vector<const OnnxValue*>& weights = {});

  void note(NoteKind kind, std::string_view what) const;

 private:
  [[nodiscard]] const onnx::AttributeProto* attribute(std::string_view name,
                                                      onnx::AttributeProto::AttributeType type,
                                                      std::string_view expected) const;
  std::size_t layer_of(const OnnxOperand& operand);
  [[nodiscard]] std::string layer_name(std::string_view part) const;

  const onnx::NodeProto& proto_;
  OnnxScope& scope_;
  OnnxWalk& walk_;
};

/// Throws std::invalid_argument.
[[noreturn]] void refuse(const std::string& sentence);
/// Refuses unless it holds; for sentences that need not be put together.
void require(bool holds, std::string_view sentence);

}  // namespace omniphi::models
