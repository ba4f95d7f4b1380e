#pragma once

#include <string_view>

#include "models/workload/importers/caffe_node.h"

namespace omniphi::models {

/// Adds what the layer computes to the network and sets its tops.
/// Throws std::invalid_argument where it cannot be computed, or its type is not known.
void translate(CaffeNode& node);

/// The translations, by theme. Each has a source of its own; caffe_operators.cpp has the table of
/// the types.
namespace caffe_layer {

// caffe_inputs.cpp
void data(CaffeNode& node);
void input(CaffeNode& node);
void dummy_data(CaffeNode& node);
void parameter(CaffeNode& node);

// caffe_windows.cpp
void convolution(CaffeNode& node);
void deconvolution(CaffeNode& node);
void pooling(CaffeNode& node);

// caffe_products.cpp
void inner_product(CaffeNode& node);
void embed(CaffeNode& node);
void lstm(CaffeNode& node);
void rnn(CaffeNode& node);

// caffe_normalizations.cpp
void batch_norm(CaffeNode& node);
void scale(CaffeNode& node);
void bias(CaffeNode& node);
void lrn(CaffeNode& node);
void mvn(CaffeNode& node);
void normalize(CaffeNode& node);
void axpy(CaffeNode& node);

// caffe_functions.cpp
void relu(CaffeNode& node);
void relu6(CaffeNode& node);
void prelu(CaffeNode& node);
void elu(CaffeNode& node);
void sigmoid(CaffeNode& node);
void tanh(CaffeNode& node);
void abs_val(CaffeNode& node);
void bnll(CaffeNode& node);
void swish(CaffeNode& node);
void power(CaffeNode& node);
void exp(CaffeNode& node);
void log(CaffeNode& node);
void clip(CaffeNode& node);
void threshold(CaffeNode& node);
void dropout(CaffeNode& node);
void eltwise(CaffeNode& node);

// caffe_losses.cpp
void softmax(CaffeNode& node);
void softmax_with_loss(CaffeNode& node);
void sigmoid_cross_entropy_loss(CaffeNode& node);
void multinomial_logistic_loss(CaffeNode& node);
void infogain_loss(CaffeNode& node);
void euclidean_loss(CaffeNode& node);
void absolute_loss(CaffeNode& node);
void contrastive_loss(CaffeNode& node);
void hinge_loss(CaffeNode& node);
void reduction(CaffeNode& node);
void arg_max(CaffeNode& node);
void accuracy(CaffeNode& node);
void nothing(CaffeNode& node);

// caffe_arrangements.cpp
void concat(CaffeNode& node);
void slice(CaffeNode& node);
void split(CaffeNode& node);
void flatten(CaffeNode& node);
void reshape(CaffeNode& node);
void permute(CaffeNode& node);
void tile(CaffeNode& node);
void crop(CaffeNode& node);
void interp(CaffeNode& node);
void upsample(CaffeNode& node);
void shuffle_channel(CaffeNode& node);

}  // namespace caffe_layer

}  // namespace omniphi::models
