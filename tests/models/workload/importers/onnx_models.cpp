#include "tests/models/workload/importers/onnx_models.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <onnx/defs/parser.h>

namespace omniphi::models {

onnx::ModelProto model_of(std::string_view graph, const Weights& weights, int operator_set) {
  const std::string text =
      fmt::format("<ir_version: 8, opset_import: [\"\" : {}]> {}", operator_set, graph);
  onnx::ModelProto model;
  const auto status = onnx::OnnxParser::Parse(model, text.c_str());
  if (!status.IsOK()) throw std::logic_error(status.ErrorMessage());
  for (const auto& [name, shape] : weights) {
    onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const std::int64_t dimension : shape) tensor.add_dims(dimension);
  }
  return model;
}

ScratchDirectory::ScratchDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "omniphi-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path ScratchDirectory::write(const std::string& name,
                                              std::string_view bytes) const {
  std::ofstream(path_ / name, std::ios::binary) << bytes;
  return path_ / name;
}

}  // namespace omniphi::models
