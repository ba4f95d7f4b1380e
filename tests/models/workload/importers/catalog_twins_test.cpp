// Networks of the catalog held to real files of the same networks, layer count and all: parameters
// and multiply-accumulates agree to the unit, but for what is said.

#include <gtest/gtest.h>

#include "models/workload/complexity.h"
#include "models/workload/importers/caffe.h"
#include "models/workload/importers/onnx.h"
#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

struct Twin {
  std::string id;
  std::string file;  // in tests/data
  std::map<std::string, std::string> parameters{};
  std::int64_t more = 0;  // parameters that the file has and the catalog does not
};

void PrintTo(const Twin& twin, std::ostream* out) {
  *out << twin.id << " and " << twin.file;
}

Network read_file(const std::string& file) {
  const std::filesystem::path path = std::filesystem::path(OMNIPHI_SOURCE_DIR "/tests/data") / file;
  return path.extension() == ".onnx" ? read_onnx(path) : read_caffe(path).network;
}

class CatalogTwin : public testing::TestWithParam<Twin> {};

TEST_P(CatalogTwin, AgreesToTheUnit) {
  const Twin& twin = GetParam();
  const Network ours = catalog_network(twin.id, twin.parameters);
  const Network theirs = read_file(twin.file);
  EXPECT_EQ(complexity(ours).parameters + twin.more, complexity(theirs).parameters);
  EXPECT_EQ(complexity(ours).macs(), complexity(theirs).macs());
  const auto products = [](const Network& network) {
    return std::count_if(network.layers.begin(), network.layers.end(), [&](const Layer& layer) {
      return complexity(network, layer).macs() > 0;
    });
  };
  EXPECT_EQ(products(ours), products(theirs));
}

const std::map<std::string, std::string> kFloor{{"rounding", "floor"}};

INSTANTIATE_TEST_SUITE_P(
    Caffe,
    CatalogTwin,
    testing::Values(
        Twin{"alexnet", "caffe/bvlc_alexnet/deploy.prototxt"},
        Twin{"alexnet", "caffe/multinode/alexnet_4nodes/train_val.prototxt"},
        Twin{"googlenet", "caffe/bvlc_googlenet/deploy.prototxt"},
        Twin{"vgg-16", "caffe/multinode/vgg_16_16nodes_1k_batch/train_val.prototxt"},
        Twin{"lenet-caffe", "caffe/lenet/lenet.prototxt"},
        // Its first convolution has biases before its normalisation.
        Twin{"resnet-50", "caffe/multinode/resnet50_4nodes_4s/train_val.prototxt", {}, 64},
        Twin{"resnet-50-v1", "caffe/multinode/default_resnet50_64nodes/train_val.prototxt", {}, 64},
        // Its normalisations learn neither scale nor shift.
        Twin{"inception-v3",
             "caffe/multinode/googlenet_v3_32nodes_2k_batch/train_val.prototxt",
             {},
             -2 * 17'216}));

INSTANTIATE_TEST_SUITE_P(
    Onnx,
    CatalogTwin,
    testing::Values(
        Twin{"resnet-50", "onnx/light_resnet50.onnx"},
        Twin{"vgg-19", "onnx/light_vgg19.onnx"},
        Twin{"squeezenet-1.1", "onnx/light_squeezenet.onnx", {{"resolution", "224"}}},
        // Caffe 2 pools with floor, where Caffe, which the paper's network ran in, rounds up.
        Twin{"googlenet", "onnx/light_inception_v1.onnx", kFloor},
        // Scale and shift stand beside the normalisation's own, as Caffe's Scale layers.
        Twin{"densenet-121", "onnx/light_densenet121.onnx", {}, 83'648},
        Twin{"inception-bn", "onnx/light_inception_v2.onnx", {}, 19'904},
        // Normalisations are folded into the filters: a bias for each scale and shift.
        Twin{"mobilenet-v2", "onnx/mobilenetv2_external_missing.onnx", {}, -17'056}));

}  // namespace
}  // namespace omniphi::models
