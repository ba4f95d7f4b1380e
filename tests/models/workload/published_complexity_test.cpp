// The catalog held to parameters and multiply-accumulates that others print of the same networks
// (tests/data/published/README.md says what each source counts).

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "models/workload/complexity.h"
#include "tests/models/workload/support.h"

namespace omniphi::models {
namespace {

struct Row {
  double parameters_m = 0;  // 10^6
  double gmacs = 0;
  double gmacs_high = 0;
  double parameters_mb = 0;  // 2^20 bytes of fp32
};

std::map<std::string, Row> published() {
  std::ifstream file(OMNIPHI_SOURCE_DIR "/tests/data/published/network_complexity.csv");
  std::map<std::string, Row> rows;
  std::string line;
  std::getline(file, line);  // the header
  while (std::getline(file, line)) {
    std::istringstream text(line);
    std::string name;
    std::getline(text, name, ',');
    Row row;
    char comma = 0;
    text >> row.parameters_m >> comma >> row.gmacs >> comma >> row.gmacs_high >> comma >>
        row.parameters_mb;
    rows.emplace(name, row);
  }
  return rows;
}

enum class Source { ConvnetBurden, ConvnetBurdenOfPyTorch, OpenModelZoo, Eyeriss, Nurion };

enum class End { Low, High };  // of a range

struct Case {
  std::string id;
  std::string row;
  Source source;
  std::map<std::string, std::string> parameters{};  // of the network
  double besides = 0;                               // parameters that the source has and we do not
  double rounding = 0;  // half a unit of the last digit printed, in GMAC, beyond the 0.5 %
  End end = End::Low;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.id << " as " << c.row;
}

template <class... Kinds>
bool is_any(const Op& op) {
  return (std::holds_alternative<Kinds>(op) || ...);
}

/// Operations besides multiply-accumulates as the tables count them: one for each element of a
/// function of elements, however much arithmetic it is; nothing for dropout, which inference skips.
double others(const Network& network) {
  double sum = 0;
  for (const Layer& layer : network.layers) {
    if (is_any<Dropout>(layer.op)) continue;
    const bool element =
        is_any<BatchNormalization, Activation, LocalResponseNormalization>(layer.op);
    sum +=
        static_cast<double>(element ? layer.output.elements()
                                    : complexity(network, layer).phase(Phase::Forward).operations);
  }
  return sum;
}

struct Counted {
  double parameters = 0;
  double macs = 0;
};

Counted convolutions(const Network& network) {
  Counted sum;
  for (const Layer& layer : network.layers) {
    if (!is_any<Convolution>(layer.op)) continue;
    const Complexity c = complexity(network, layer);
    sum.parameters += static_cast<double>(c.parameters);
    sum.macs += static_cast<double>(c.macs());
  }
  return sum;
}

double outputs_of_convolutions(const Network& network) {
  double sum = 0;
  for (const Layer& layer : network.layers) {
    if (is_any<Convolution>(layer.op)) sum += static_cast<double>(layer.output.elements());
  }
  return sum;
}

double scales_of_normalisations(const Network& network) {
  double sum = 0;
  for (const Layer& layer : network.layers) {
    if (!is_any<BatchNormalization>(layer.op)) continue;
    sum += static_cast<double>(complexity(network, layer).parameters) / 2;
  }
  return sum;
}

Counted counted_as(Source source, const Network& network) {
  const Complexity c = complexity(network);
  const auto parameters = static_cast<double>(c.parameters);
  const auto macs = static_cast<double>(c.macs());
  switch (source) {
    case Source::ConvnetBurden:
      return {parameters + static_cast<double>(c.statistics), macs + others(network)};
    case Source::ConvnetBurdenOfPyTorch:
      return {parameters, macs + others(network) + outputs_of_convolutions(network)};
    case Source::OpenModelZoo:
      return {parameters - scales_of_normalisations(network), macs + others(network) / 2};
    case Source::Eyeriss:
      return convolutions(network);
    case Source::Nurion:
      return {parameters, macs};
  }
  return {};
}

class PublishedComplexity : public testing::TestWithParam<Case> {};

TEST_P(PublishedComplexity, IsWithinHalfAPerCent) {
  constexpr double kShare = 0.005;
  const Case& c = GetParam();
  const Row row = published().at(c.row);
  const Counted counted = counted_as(c.source, catalog_network(c.id, c.parameters));
  const double gmacs = c.end == End::Low ? row.gmacs : row.gmacs_high;
  EXPECT_NEAR(counted.macs / 1e9, gmacs, kShare * gmacs + c.rounding);
  const double parameters = counted.parameters + c.besides;
  if (c.source == Source::ConvnetBurden || c.source == Source::ConvnetBurdenOfPyTorch) {
    EXPECT_EQ(std::round(4 * parameters / (1 << 20)), row.parameters_mb);
  } else {
    const double whole = row.parameters_m == std::round(row.parameters_m) ? 0.5 : 0.05;
    const double rounding = c.source == Source::OpenModelZoo ? 0.0005 : whole;
    EXPECT_NEAR(parameters / 1e6, row.parameters_m, kShare * row.parameters_m + rounding);
  }
}

const std::map<std::string, std::string> kV1{{"reduce_stride", "2"}, {"middle_stride", "1"}};

INSTANTIATE_TEST_SUITE_P(
    ConvnetBurden,
    PublishedComplexity,
    testing::Values(
        Case{"alexnet", "alexnet", Source::ConvnetBurden, {}, 0, 0.0005},
        // From PyTorch at 224 x 224, where the page counts the output of convolutions once more.
        Case{"squeezenet",
             "squeezenet1-0",
             Source::ConvnetBurdenOfPyTorch,
             {{"resolution", "224"}, {"border", "0"}},
             0,
             0.0005},
        Case{"squeezenet-1.1",
             "squeezenet1-1",
             Source::ConvnetBurdenOfPyTorch,
             {{"resolution", "224"}},
             0,
             0.0005},
        Case{"vgg-16", "vgg-vd-16", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"vgg-19", "vgg-vd-19", Source::ConvnetBurden, {}, 0, 0.5},
        // With the two auxiliary heads of training (13,378,280 parameters: Intel Caffe's
        // multinode/googlenet_4nodes in tests/data/caffe).
        Case{"googlenet", "googlenet", Source::ConvnetBurden, {}, 13'378'280 - 6'998'552, 0.5},
        Case{"resnet-18", "resnet18", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"resnet-34", "resnet34", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"resnet-50-v1", "resnet-50", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"resnet-101", "resnet-101", Source::ConvnetBurden, kV1, 0, 0.5},
        Case{"resnet-152", "resnet-152", Source::ConvnetBurden, kV1, 0, 0.5},
        Case{"inception-v3", "inception-v3", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"densenet-121", "densenet121", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"densenet-161", "densenet161", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"densenet-169", "densenet169", Source::ConvnetBurden, {}, 0, 0.5},
        Case{"mobilenet-v1", "mcn-mobilenet", Source::ConvnetBurden, {}, 0, 0.0005},
        Case{"ssd-vgg16-300", "ssd-pascal-vggvd-300", Source::ConvnetBurden, {}, 0, 0.5}));

INSTANTIATE_TEST_SUITE_P(
    OpenModelZoo,
    PublishedComplexity,
    testing::Values(
        Case{"alexnet", "AlexNet (OMZ)", Source::OpenModelZoo, {}, 0, 0.025},  // "1.5"
        Case{"densenet-121", "DenseNet 121 (OMZ)", Source::OpenModelZoo},
        Case{"densenet-161", "DenseNet 161 (OMZ)", Source::OpenModelZoo, {}, 0, 0, End::High},
        Case{"densenet-169", "DenseNet 169 (OMZ)", Source::OpenModelZoo},
        Case{"inception-bn", "Inception (GoogleNet) V2 (OMZ)", Source::OpenModelZoo},
        Case{"inception-v3", "Inception (GoogleNet) V3 (OMZ)", Source::OpenModelZoo},
        Case{"inception-v4", "Inception (GoogleNet) V4 (OMZ)", Source::OpenModelZoo},
        Case{"mobilenet-v1",
             "MobileNet V1 0.25 128 (OMZ)",
             Source::OpenModelZoo,
             {{"width", "0.25"}, {"resolution", "128"}},
             0,
             0.0005},
        Case{"mobilenet-v1",
             "MobileNet V1 0.5 160 (OMZ)",
             Source::OpenModelZoo,
             {{"width", "0.5"}, {"resolution", "160"}},
             0,
             0.0005},
        Case{"mobilenet-v1",
             "MobileNet V1 0.5 224 (OMZ)",
             Source::OpenModelZoo,
             {{"width", "0.5"}},
             0,
             0.0005},
        Case{"mobilenet-v1", "MobileNet V1 1.0 224 (OMZ)", Source::OpenModelZoo, {}, 0, 0.0005},
        Case{"mobilenet-v2", "MobileNet V2 1.0 224 (OMZ)", Source::OpenModelZoo},
        Case{
            "mobilenet-v2", "MobileNet V2 1.4 224 (OMZ)", Source::OpenModelZoo, {{"width", "1.4"}}},
        Case{"resnet-18", "ResNet 18 (OMZ)", Source::OpenModelZoo},
        Case{"resnet-34", "ResNet 34 (OMZ)", Source::OpenModelZoo},
        // The lower end is Caffe's v1 after an optimisation that moves its strides up.
        Case{"resnet-50", "ResNet 50 (OMZ)", Source::OpenModelZoo, {}, 0, 0, End::High},
        Case{"squeezenet", "SqueezeNet v1.0 (OMZ)", Source::OpenModelZoo},
        Case{"ssd-vgg16-300", "SSD 300 (OMZ)", Source::OpenModelZoo},
        Case{"squeezenet-1.1", "SqueezeNet v1.1 (OMZ)", Source::OpenModelZoo},
        Case{"vgg-16", "VGG 16 (OMZ)", Source::OpenModelZoo},
        Case{"vgg-19", "VGG 19 (OMZ)", Source::OpenModelZoo},
        // Its logits have a table of their own, and each layer keeps its mask of 1024 x 1024.
        Case{"gpt-2", "GPT-2 (OMZ)", Source::OpenModelZoo, {}, 50'257 * 768 + 12 * 1024 * 1024},
        // Cased words, positions cut to the sequence, a classifier of 9 for each word and no
        // pooler.
        Case{"bert-base",
             "bert-base-NER (OMZ)",
             Source::OpenModelZoo,
             {{"vocabulary", "28996"}, {"positions", "128"}},
             (768 * 9 + 9) - (768 * 2 + 2) - (768 * 768 + 768)}));

INSTANTIATE_TEST_SUITE_P(
    Papers,
    PublishedComplexity,
    testing::Values(Case{"alexnet", "AlexNet (conv layers only)", Source::Eyeriss, {}, 0, 0.0005},
                    Case{"vgg-16", "VGG-16 (conv layers only)", Source::Eyeriss, {}, 0, 0.05},
                    Case{
                        "resnet-50-v1", "ResNet-50 (Nurion paper)", Source::Nurion, {}, 0, 0.025}));

}  // namespace
}  // namespace omniphi::models
