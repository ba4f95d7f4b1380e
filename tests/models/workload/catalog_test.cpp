#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "hw/base/parameter_reader.h"
#include "models/workload/complexity.h"
#include "models/workload/dataset.h"
#include "tests/models/workload/support.h"
#include "tests/support/scratch_directory.h"

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

/// A parameter of a network as its file says it; empty if it has none of this name.
std::string parameter(const std::string& id, std::string_view name) {
  Diagnostics diagnostics;
  const ConfigNode tree = source_catalog().load("networks", id, {}, "", diagnostics);
  const ConfigNode* value = tree.find("parameters")->find(name);
  return value ? value->scalar : "";
}

std::vector<std::string> networks_with(std::string_view name) {
  std::vector<std::string> ids = source_catalog().ids("networks");
  std::erase_if(ids, [&](const std::string& id) { return parameter(id, name).empty(); });
  return ids;
}

std::string test_name(const testing::TestParamInfo<std::string>& network) {
  std::string name = network.param;
  std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
  return name;
}

class EveryNetwork : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(OfTheCatalog,
                         EveryNetwork,
                         testing::ValuesIn(source_catalog().ids("networks")),
                         test_name);

TEST_P(EveryNetwork, ReadsBackAsItWasWritten) {
  const Network network = catalog_network(GetParam());
  const std::string text = write_yaml(write_network(network));
  const Network again = network_from(text);
  expect_same(again, network);
  EXPECT_EQ(write_yaml(write_network(again)), text);
}

TEST_P(EveryNetwork, SaysWhereItIsPublishedAndHowAccurateItIs) {
  Diagnostics diagnostics;
  const ConfigNode file = read_yaml_file(
      std::string(OMNIPHI_SOURCE_DIR "/configs/networks/") + GetParam() + ".yaml", diagnostics);
  const Network network = catalog_network(GetParam());
  ASSERT_NE(file.find("source"), nullptr);
  EXPECT_EQ(network.accuracy.empty(), file.find("accuracy") == nullptr);
  for (const auto& [data_set, accuracy] : network.accuracy) {
    EXPECT_TRUE(source_catalog().has("datasets", data_set)) << data_set;
    EXPECT_GT(accuracy.top1.low, 0.5);
    EXPECT_LE(accuracy.top1.low, accuracy.top1.value);
    EXPECT_LE(accuracy.top1.value, accuracy.top1.high);
    EXPECT_LT(accuracy.top1.high, 0.95);
  }
}

std::string three_digits(std::int64_t count) {
  const auto value = static_cast<double>(count);
  if (value >= 1e9) return fmt::format("{:.3g} G", value / 1e9);
  return value >= 1e6 ? fmt::format("{:.3g} M", value / 1e6) : fmt::format("{:.3g} k", value / 1e3);
}

TEST_P(EveryNetwork, StandsInTheTableOfTheCatalog) {
  std::ifstream file(OMNIPHI_SOURCE_DIR "/configs/networks/README.md");
  const std::string table{std::istreambuf_iterator<char>(file), {}};
  const Complexity sum = complexity(catalog_network(GetParam()));
  const std::string row = fmt::format(
      "| `{}` | {} | {} |", GetParam(), three_digits(sum.parameters), three_digits(sum.macs()));
  EXPECT_NE(table.find(row), std::string::npos) << row;
}

/// What the MACs of each layer with any are multiplied by, from one network to another of the same
/// layers.
std::map<double, std::vector<std::string>> growth(const Network& from, const Network& to) {
  std::map<double, std::vector<std::string>> factors;
  for (std::size_t i = 0; i < from.layers.size(); ++i) {
    const auto before = static_cast<double>(complexity(from, from.layers[i]).macs());
    const auto after = static_cast<double>(complexity(to, to.layers[i]).macs());
    if (before > 0) factors[after / before].push_back(from.layers[i].name);
  }
  return factors;
}

class WidensInAllItsLayers : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(OfTheCatalog,
                         WidensInAllItsLayers,
                         testing::ValuesIn(networks_with("width")),
                         test_name);

