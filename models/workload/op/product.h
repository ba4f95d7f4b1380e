#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "models/workload/tensor.h"

/// Matrix products, and the table look-up that is the product with a one-hot vector.
namespace omniphi::models {

/// y = W x + b, where x is what lies from `axis` on; the axes before it are positions that share
/// the weights: [T, features] with axis -1 is one product for each of T positions.
struct InnerProduct {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "inner-product";
  std::int64_t features = 0;
  bool bias = true;
  std::int64_t axis = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("features", self.features, "number of outputs", required | at_least(1));
    v("bias", self.bias, "whether each output adds a bias");
    v("axis",
      self.axis,
      "first axis of the sample that is summed over; those before it share the weights; negative: "
      "counted from the end");
  }
};

/// Product of two activations, [..., m, k] with [..., k, n]; the axes before the last two are
/// broadcast as NumPy does.
struct MatrixProduct {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "matrix-product";
  bool transpose_a = false;
  bool transpose_b = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("transpose_a", self.transpose_a, "the first input is [..., k, m]");
    v("transpose_b", self.transpose_b, "the second input is [..., n, k]");
  }
};

/// One matrix product C[m, n] += op(A)[m, k] op(B)[k, n] asked for by itself; it takes no input
/// layer and counts both operands as activations.
struct Gemm {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "gemm";
  std::int64_t m = 0;
  std::int64_t n = 0;
  std::int64_t k = 0;
  bool transpose_a = false;
  bool transpose_b = false;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("m", self.m, "rows of A and C", required | at_least(1));
    v("n", self.n, "columns of B and C", required | at_least(1));
    v("k", self.k, "columns of A, rows of B", required | at_least(1));
    v("transpose_a", self.transpose_a, "A is stored transposed");
    v("transpose_b", self.transpose_b, "B is stored transposed");
  }
};

/// A learnt vector for each id: [...] to [..., features].
struct Embedding {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "embedding";
  std::int64_t entries = 0;
  std::int64_t features = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("entries", self.entries, "number of ids, rows of the table", required | at_least(1));
    v("features", self.features, "size of each vector", required | at_least(1));
  }
};

TensorShape shape_of(const InnerProduct& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const MatrixProduct& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Gemm& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Embedding& op, const std::vector<TensorShape>& inputs);

/// The sizes of a product: `count` times C[m, n] += A[m, k] B[k, n].
struct ProductSizes {
  std::int64_t count = 1;
  std::int64_t m = 1;
  std::int64_t n = 1;
  std::int64_t k = 1;

  [[nodiscard]] std::int64_t macs() const { return count * m * n * k; }
};

/// m = positions, n = features, k = elements from `axis` on; for an input the operator can take.
ProductSizes product_sizes(const InnerProduct& op, const TensorShape& input);

/// For inputs that the operator can take.
ProductSizes product_sizes(const MatrixProduct& op, const TensorShape& a, const TensorShape& b);

}  // namespace omniphi::models
