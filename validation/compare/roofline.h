#pragma once

#include "hw/node/node.h"
#include "models/compute/primitive.h"

namespace omniphi::validation {

/// The baseline to beat: all cores at full rate, or every operand once at STREAM's rate.
///
///     T = max(W / P, D / B)
///
/// W  flop    P  peak at the vector clock    D  bytes read and written    B  bandwidth of the fast
/// memory, or of the main one where there is no other
Seconds roofline_time(const models::Primitive& primitive, const hw::ManyCoreCpu& cpu);
/// The same of a device's peak and memory.
Seconds roofline_time(const models::Primitive& primitive, const hw::Gpu& gpu);

}  // namespace omniphi::validation
