#pragma once

#include <cstdint>
#include <vector>

#include "models/compute/primitive.h"
#include "models/workload/complexity.h"

namespace omniphi::models {

/// Equal calls of a kernel library, one after another.
struct KernelCalls {
  Primitive primitive;
  std::int64_t count = 1;
};

/// The calls that compute one phase of a layer for `batch` samples, in order; none where the phase
/// has no work.
///
/// Convolutions with one or three spatial axes are folded to two: [D, H, W] reads as [D H, W]. A
/// transposed convolution's forward is a convolution's backward-data, and the other way round. A
/// recurrent layer multiplies the inputs of all steps at once, then the state step by step, and
/// does the arithmetic of its gates in one pass. Products of two activations are as many
/// independent products as there are samples, heads and the like. Whatever else works element by
/// element is one pass over what it reads and writes.
std::vector<KernelCalls> calls_of(const Network& network,
                                  const Layer& layer,
                                  const Complexity& complexity,
                                  Phase phase,
                                  std::int64_t batch);

}  // namespace omniphi::models
