#include "models/workload/importers/network_file.h"

#include <string>

#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"
#include "models/workload/complexity.h"
#include "tests/support/scratch_directory.h"

namespace omniphi::models {

namespace {

const std::string kData = OMNIPHI_SOURCE_DIR "/tests/data/";

class NetworkFile : public testing::Test {
 protected:
  /// Reads the file with a change written in YAML.
  Network read(const std::filesystem::path& file, const std::string& change = "{}") {
    Diagnostics diagnostics;
    const ConfigNode tree = read_yaml(change, "scenario.yaml", diagnostics);
    diagnostics.throw_if_any();
    Network network = read_network_file(file, tree, diagnostics);
    diagnostics.throw_if_any();
    return network;
  }

  std::string fault(const std::filesystem::path& file, const std::string& change = "{}") {
    try {
      read(file, change);
    } catch (const ConfigError& error) {
      return scratch_.without_path(error.what());
    }
    return "";
  }

  ScratchDirectory scratch_;
};

TEST_F(NetworkFile, IsReadAsItsExtensionSays) {
  EXPECT_EQ(network_format("a/net.yaml"), NetworkFormat::Yaml);
  EXPECT_EQ(network_format("net.onnx"), NetworkFormat::Onnx);
  EXPECT_EQ(network_format("net.v2.prototxt"), NetworkFormat::Caffe);
  for (const char* other : {"resnet-50", "onnx", ".onnx", "net.xml", "net.caffemodel"}) {
    EXPECT_EQ(network_format(other), std::nullopt) << other;
  }
}

TEST_F(NetworkFile, TakesWhatACaffeFileLeavesOpen) {
  const std::string lenet = kData + "caffe/lenet/lenet_train_test.prototxt";
  const Network network = read(lenet, "parameters: {phase: test, input_shape: [1, 28, 28]}");
  EXPECT_EQ(network.name, "lenet_train_test");
  EXPECT_EQ(complexity(network).parameters, 431'080);
  EXPECT_EQ(fault(lenet, "parameters: {input_shape: []}"),
            "scenario.yaml:1:27: parameters.input_shape: expected 1 to 8 dimensions");
  EXPECT_EQ(fault(lenet, "parameters: {phase: testing}"),
            "scenario.yaml:1:21: parameters.phase: expected one of train, test, got \"testing\"");
}

TEST_F(NetworkFile, TakesWhatAnOnnxFileLeavesOpen) {
  const std::string gpt2 = kData + "onnx/tiny_random_gpt2_fp32_past.onnx";
  const std::string open = "parameters: {seq_len: 8, total_seq_len: 8, past_seq_len: 0}";
  EXPECT_EQ(complexity(read(gpt2, open)).macs(), 768'000);
  EXPECT_EQ(fault(gpt2, "parameters: {seq_len: -8}"),
            "scenario.yaml:1:23: parameters.seq_len: must be at least 0, got \"-8\"");
}

TEST_F(NetworkFile, OfAnotherProgramChangesByItsParametersAlone) {
  EXPECT_EQ(fault(kData + "onnx/light_resnet50.onnx", "layers: []"),
            "scenario.yaml:1:1: unknown key \"layers\" (known: parameters)");
}

TEST_F(NetworkFile, InYamlChangesByAnyKey) {
  const std::filesystem::path file = scratch_.write(
      "net.yaml",
      "parameters: {width: 8}\n"
      "layers: [{name: x, op: input, shape: [4]}, {name: y, op: inner-product, features: $width}]");
  EXPECT_EQ(complexity(read(file)).parameters, 4 * 8 + 8);
  EXPECT_EQ(complexity(read(file, "parameters: {width: 2}")).parameters, 4 * 2 + 2);
}

TEST_F(NetworkFile, PassesTheFaultsOfItsReaderOn) {
  EXPECT_EQ(fault(scratch_.write("page.onnx", "<html>")),
            "page.onnx: is a web page, no ONNX model");
  EXPECT_EQ(fault(scratch_.write("cut.yaml", "layers: [{name: x")),
            "cut.yaml:1:1: end of map flow not found");
}

}  // namespace

}  // namespace omniphi::models
