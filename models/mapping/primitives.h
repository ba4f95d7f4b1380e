#pragma once

#include <cstdint>
#include <optional>

#include "models/compute/primitive.h"
#include "models/workload/complexity.h"

namespace omniphi::models {

/// The call that computes one phase of a layer for `batch` samples; nothing where the phase has no
/// work. Convolutions with one or three spatial axes are folded to two: [D, H, W] reads as [D H,
/// W].
std::optional<Primitive> primitive_of(const Network& network,
                                      const Layer& layer,
                                      const Complexity& complexity,
                                      Phase phase,
                                      std::int64_t batch);

}  // namespace omniphi::models
