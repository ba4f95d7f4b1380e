#include <algorithm>

#include <gtest/gtest.h>

#include "hw/base/parameter_reader.h"
#include "models/workload/complexity.h"
#include "models/workload/dataset.h"
#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

struct Published {
  const char* id;
  std::int64_t parameters;
  std::int64_t statistics;
  std::int64_t macs;
  std::int64_t products;  // layers with MACs
};

/// Counted from the network descriptions the catalog entries name as their sources: BVLC Caffe's
/// bvlc_alexnet and bvlc_googlenet, Intel Caffe's multinode VGG-16, and the ResNet-50 of the ONNX
/// light models, by the rules of complexity.h.
const Published kPublished[] = {
    {"alexnet", 60'965'224, 0, 724'406'816, 8},
    {"vgg-16", 138'357'544, 0, 15'470'264'320, 16},
    {"googlenet", 6'998'552, 0, 1'582'671'872, 58},
    {"resnet-50", 25'557'032, 53'120, 4'089'184'256, 54},
};

class CatalogNetwork : public testing::TestWithParam<Published> {};

INSTANTIATE_TEST_SUITE_P(All,
                         CatalogNetwork,
                         testing::ValuesIn(kPublished),
                         [](const auto& network) {
                           std::string name = network.param.id;
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(CatalogNetwork, HasThePublishedParametersAndMacs) {
  const Network network = catalog_network(GetParam().id);
  const Complexity sum = complexity(network);
  EXPECT_EQ(sum.parameters, GetParam().parameters);
  EXPECT_EQ(sum.statistics, GetParam().statistics);
  EXPECT_EQ(sum.macs(), GetParam().macs);
  EXPECT_EQ(
      std::count_if(network.layers.begin(),
                    network.layers.end(),
                    [&](const Layer& layer) { return complexity(network, layer).macs() > 0; }),
      GetParam().products);
}

TEST_P(CatalogNetwork, NeedsTwiceItsForwardMacsBackwardExceptForTheFirstLayer) {
  const Network network = catalog_network(GetParam().id);
  const Complexity sum = complexity(network);
  const Complexity first = complexity(network, network.layers[1]);
  EXPECT_EQ(sum.phase(Phase::BackwardWeights).macs, sum.macs());
  EXPECT_EQ(sum.phase(Phase::BackwardData).macs, sum.macs() - first.macs());
}

TEST_P(CatalogNetwork, ClassifiesIntoTheClassesOfItsDataSet) {
  const Network network = catalog_network(GetParam().id);
  EXPECT_EQ(network.layers.back().output, (TensorShape{{1000}}));
  const ReferenceAccuracy& accuracy = network.accuracy.at("imagenet-1k");
  EXPECT_GT(accuracy.top1.low, 0.5);
  EXPECT_LE(accuracy.top1.low, accuracy.top1.value);
  EXPECT_LE(accuracy.top1.value, accuracy.top1.high);
  EXPECT_LT(accuracy.top1.high, 0.8);
  EXPECT_FALSE(network.source.empty());
}

TEST_P(CatalogNetwork, ReadsBackAsItWasWritten) {
  const Network network = catalog_network(GetParam().id);
  const std::string text = write_yaml(write_network(network));
  const Network again = network_from(text);
  ASSERT_EQ(again.layers.size(), network.layers.size());
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    EXPECT_EQ(again.layers[i].name, network.layers[i].name);
    EXPECT_EQ(again.layers[i].inputs, network.layers[i].inputs);
    EXPECT_EQ(again.layers[i].output, network.layers[i].output);
    EXPECT_EQ(complexity(again, again.layers[i]).phases,
              complexity(network, network.layers[i]).phases);
  }
  EXPECT_EQ(write_yaml(write_network(again)), text);
}

TEST(Catalog, HasNoOtherNetworkThatNobodyChecks) {
  EXPECT_EQ(source_catalog().ids("networks").size(), std::size(kPublished));
}

TEST(Catalog, SaysWhoAskedForANetworkThatIsNotThere) {
  Diagnostics diagnostics;
  const Place from{std::make_shared<const std::string>("s.yaml"), 3, 20};
  load_network(source_catalog(), "resnet50", from, "workload.network", diagnostics);
  try {
    diagnostics.throw_if_any();
    FAIL() << "nothing reported";
  } catch (const ConfigError& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.substr(0, 28), "s.yaml:3:20: workload.networ");
    EXPECT_NE(text.find("did you mean \"resnet-50\"?"), std::string::npos) << text;
  }
}

DataSet data_set(const std::string& id) {
  Diagnostics diagnostics;
  const Catalog catalog = source_catalog();
  DataSet set;
  read_part(id, {}, "", set, {catalog, diagnostics});
  diagnostics.throw_if_any();
  return set;
}

TEST(DataSet, OfImageNetHasTheImagesThatNinetyEpochsOfResNetTake) {
  // Intel Caffe's multinode ResNet-50: 14,075 iterations of 8,192 images are 90 epochs.
  EXPECT_NEAR(
      14'075.0 * 8'192 / static_cast<double>(data_set("imagenet-1k").training_samples), 90, 0.01);
  EXPECT_EQ(data_set("imagenet-1k").stored_bytes_per_sample, Bytes(3 * 256 * 256));
}

TEST(DataSet, ThatIsSyntheticReadsNothing) {
  EXPECT_EQ(data_set("synthetic").stored_bytes_per_sample, Bytes(0));
  EXPECT_EQ(data_set("fashion-mnist").stored_bytes_per_sample, Bytes(28 * 28));
}

}  // namespace
}  // namespace omniphi::models
