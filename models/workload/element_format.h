#pragma once

#include <array>

#include "hw/base/parameters.h"
#include "hw/base/quantity.h"

namespace omniphi::models {

/// How the elements of a tensor are stored, where the network itself says so.
enum class ElementFormat { Fp64, Fp32, Fp16, Bf16, Int64, Int32, Int16, Int8, Int4, Bool };

constexpr auto choices(ElementFormat) {
  using enum ElementFormat;
  using C = Choice<ElementFormat>;
  return std::array{C{"fp64", Fp64, "IEEE 754 double precision"},
                    C{"fp32", Fp32, "IEEE 754 single precision"},
                    C{"fp16", Fp16, "IEEE 754 half precision"},
                    C{"bf16", Bf16, "single precision cut to 16 bits"},
                    C{"int64", Int64, "whole numbers of 64 bits, with or without sign"},
                    C{"int32", Int32, "of 32 bits"},
                    C{"int16", Int16, "of 16 bits"},
                    C{"int8", Int8, "of 8 bits"},
                    C{"int4", Int4, "of 4 bits"},
                    C{"bool", Bool, "true or false, in a byte"}};
}

constexpr Bytes size_of(ElementFormat format) {
  switch (format) {
    case ElementFormat::Fp64:
    case ElementFormat::Int64:
      return Bytes(8);
    case ElementFormat::Fp32:
    case ElementFormat::Int32:
      return Bytes(4);
    case ElementFormat::Fp16:
    case ElementFormat::Bf16:
    case ElementFormat::Int16:
      return Bytes(2);
    case ElementFormat::Int8:
    case ElementFormat::Bool:
      return Bytes(1);
    case ElementFormat::Int4:
      return Bytes(0.5);
  }
  return Bytes(4);
}

}  // namespace omniphi::models
