// The 1,072 models that the ONNX standard is tested with (Debian's libonnx-testdata): each operator
// in its variants, most of them without a batch. Every model is either described, 1,023 of them, or
// refused with the name of an operator.

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "models/workload/complexity.h"
#include "tests/models/workload/importers/onnx_models.h"

namespace omniphi::models {

namespace {

const std::filesystem::path kModels = "/usr/share/libonnx-testdata/data";

void gather_operators(const onnx::GraphProto& graph, std::set<std::string>& operators) {
  for (const onnx::NodeProto& node : graph.node()) {
    operators.insert(node.op_type());
    for (const onnx::AttributeProto& attribute : node.attribute()) {
      if (attribute.has_g()) gather_operators(attribute.g(), operators);
    }
  }
}

/// Whether the fault is one line that names an operator of the model in brackets.
bool names_operator(const std::string& fault, const std::filesystem::path& file) {
  onnx::ModelProto model;
  model.ParseFromString(bytes_of(file));
  std::set<std::string> operators;
  gather_operators(model.graph(), operators);
  return fault.find('\n') == std::string::npos &&
         std::ranges::any_of(operators, [&](const std::string& name) {
           return fault.find("(" + name + ")") != std::string::npos ||
                  fault.find("::" + name + ")") != std::string::npos;
         });
}

struct Tally {
  int described = 0;
  int refused = 0;
};

void expect_sound(const Network& network, const std::string& name) {
  const Complexity found = complexity(network);
  const PhaseWork& forward = found.phase(Phase::Forward);
  // No silent zero: where nothing is counted, a note says why.
  EXPECT_TRUE(forward != PhaseWork{} || !network.notes.empty()) << name;
  const Network again = through_yaml(network);
  EXPECT_EQ(complexity(again).phases, found.phases) << name;
  EXPECT_EQ(complexity(again).parameters, found.parameters) << name;
}

Tally tally(const std::filesystem::path& folder) {
  Tally counts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::filesystem::path file = entry.path() / "model.onnx";
    if (!std::filesystem::exists(file)) continue;
    const std::string name = entry.path().filename().string();
    try {
      expect_sound(read_onnx(file), name);
      ++counts.described;
    } catch (const ConfigError& error) {
      EXPECT_TRUE(names_operator(error.what(), file)) << name << ": " << error.what();
      ++counts.refused;
    }
  }
  std::cout << fmt::format("{}: {} described, {} refused by operator name\n",
                           folder.filename().string(),
                           counts.described,
                           counts.refused);
  return counts;
}

struct Folder {
  std::string name;
  int models;
  int described;  // at least
};

class StandardModels : public testing::TestWithParam<Folder> {};

TEST_P(StandardModels, AreDescribedOrRefusedByOperatorName) {
  const Folder& folder = GetParam();
  ASSERT_TRUE(std::filesystem::exists(kModels / folder.name)) << "install libonnx-testdata";
  const Tally found = tally(kModels / folder.name);
  EXPECT_EQ(found.described + found.refused, folder.models);
  EXPECT_GE(found.described, folder.described);
}

INSTANTIATE_TEST_SUITE_P(Onnx,
                         StandardModels,
                         testing::Values(Folder{"node", 932, 890},
                                         Folder{"pytorch-converted", 82, 82},
                                         Folder{"pytorch-operator", 35, 35},
                                         Folder{"simple", 23, 16}),
                         [](const auto& folder) {
                           std::string name = folder.param.name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace

}  // namespace omniphi::models
