#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <onnx/onnx_pb.h>

namespace omniphi::models {

/// Weights by name: shapes without data, as co-design tools ship them.
using Weights = std::map<std::string, std::vector<std::int64_t>>;

/// The model that ONNX's textual form describes, for example
/// `g (float[N, 3, 8, 8] x) => (float[N, 4, 6, 6] y) { y = Conv (x, w) }`.
onnx::ModelProto model_of(std::string_view graph,
                          const Weights& weights = {},
                          int operator_set = 13);

/// A directory of its own for the files of one test, gone with it.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  [[nodiscard]] std::filesystem::path write(const std::string& name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

}  // namespace omniphi::models