TEST_P(WidensInAllItsLayers, ByTwoOrFourForTwiceTheChannels) {
  // Twice the channels on both sides are four times the work; twice where the other side is the
  // image or the classes, and in depth-wise convolutions.
  for (const auto& [factor, layers] :
       growth(catalog_network(GetParam()), catalog_network(GetParam(), {{"width", "2"}}))) {
    EXPECT_TRUE(factor == 2 || factor == 4) << layers.front() << " grows by " << factor;
  }
}

class WidensInItsHiddenSize : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(OfTheCatalog,
                         WidensInItsHiddenSize,
                         testing::ValuesIn(networks_with("vocabulary")),
                         test_name);

TEST_P(WidensInItsHiddenSize, ByTwoToFourForTwiceTheSize) {
  const int hidden = std::stoi(parameter(GetParam(), "hidden"));
  const Network wider = catalog_network(GetParam(), {{"hidden", std::to_string(2 * hidden)}});
  const double growth = static_cast<double>(complexity(wider).parameters) /
                        static_cast<double>(complexity(catalog_network(GetParam())).parameters);
  EXPECT_GT(growth, 1.9);  // tables and logits
  EXPECT_LT(growth, 4);    // everything between
}

class ClassifiesIntoAnyNumberOfClasses : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(OfTheCatalog,
                         ClassifiesIntoAnyNumberOfClasses,
                         testing::ValuesIn(networks_with("classes")),
                         test_name);

TEST_P(ClassifiesIntoAnyNumberOfClasses, AsManyOutputs) {
  const Network network = catalog_network(GetParam(), {{"classes", "7"}});
  const bool detects = GetParam() == "ssd-vgg16-300";  // its test is below
  EXPECT_EQ(network.layers.back().output.elements() == 7, !detects);
}

TEST(Ssd, GivesFourNumbersAndAllClassesForEveryBox) {
  const std::int64_t boxes = 4 * (38 * 38 + 3 * 3 + 1) + 6 * (19 * 19 + 10 * 10 + 5 * 5);
  EXPECT_EQ(catalog_network("ssd-vgg16-300").layers.back().output,
            (TensorShape{{boxes * (4 + 21)}}));
}

class ConvolvesAtAnyResolution : public testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(OfTheCatalog,
                         ConvolvesAtAnyResolution,
                         testing::Values("resnet-18",
                                         "resnet-50",
                                         "resnet-50-v1",
                                         "resnet-20",
                                         "mobilenet-v1",
                                         "mobilenet-v2",
                                         "densenet-121",
                                         "inception-bn",
                                         "hep-cnn"),
                         test_name);

TEST_P(ConvolvesAtAnyResolution, AtFourTimesTheWorkForTwiceTheSide) {
  const Network network = catalog_network(GetParam());
  const std::int64_t side = network.layers[0].output.dimensions[1];
  const Network finer = catalog_network(GetParam(), {{"resolution", std::to_string(2 * side)}});
  EXPECT_EQ(complexity(finer).parameters, complexity(network).parameters);
  const auto factors = growth(network, finer);
  EXPECT_EQ(factors.size(), 2);
  EXPECT_EQ(factors.at(1).size(), 1);  // the classifier, behind global pooling
  EXPECT_TRUE(factors.contains(4));
}

TEST(ResNet, GrowsByOneBottleneckForEachStepOfDepth) {
  // Stage 4 has 256 channels: 1024 x 256 + 256 x 256 x 9 + 256 x 1024 weights, and two for each of
  // the 256 + 256 + 1024 channels that are normalised.
  constexpr std::int64_t kBottleneck = 2 * 262'144 + 589'824 + 2 * 1'536;
  const std::int64_t base = complexity(catalog_network("resnet-50")).parameters;
  EXPECT_EQ(complexity(catalog_network("resnet-50", {{"stage4", "7"}})).parameters,
            base + kBottleneck);
  EXPECT_EQ(complexity(catalog_network("resnet-101")).parameters, base + 17 * kBottleneck);
}

