#include <stdexcept>

#include <fmt/format.h>

#include "models/workload/importers/caffe_operators.h"

namespace omniphi::models {

namespace {

/// [T, features], whatever lies behind the time being one vector.
CaffeValue sequence(CaffeNode& node) {
  const CaffeValue input = node.bottom();
  if (input.shape.rank() == 2) return input;
  if (input.shape.rank() == 1) {
    throw std::invalid_argument(
        fmt::format("takes a sequence of vectors, got {} for each sample", input.shape.text()));
  }
  return node.add(Reshape{{input.shape.dimensions[0], -1}}, {input}, "vectors");
}

/// A cell of Caffe's recurrent_layer.cpp; `cont`, the second bottom, only says where sequences
/// begin.
CaffeValue unrolled(CaffeNode& node, Cell cell) {
  const auto& p = node.proto().recurrent_param();
  if (p.num_output() == 0) throw std::invalid_argument("has no num_output");
  if (p.expose_hidden()) {
    throw std::invalid_argument("hidden states that come in and go out are not supported");
  }
  if (node.bottoms() > 2) {
    throw std::invalid_argument("an input that is the same for all steps is not supported");
  }
  Recurrent op;
  op.cell = cell;
  op.hidden = p.num_output();
  op.biases = 1;  // W_xc has the only bias: lstm_layer.cpp, rnn_layer.cpp
  return node.add(op, {sequence(node)});
}

}  // namespace

namespace caffe_layer {

void inner_product(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().inner_product_param();
  if (p.num_output() == 0) throw std::invalid_argument("has no num_output");
  const CaffeValue input = node.bottom();
  InnerProduct op;
  op.features = p.num_output();
  op.bias = p.bias_term();
  op.axis = static_cast<std::int64_t>(node.axis(p.axis(), input.shape));
  node.become(op);
}

void embed(CaffeNode& node) {
  node.expect(1);
  const auto& p = node.proto().embed_param();
  if (p.num_output() == 0 || p.input_dim() == 0) {
    throw std::invalid_argument("needs num_output and input_dim");
  }
  CaffeValue output = node.add(Embedding{p.input_dim(), p.num_output()}, node.all_bottoms());
  if (p.bias_term()) {
    Scale bias;
    bias.scale = false;
    bias.shape = {p.num_output()};
    output = node.add(bias, {output}, "bias");
  }
  node.set_top(0, output);
}

void lstm(CaffeNode& node) {
  node.set_top(0, unrolled(node, Cell::Lstm));
}

/// The state goes through a product of its own to the output: o = tanh(W_ho h + b_o).
void rnn(CaffeNode& node) {
  InnerProduct output;
  output.features = node.proto().recurrent_param().num_output();
  output.axis = -1;
  const CaffeValue state = unrolled(node, Cell::Rnn);
  const CaffeValue product = node.add(output, {state}, "output");
  node.set_top(0, node.add(Activation{Function::Tanh, {}, {}}, {product}, "tanh"));
}

}  // namespace caffe_layer

}  // namespace omniphi::models
