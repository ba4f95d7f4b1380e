#pragma once

#include <cstdint>
#include <variant>

#include "hw/base/quantity.h"

/// The pieces of work that a library of kernels does in one call. They know shapes and no networks,
/// so that a layer of a network, a benchmark row and a question typed by hand are the same thing.
namespace omniphi::models {

/// Which product of a convolution is computed.
enum class ConvolutionPass { Forward, BackwardData, BackwardWeights };

/// Convolution of input [N, C, H, W] with K filters [K, C / groups, R, S] to output [N, K, P, Q].
struct ConvolutionPrimitive {
  ConvolutionPass pass = ConvolutionPass::Forward;
  std::int64_t batch = 1;            // N
  std::int64_t input_channels = 1;   // C
  std::int64_t input_height = 1;     // H
  std::int64_t input_width = 1;      // W
  std::int64_t output_channels = 1;  // K
  std::int64_t output_height = 1;    // P
  std::int64_t output_width = 1;     // Q
  std::int64_t kernel_height = 1;    // R
  std::int64_t kernel_width = 1;     // S
  std::int64_t stride_height = 1;
  std::int64_t stride_width = 1;
  std::int64_t groups = 1;

  friend bool operator==(const ConvolutionPrimitive&, const ConvolutionPrimitive&) = default;

  /// Multiply-accumulates, padding taps counted.
  [[nodiscard]] std::int64_t macs() const {
    return batch * output_channels * output_height * output_width * (input_channels / groups) *
           kernel_height * kernel_width;
  }
};

/// C [m, n] += op(A) [m, k] op(B) [k, n], and as many more of the same size, all independent, in
/// one call.
struct MatrixProductPrimitive {
  std::int64_t m = 1;
  std::int64_t n = 1;
  std::int64_t k = 1;
  std::int64_t products = 1;
  bool left_transposed = false;  // a row of op(A) lies together, not a column

  friend bool operator==(const MatrixProductPrimitive&, const MatrixProductPrimitive&) = default;

  [[nodiscard]] std::int64_t macs() const { return products * m * n * k; }
};

/// Work bound by moving elements: reads and writes streams, a little arithmetic on the way.
struct StreamPrimitive {
  std::int64_t elements_read = 0;
  std::int64_t elements_written = 0;
  std::int64_t elements_updated =
      0;                        // of those written, read before: results that replace an operand
  std::int64_t operations = 0;  // flop
  bool just_written = false;    // what it reads is the result of the call before

  friend bool operator==(const StreamPrimitive&, const StreamPrimitive&) = default;
};

using Primitive = std::variant<ConvolutionPrimitive, MatrixProductPrimitive, StreamPrimitive>;

/// Arithmetic of a primitive; 1 multiply-accumulate = 2 flop.
Flops work(const Primitive& primitive);

/// Elements that a primitive must move: every operand once. What is added to (C of a matrix
/// product) is read and written.
struct Traffic {
  std::int64_t read = 0;
  std::int64_t written = 0;
  std::int64_t updated = 0;  // of those written, read before
};

Traffic traffic(const Primitive& primitive);

}  // namespace omniphi::models
