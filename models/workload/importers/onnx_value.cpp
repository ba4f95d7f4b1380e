#include "models/workload/importers/onnx_value.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hw/base/error.h"

namespace omniphi::models {

namespace {

/// Tensors within a graph may have more axes than those of layers, where axes of one are dropped.
constexpr std::size_t kMostAxes = 32;

/// Numbers in the order of the file: typed fields, or little-endian bytes.
template <class T, class Field>
OnnxNumbers numbers_of(const onnx::TensorProto& tensor, const Field& field, std::size_t count) {
  auto numbers = std::make_shared<std::vector<double>>(count);
  if (tensor.has_raw_data()) {
    if (tensor.raw_data().size() != count * sizeof(T)) return nullptr;
    for (std::size_t i = 0; i < count; ++i) {
      T value;
      std::memcpy(&value, tensor.raw_data().data() + i * sizeof(T), sizeof(T));
      (*numbers)[i] = static_cast<double>(value);
    }
    return numbers;
  }
  if (static_cast<std::size_t>(field.size()) != count) return nullptr;
  std::transform(field.begin(), field.end(), numbers->begin(), [](auto value) {
    return static_cast<double>(value);
  });
  return numbers;
}

OnnxNumbers numbers_of(const onnx::TensorProto& tensor, std::size_t count) {
  switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT:
      return numbers_of<float>(tensor, tensor.float_data(), count);
    case onnx::TensorProto::DOUBLE:
      return numbers_of<double>(tensor, tensor.double_data(), count);
    case onnx::TensorProto::INT64:
      return numbers_of<std::int64_t>(tensor, tensor.int64_data(), count);
    case onnx::TensorProto::INT32:
      return numbers_of<std::int32_t>(tensor, tensor.int32_data(), count);
    case onnx::TensorProto::INT16:
      return numbers_of<std::int16_t>(tensor, tensor.int32_data(), count);
    case onnx::TensorProto::INT8:
      return numbers_of<std::int8_t>(tensor, tensor.int32_data(), count);
    case onnx::TensorProto::UINT16:
      return numbers_of<std::uint16_t>(tensor, tensor.int32_data(), count);
    case onnx::TensorProto::UINT8:
    case onnx::TensorProto::BOOL:
      return numbers_of<std::uint8_t>(tensor, tensor.int32_data(), count);
    case onnx::TensorProto::UINT32:
      return numbers_of<std::uint32_t>(tensor, tensor.uint64_data(), count);
    case onnx::TensorProto::UINT64:
      return numbers_of<std::uint64_t>(tensor, tensor.uint64_data(), count);
    default:
      return nullptr;
  }
}

void check_raw_size(const onnx::TensorProto& tensor, std::int64_t elements) {
  const int bits = element_bits(tensor.data_type());
  const auto bytes = static_cast<std::int64_t>(tensor.raw_data().size());
  if (bits == 0 || bytes == 0 || bytes == (elements * bits + 7) / 8) return;
  throw std::invalid_argument(fmt::format("{} has {} bytes of data where its shape asks for {}",
                                          in_quotes(tensor.name()),
                                          bytes,
                                          (elements * bits + 7) / 8));
}

}  // namespace

std::int64_t element_count(const Dimensions& shape) {
  if (shape.size() > kMostAxes) {
    throw std::invalid_argument(
        fmt::format("a tensor has {} axes, more than {}", shape.size(), kMostAxes));
  }
  // A dimension of zero must not hide that the others overflow.
  std::int64_t others = 1;
  bool empty = false;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0) {
      throw std::invalid_argument(fmt::format("has a negative dimension, {}", dimension));
    }
    if (dimension == 0) {
      empty = true;
    } else if (dimension > kLargestTensor / others) {
      throw std::invalid_argument(fmt::format("has more than {} elements", kLargestTensor));
    } else {
      others *= dimension;
    }
  }
  return empty ? 0 : others;
}