TEST(ResNet, MovesItsStridesBetweenVersions) {
  // In v1 three 3 x 3 convolutions and three reductions work at half the side: 3.86 GMAC for 4.09.
  const Network v1 = catalog_network("resnet-50", {{"reduce_stride", "2"}, {"middle_stride", "1"}});
  expect_same(v1, [] {
    Network network = catalog_network("resnet-50-v1");
    const Network base = catalog_network("resnet-50");
    network.source = base.source;
    network.accuracy = base.accuracy;
    return network;
  }());
  EXPECT_EQ(complexity(v1).macs(), 3'857'973'248);
}

TEST(Transformer, GrowsWithTheSquareOfTheSequenceInAttentionAlone) {
  const auto factors =
      growth(catalog_network("gpt-2"), catalog_network("gpt-2", {{"sequence", "512"}}));
  EXPECT_EQ(factors.size(), 2);
  EXPECT_EQ(factors.at(0.25).size(), 12);  // attention
  EXPECT_EQ(factors.at(0.5).size(), 12 * 4 + 1);
}

TEST(Transformer, OfBertLargeIsBertBaseWithOtherSizes) {
  // A layer of 1024: four projections of attention, two of 4096 and two normalisations, all biased.
  constexpr std::int64_t kLayer =
      4 * (1024 * 1024 + 1024) + 2 * 1024 * 4096 + 4096 + 1024 + 4 * 1024;
  const std::int64_t large = complexity(catalog_network("bert-large")).parameters;
  EXPECT_EQ(large - complexity(catalog_network("bert-large", {{"depth", "12"}})).parameters,
            12 * kLayer);
}

TEST(Gnmt, HasTheParametersOfItsParts) {
  // With two biases a gate, as cuDNN has them.
  const auto lstm = [](std::int64_t input) { return 4 * 1024 * (input + 1024) + 2 * 4 * 1024; };
  const std::int64_t table = 32'320 * 1024;
  const std::int64_t logits = table + 32'320;
  const std::int64_t encoder = 2 * lstm(1024) + lstm(2048) + 2 * lstm(1024);
  const std::int64_t attention = 2 * 1024 * 1024;
  const std::int64_t decoder = lstm(1024) + 3 * lstm(2048);
  EXPECT_EQ(complexity(catalog_network("gnmt")).parameters,
            table + logits + encoder + attention + decoder);
}

TEST(Catalog, GivesADerivedNetworkNoAccuracyButItsOwn) {
  const ScratchDirectory scratch;
  const std::string one = "{top1: {value: 0.9, basis: published}, source: a}";
  scratch.write("networks/base.yaml",
                "{accuracy: {a: " + one + ", b: " + one +
                    "}, parameters: {x: 3}, layers: [{name: i, op: input, shape: [$x]}]}");
  scratch.write("networks/plain.yaml", "{base: base, parameters: {x: 4}}");
  scratch.write("networks/own.yaml", "{base: base, accuracy: {b: " + one + "}}");
  Diagnostics diagnostics;
  const Catalog catalog(scratch.path());
  EXPECT_EQ(load_network(catalog, "base", {}, "", diagnostics).accuracy.size(), 2);
  EXPECT_EQ(load_network(catalog, "plain", {}, "", diagnostics).accuracy.size(), 0);
  EXPECT_EQ(load_network(catalog, "own", {}, "", diagnostics).accuracy.count("b"), 1);
  EXPECT_EQ(load_network(catalog, "own", {}, "", diagnostics).accuracy.count("a"), 0);
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

TEST(DataSet, OfEveryKindIsLargerThanItsEvaluationSet) {
  for (const std::string& id : source_catalog().ids("datasets")) {
    const DataSet set = data_set(id);
    if (id == "synthetic") continue;
    EXPECT_GT(set.training_samples, set.validation_samples) << id;
    EXPECT_GT(set.validation_samples, 0) << id;
    EXPECT_GT(set.stored_bytes_per_sample, Bytes(0)) << id;
  }
}

TEST(DataSet, ThatIsSyntheticReadsNothing) {
  EXPECT_EQ(data_set("synthetic").stored_bytes_per_sample, Bytes(0));
  EXPECT_EQ(data_set("fashion-mnist").stored_bytes_per_sample, Bytes(28 * 28));
}

}  // namespace
}  // namespace omniphi::models
