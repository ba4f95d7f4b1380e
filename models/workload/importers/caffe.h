#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>

#include "hw/base/parameters.h"
#include "models/workload/network.h"

namespace omniphi::models {

enum class CaffePhase { Train, Test };

constexpr auto choices(CaffePhase) {
  return std::array{Choice<CaffePhase>{"train", CaffePhase::Train, "layers that Caffe trains with"},
                    Choice<CaffePhase>{"test", CaffePhase::Test, "layers that Caffe tests with"}};
}

struct CaffeOptions {
  CaffePhase phase = CaffePhase::Train;
  /// Shapes of one sample where the file does not say them, by blob; "" is that of the first blob
  /// of a data layer.
  std::map<std::string, TensorShape> input_shapes;
};

/// A network and what else its file says.
struct CaffeNetwork {
  Network network;
  std::int64_t batch = 0;          // samples of one process in a step; 0: the file does not say
  std::string data;                // where the samples come from, as the file has it; "" if nowhere
  std::vector<std::string> lines;  // Intel's settings for many nodes, one sentence each
};

/// Reads a Caffe prototxt (BVLC's and Intel's fields, old `layers` syntax too) as a network of one
/// sample: the batch, the first axis, or the second where time is the first (LSTM, RNN), is taken
/// off every shape. BatchNorm with the Scale that follows it becomes one layer; layers that only
/// name things (Split, Silence) and those that training does not need (Accuracy) disappear, with a
/// note. Throws ConfigError with line, column and layer for everything wrong with the file: syntax,
/// dangling or duplicate names, order, sizes that do not fit, a type that is not known.
CaffeNetwork read_caffe(const std::filesystem::path& file, const CaffeOptions& options = {});

}  // namespace omniphi::models