std::string shape_text(const Dimensions& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

OnnxValue constant(int type, Dimensions shape, OnnxNumbers numbers) {
  const std::int64_t elements = element_count(shape);
  if (elements == 0) numbers = std::make_shared<const std::vector<double>>();
  OnnxValue value;
  value.kind = OnnxValue::Kind::Constant;
  value.type = type;
  value.shape = std::move(shape);
  if (elements <= kMostNumbers) value.numbers = std::move(numbers);
  return value;
}

OnnxValue constant_integers(const std::vector<std::int64_t>& values) {
  return constant(onnx::TensorProto::INT64,
                  {static_cast<std::int64_t>(values.size())},
                  std::make_shared<const std::vector<double>>(values.begin(), values.end()));
}

OnnxValue constant_scalar(int type, double value) {
  return constant(type, {}, std::make_shared<const std::vector<double>>(1, value));
}

OnnxValue constant(const onnx::TensorProto& tensor) {
  Dimensions shape(tensor.dims().begin(), tensor.dims().end());
  std::int64_t elements = 0;
  try {
    elements = element_count(shape);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{} {}", in_quotes(tensor.name()), error.what()));
  }
  check_raw_size(tensor, elements);
  const bool here = tensor.data_location() != onnx::TensorProto::EXTERNAL;
  OnnxNumbers numbers;
  if (here && elements <= kMostNumbers) {
    numbers = numbers_of(tensor, static_cast<std::size_t>(elements));
  }
  OnnxValue value = constant(tensor.data_type(), std::move(shape), std::move(numbers));
  value.tensor = tensor.name();
  return value;
}

std::optional<std::vector<std::int64_t>> integers(const OnnxValue& value) {
  if (!value.is_constant() || !value.numbers) return {};
  constexpr double kEnd = 9.2e18;  // int64 ends at 9.22e18; what lies beyond means "the end"
  std::vector<std::int64_t> whole;
  for (const double number : *value.numbers) {
    whole.push_back(
        std::isnan(number) ? 0 : static_cast<std::int64_t>(std::clamp(number, -kEnd, kEnd)));
  }
  return whole;
}

std::optional<double> scalar(const OnnxValue& value) {
  if (!value.is_constant() || !value.numbers || value.numbers->size() != 1) return {};
  return value.numbers->front();
}

int element_bits(int type) {
  switch (type) {
    case onnx::TensorProto::BOOL:
    case onnx::TensorProto::INT8:
    case onnx::TensorProto::UINT8:
      return 8;
    case onnx::TensorProto::INT16:
    case onnx::TensorProto::UINT16:
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
      return 16;
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::UINT32:
    case onnx::TensorProto::FLOAT:
      return 32;
    case onnx::TensorProto::INT64:
    case onnx::TensorProto::UINT64:
    case onnx::TensorProto::DOUBLE:
    case onnx::TensorProto::COMPLEX64:
      return 64;
    case onnx::TensorProto::COMPLEX128:
      return 128;
    default:
      break;
  }
  if (17 <= type && type <= 20) return 8;  // float8 of four kinds, since IR version 9
  if (21 <= type && type <= 23) return 4;  // uint4, int4, float4, since IR versions 10 and 11
  return 0;
}

std::string type_name(int type) {
  if (!onnx::TensorProto::DataType_IsValid(type)) return fmt::format("type {}", type);
  std::string name =
      onnx::TensorProto::DataType_Name(static_cast<onnx::TensorProto::DataType>(type));
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

bool is_floating(int type) {
  switch (type) {
    case onnx::TensorProto::FLOAT:
    case onnx::TensorProto::DOUBLE:
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
    case onnx::TensorProto::COMPLEX64:
    case onnx::TensorProto::COMPLEX128:
      return true;
    default:
      return (17 <= type && type <= 20) || type == 23;  // see element_bits
  }
}

}  // namespace omniphi::models
