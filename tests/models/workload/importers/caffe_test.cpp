#include "models/workload/importers/caffe.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"
#include "models/workload/complexity.h"
#include "models/workload/network_yaml.h"
#include "tests/support/scratch_directory.h"

namespace omniphi::models {

namespace {

const std::string kData = OMNIPHI_SOURCE_DIR "/tests/data/caffe/";

/// The two networks whose samples lie in a database have the sizes of MNIST and CIFAR-10.
CaffeOptions options_for(const std::string& file) {
  CaffeOptions options;
  if (file == "lenet/lenet_train_test.prototxt") options.input_shapes[""] = {{1, 28, 28}};
  if (file == "cifar10/cifar10_full_train_test.prototxt") options.input_shapes[""] = {{3, 32, 32}};
  return options;
}

CaffeNetwork shipped(const std::string& file) {
  return read_caffe(kData + file, options_for(file));
}

CaffeNetwork read_text(const std::string& text, const CaffeOptions& options = {}) {
  const ScratchDirectory scratch;
  return read_caffe(scratch.write("net.prototxt", text), options);
}

/// An input of this shape, then `layers`.
CaffeNetwork read_layers(const std::string& shape, const std::string& layers) {
  return read_text("layer { name: 'x' type: 'Input' top: 'x' input_param { shape { " + shape +
                   " } } }\n" + layers);
}

const Layer& layer_named(const Network& network, const std::string& name) {
  const auto found = std::find_if(network.layers.begin(),
                                  network.layers.end(),
                                  [&](const Layer& layer) { return layer.name == name; });
  if (found == network.layers.end()) throw std::out_of_range("no layer " + name);
  return *found;
}

TensorShape last_shape(const CaffeNetwork& read) {
  return read.network.layers.back().output;
}

std::vector<std::string> notes_of(const Network& network) {
  std::vector<std::string> lines;
  for (const Note& note : network.notes) lines.push_back(note.subject + ": " + note.text);
  return lines;
}

/// Counted by a script that shares nothing with the reader: tests/data/caffe/README.md. YAML reads
/// JSON.
ConfigNode facts() {
  Diagnostics diagnostics;
  ConfigNode tree = read_yaml_file(kData + "facts.json", diagnostics);
  diagnostics.throw_if_any();
  return tree;
}

class CaffeFacts : public testing::TestWithParam<ConfigNode::Entry> {};

TEST_P(CaffeFacts, AreMetToTheUnit) {
  const auto& [file, place, fact] = GetParam();
  const CaffeNetwork read = shipped(file);
  const Complexity total = complexity(read.network);
  EXPECT_EQ(std::to_string(total.parameters), fact.find("params")->scalar);
  EXPECT_EQ(std::to_string(total.statistics), fact.find("bn_stats")->scalar);
  EXPECT_EQ(std::to_string(total.macs()), fact.find("macs_per_sample")->scalar);
  const std::string batch = fact.find("batch")->scalar;
  if (!batch.empty()) {
    EXPECT_EQ(std::to_string(read.batch), batch);
  }
}

TEST_P(CaffeFacts, SurviveYaml) {
  const Network network = shipped(GetParam().key).network;
  Diagnostics diagnostics;
  const ConfigNode tree = read_yaml(write_yaml(write_network(network)), "net.yaml", diagnostics);
  const Network again = read_network(tree, "net", diagnostics);
  diagnostics.throw_if_any();
  const Complexity total = complexity(network);
  EXPECT_EQ(complexity(again).parameters, total.parameters);
  for (const Phase phase : kPhases) EXPECT_EQ(complexity(again).phase(phase), total.phase(phase));
}

std::string test_name(const testing::TestParamInfo<ConfigNode::Entry>& info) {
  std::string name = info.param.key;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shipped, CaffeFacts, testing::ValuesIn(facts().entries), test_name);

TEST(Caffe, FindsFactsForEveryNetwork) {
  EXPECT_EQ(facts().entries.size(), 17);
}

// conv1: 96 filters of 11 x 11 over 3 channels, stride 4, on 227: (227 - 11) / 4 + 1 = 55.
// pool1: ceil((55 - 3) / 2) + 1 = 27. conv2: 256 filters, 2 groups, pad 2 of kernel 5: 27 again.
TEST(Caffe, FollowsAlexNetByHand) {
  const Network network = shipped("bvlc_alexnet/deploy.prototxt").network;
  EXPECT_EQ(layer_named(network, "conv1").output, (TensorShape{{96, 55, 55}}));
  EXPECT_EQ(layer_named(network, "pool1").output, (TensorShape{{96, 27, 27}}));
  EXPECT_EQ(layer_named(network, "conv2").output, (TensorShape{{256, 27, 27}}));
  EXPECT_EQ(std::get<Convolution>(layer_named(network, "conv2").op).groups, 2);
  EXPECT_EQ(complexity(network, layer_named(network, "conv1")).macs(), 96 * 55 * 55 * 3 * 121);
}

// ceil((112 - 3) / 2) + 1 = 56, where the ONNX of the same network has floor: 55.
TEST(Caffe, RoundsPoolingUpWhereOnnxRoundedDown) {
  const Network network = shipped("bvlc_googlenet/deploy.prototxt").network;
  EXPECT_EQ(layer_named(network, "pool1/3x3_s2").output, (TensorShape{{64, 56, 56}}));
  EXPECT_EQ(layer_named(network, "pool4/3x3_s2").output, (TensorShape{{832, 7, 7}}));
}

// The paper's conv4_3 to conv4_7 work on 14 x 14 (table 2: the stride lies in the 64-channel
// stage); here they are on 28 x 28, which is where 129 M more MACs come from.
TEST(Caffe, KeepsTheStrideOfIntelsMobileNetWhereItIs) {
  const Network network = shipped("mobilenet_v2/deploy.prototxt").network;
  EXPECT_EQ(layer_named(network, "conv4_4/dwise").output, (TensorShape{{384, 28, 28}}));
}

TEST(Caffe, NormalizesTheInputOfIntelsResNeXt) {
  const Network network = shipped("resnext_50/deploy.prototxt").network;
  const auto first =
      std::find_if(network.layers.begin(), network.layers.end(), [](const Layer& layer) {
        return std::holds_alternative<BatchNormalization>(layer.op);
      });
  ASSERT_NE(first, network.layers.end());
  EXPECT_EQ(first->output, (TensorShape{{3, 224, 224}}));
  EXPECT_EQ(complexity(network, *first).parameters, 6);
}

TEST(Caffe, WeighsTheAuxiliaryHeadsOfGoogLeNet) {
  const Network network = shipped("multinode/googlenet_4nodes/train_val.prototxt").network;
  std::vector<double> weights;
  for (const Layer& layer : network.layers) {
    if (const auto* loss = std::get_if<Loss>(&layer.op)) weights.push_back(loss->weight);
  }
  EXPECT_THAT(
      weights,
      testing::ElementsAre(testing::DoubleNear(0.3, 1e-6), testing::DoubleNear(0.3, 1e-6), 1.0));
}

TEST(Caffe, SaysWhatItDidWithTheRest) {
  const CaffeNetwork read =
      shipped("multinode/vgg_16_16nodes_1k_batch/train_val_ip_grad_compress.prototxt");
  EXPECT_THAT(read.lines,
              testing::ElementsAre("gradients of these layers are compressed: InnerProduct"));
  EXPECT_EQ(read.data, "examples/imagenet/ilsvrc12_train_lmdb");
  const Network resnet = shipped("multinode/default_resnet50_64nodes/train_val.prototxt").network;
  EXPECT_THAT(notes_of(resnet),
              testing::Contains("53 layers, the first \"scale_conv1\": is the scale and shift of "
                                "the batch normalisation before it"));
}

TEST(Caffe, ReadsThePhaseAskedFor) {
  const std::string net =
      "layer { name: 'data' type: 'Input' top: 'x' input_param { shape { dim: 2 dim: 3 } }"
      "        include { phase: TRAIN } }"
      "layer { name: 'data' type: 'Input' top: 'x' input_param { shape { dim: 5 dim: 7 } }"
      "        include { phase: TEST } }"
      "layer { name: 'drop' type: 'Dropout' bottom: 'x' top: 'x' exclude { phase: TEST } }";
  EXPECT_EQ(read_text(net).batch, 2);
  EXPECT_EQ(read_text(net).network.layers.size(), 2);
  CaffeOptions test;
  test.phase = CaffePhase::Test;
  EXPECT_EQ(read_text(net, test).batch, 5);
  EXPECT_EQ(last_shape(read_text(net, test)), (TensorShape{{7}}));
}

TEST(Caffe, ReadsTheOldSyntax) {
  const CaffeNetwork read = read_text(R"(
      input: "data"  input_dim: 10  input_dim: 3  input_dim: 8  input_dim: 8
      layers { name: "conv" type: CONVOLUTION bottom: "data" top: "conv" blobs_lr: 1 weight_decay: 1
               convolution_param { num_output: 4 kernel_size: 3 } }
      layers { name: "relu" type: RELU bottom: "conv" top: "conv" }
      layers { name: "loss" type: SOFTMAX_LOSS bottom: "conv" bottom: "data" top: "loss" })");
  EXPECT_EQ(read.batch, 10);
  const Layer& conv = layer_named(read.network, "conv");
  EXPECT_EQ(conv.output, (TensorShape{{4, 6, 6}}));
  EXPECT_EQ(complexity(read.network, conv).parameters, 4 * 3 * 9 + 4);
  EXPECT_TRUE(std::holds_alternative<Loss>(layer_named(read.network, "loss").op));
}

// Two layers that name the same blob of weights: 12 x 4 weights and 4 biases, counted once.
TEST(Caffe, CountsSharedWeightsOnce) {
  const CaffeNetwork read = read_layers("dim: 1 dim: 12", R"(
      layer { name: "a" type: "InnerProduct" bottom: "x" top: "a" inner_product_param { num_output: 4 }
              param { name: "w" } param { name: "b" } }
      layer { name: "b" type: "InnerProduct" bottom: "x" top: "b" inner_product_param { num_output: 4 }
              param { name: "w" } param { name: "b" } })");
  EXPECT_EQ(complexity(read.network).parameters, 52);
  EXPECT_EQ(complexity(read.network).macs(), 96);
}

TEST(Caffe, KeepsScaleApartWhereOthersTakeTheNormalizedBlob) {
  const std::string pair =
      "layer { name: 'bn' type: 'BatchNorm' bottom: 'x' top: 'bn' }"
      "layer { name: 'scale' type: 'Scale' bottom: 'bn' top: 's' scale_param { bias_term: true } }";
  EXPECT_EQ(read_layers("dim: 1 dim: 4 dim: 2 dim: 2", pair).network.layers.size(), 2);
  const CaffeNetwork apart = read_layers(
      "dim: 1 dim: 4 dim: 2 dim: 2",
      pair + "layer { name: 'sum' type: 'Eltwise' bottom: 'bn' bottom: 's' top: 'sum' }");
  EXPECT_EQ(apart.network.layers.size(), 4);
  EXPECT_EQ(complexity(apart.network).parameters, 8);
}

struct PoolingCase {
  std::string input;    // height and width
  std::string setting;  // of pooling_param
  std::int64_t output;
};

class CaffePooling : public testing::TestWithParam<PoolingCase> {};

// pooling_layer.cpp: ceil((size + 2 pad - kernel) / stride) + 1; with a pad, one less if the last
// window would begin at or after size + pad.
TEST_P(CaffePooling, RoundsAsCaffeDoes) {
  const auto& [size, setting, output] = GetParam();
  const CaffeNetwork read = read_layers(
      "dim: 1 dim: 2 dim: " + size + " dim: " + size,
      "layer { name: 'p' type: 'Pooling' bottom: 'x' top: 'p' pooling_param { pool: MAX " +
          setting + " } }");
  EXPECT_EQ(last_shape(read), (TensorShape{{2, output, output}}));
}

INSTANTIATE_TEST_SUITE_P(
    Sizes,
    CaffePooling,
    testing::Values(PoolingCase{"55", "kernel_size: 3 stride: 2", 27},
                    PoolingCase{"112", "kernel_size: 3 stride: 2", 56},  // 54.5 up
                    PoolingCase{"14", "kernel_size: 3 stride: 1 pad: 1", 14},
                    PoolingCase{"4", "kernel_size: 2 stride: 2 pad: 1", 3},
                    PoolingCase{"3", "kernel_size: 2 stride: 2 pad: 1", 2},  // 3, the last dropped
                    PoolingCase{"56", "kernel_size: 1 stride: 2", 29},       // 27.5 up, kept
                    PoolingCase{"6", "kernel_size: 7 stride: 7", 1},         // -1/7 up is 0
                    PoolingCase{"7", "global_pooling: true", 1},
                    PoolingCase{"112", "kernel_size: 3 stride: 2 round_mode: FLOOR", 55}));

struct LayerCase {
  std::string name;
  std::string input;  // shape, batch of 2 first
  std::string layer;
  std::vector<std::int64_t> output;
  std::int64_t parameters = 0;
  std::int64_t macs = 0;
};

class CaffeLayerTypes : public testing::TestWithParam<LayerCase> {};

TEST_P(CaffeLayerTypes, HaveTheirShapeWeightsAndWork) {
  const LayerCase& c = GetParam();
  const CaffeNetwork read = read_layers(c.input, "layer { name: 'l' bottom: 'x' " + c.layer + " }");
  EXPECT_EQ(last_shape(read).dimensions, c.output);
  EXPECT_EQ(complexity(read.network).parameters, c.parameters);
  EXPECT_EQ(complexity(read.network).macs(), c.macs);
}

const std::string kImage = "dim: 2 dim: 6 dim: 4 dim: 8";  // [6, 4, 8]: 192 elements

INSTANTIATE_TEST_SUITE_P(
    Each,
    CaffeLayerTypes,
    testing::Values(
        // 3 filters of [6, 1, 7], pad 3 across: 3 x 4 x 8 outputs of 42 taps.
        LayerCase{"Convolution",
                  kImage,
                  "type: 'Convolution' top: 'y' convolution_param { num_output: 3 kernel_h: 1 "
                  "kernel_w: 7 pad_w: 3 pad_h: 0 }",
                  {3, 4, 8},
                  3 * 42 + 3,
                  96 * 42},
        // Dilated by 2, a kernel of 3 spans 5: 4 - 5 + 2 + 1 = 2 rows, 6 columns.
        LayerCase{"Dilated",
                  kImage,
                  "type: 'Convolution' top: 'y' convolution_param { num_output: 2 kernel_size: 3 "
                  "dilation: 2 pad: 1 bias_term: false }",
                  {2, 2, 6},
                  2 * 54,
                  24 * 54},
        // One filter of 3 x 3 for each of 6 channels.
        LayerCase{"DepthWise",
                  kImage,
                  "type: 'ConvolutionDepthwise' top: 'y' convolution_param { num_output: 6 group: "
                  "6 kernel_size: 3 pad: 1 bias_term: false }",
                  {6, 4, 8},
                  54,
                  192 * 9},
        // [D, H, W]: one number for all axes.
        LayerCase{"Volume",
                  "dim: 2 dim: 1 dim: 4 dim: 4 dim: 4",
                  "type: 'Convolution' top: 'y' convolution_param { num_output: 2 kernel_size: 2 "
                  "stride: 2 }",
                  {2, 2, 2, 2},
                  18,
                  16 * 8},
        // (4 - 1) 2 - 2 + 4 = 8 rows, 16 columns; each input element meets 3 x 16 weights.
        LayerCase{"Deconvolution",
                  kImage,
                  "type: 'Deconvolution' top: 'y' convolution_param { num_output: 3 kernel_size: 4 "
                  "stride: 2 pad: 1 }",
                  {3, 8, 16},
                  6 * 3 * 16 + 3,
                  192 * 48},
        LayerCase{"InnerProduct",
                  kImage,
                  "type: 'InnerProduct' top: 'y' inner_product_param { num_output: 5 }",
                  {5},
                  192 * 5 + 5,
                  960},
        // Over the last axis alone: 24 positions share 8 x 5 weights.
        LayerCase{"InnerProductOfRows",
                  kImage,
                  "type: 'InnerProduct' top: 'y' inner_product_param { num_output: 5 axis: -1 }",
                  {6, 4, 5},
                  45,
                  24 * 40},
        LayerCase{"Embed",
                  "dim: 2 dim: 7",
                  "type: 'Embed' top: 'y' embed_param { num_output: 5 input_dim: 100 }",
                  {7, 5},
                  505,
                  0},
        LayerCase{"Scale",
                  kImage,
                  "type: 'Scale' top: 'y' scale_param { bias_term: true }",
                  {6, 4, 8},
                  12,
                  0},
        LayerCase{"ScaleOfOneNumber",
                  kImage,
                  "type: 'Scale' top: 'y' scale_param { num_axes: 0 }",
                  {6, 4, 8},
                  1,
                  0},
        LayerCase{"ScaleOfEverything",
                  kImage,
                  "type: 'Scale' top: 'y' scale_param { num_axes: -1 }",
                  {6, 4, 8},
                  192,
                  0},
        LayerCase{"ScaleOfRows",
                  kImage,
                  "type: 'Scale' top: 'y' scale_param { axis: 2 }",
                  {6, 4, 8},
                  4,
                  0},
        LayerCase{"Bias", kImage, "type: 'Bias' top: 'y'", {6, 4, 8}, 6, 0},
        LayerCase{
            "NormOfPositions",
            kImage,
            "type: 'Normalize' top: 'y' norm_param { across_spatial: false channel_shared: false }",
            {6, 4, 8},
            6,
            0},
        LayerCase{"NormOfSamples", kImage, "type: 'Normalize' top: 'y'", {6, 4, 8}, 1, 0},
        LayerCase{"PReLU", kImage, "type: 'PReLU' top: 'y'", {6, 4, 8}, 6, 0},
        LayerCase{"PReLUOfOneSlope",
                  kImage,
                  "type: 'PReLU' top: 'y' prelu_param { channel_shared: true }",
                  {6, 4, 8},
                  1,
                  0},
        LayerCase{"LRN",
                  kImage,
                  "type: 'LRN' top: 'y' lrn_param { norm_region: WITHIN_CHANNEL local_size: 3 }",
                  {6, 4, 8},
                  0,
                  0},
        LayerCase{"MVN",
                  kImage,
                  "type: 'MVN' top: 'y' mvn_param { across_channels: true }",
                  {6, 4, 8},
                  0,
                  0},
        LayerCase{"Power",
                  kImage,
                  "type: 'Power' top: 'y' power_param { power: 2 scale: 3 shift: 1 }",
                  {6, 4, 8},
                  0,
                  0},
        LayerCase{"Exp", kImage, "type: 'Exp' top: 'y' exp_param { base: 2 }", {6, 4, 8}, 0, 0},
        LayerCase{"Log", kImage, "type: 'Log' top: 'y' log_param { base: 10 }", {6, 4, 8}, 0, 0},
        LayerCase{"Flatten", kImage, "type: 'Flatten' top: 'y'", {192}, 0, 0},
        LayerCase{"FlattenOfPositions",
                  kImage,
                  "type: 'Flatten' top: 'y' flatten_param { axis: 2 }",
                  {6, 32},
                  0,
                  0},
        LayerCase{
            "Reshape",
            kImage,
            "type: 'Reshape' top: 'y' reshape_param { shape { dim: 0 dim: 3 dim: -1 dim: 4 } }",
            {3, 16, 4},
            0,
            0},
        LayerCase{"ReshapeOfAnAxis",
                  kImage,
                  "type: 'Reshape' top: 'y' reshape_param { axis: 1 num_axes: 1 shape { dim: 2 "
                  "dim: 3 } }",
                  {2, 3, 4, 8},
                  0,
                  0},
        LayerCase{"Permute",
                  kImage,
                  "type: 'Permute' top: 'y' permute_param { order: 0 order: 2 order: 3 }",
                  {4, 8, 6},
                  0,
                  0},
        LayerCase{"Tile",
                  kImage,
                  "type: 'Tile' top: 'y' tile_param { axis: 2 tiles: 3 }",
                  {6, 12, 8},
                  0,
                  0},
        // 4 + 3 (2 - 1) = 7 rows; 8 + 7 = 15 columns.
        LayerCase{"Interp",
                  kImage,
                  "type: 'Interp' top: 'y' interp_param { zoom_factor: 2 }",
                  {6, 7, 15},
                  0,
                  0},
        LayerCase{"Upsample",
                  kImage,
                  "type: 'Upsample' top: 'y' upsample_param { scale: 2 }",
                  {6, 8, 16},
                  0,
                  0},
        LayerCase{"ShuffleChannel",
                  kImage,
                  "type: 'ShuffleChannel' top: 'y' shuffle_channel_param { group: 3 }",
                  {6, 4, 8},
                  0,
                  0},
        LayerCase{"Reduction",
                  kImage,
                  "type: 'Reduction' top: 'y' reduction_param { axis: 2 operation: MEAN }",
                  {6},
                  0,
                  0},
        LayerCase{
            "ArgMax", kImage, "type: 'ArgMax' top: 'y' argmax_param { axis: 1 }", {4, 8}, 0, 0},
        LayerCase{"Softmax", kImage, "type: 'Softmax' top: 'y'", {6, 4, 8}, 0, 0},
        LayerCase{"Split", kImage, "type: 'Split' top: 'y' top: 'z'", {6, 4, 8}, 0, 0},
        LayerCase{"Slice",
                  kImage,
                  "type: 'Slice' top: 'y' top: 'z' slice_param { slice_point: 2 }",
                  {4, 4, 8},
                  0,
                  0},
        LayerCase{"SliceEvenly",
                  kImage,
                  "type: 'Slice' top: 'y' top: 'z' top: 'w' slice_param { axis: 1 }",
                  {2, 4, 8},
                  0,
                  0},
        LayerCase{
            "FusedRelu",
            kImage,
            "type: 'BatchNorm' top: 'y' batch_norm_param { relu: true use_weight_bias: true }",
            {6, 4, 8},
            12,
            0}),
    [](const auto& tested) { return tested.param.name; });

// T = 5 steps of N = 2 samples, 3 numbers each. LSTM: 4 gates of 4 units over 3 inputs and 4
// states, one bias: 4 (4 x 3 + 4 x 4 + 4) = 128 parameters; 4 x 4 x 7 MACs a step.
TEST(Caffe, ReadsRecurrentLayersWithTimeFirst) {
  const CaffeNetwork read = read_text(R"(
      layer { name: "x" type: "Input" top: "x" top: "cont"
              input_param { shape { dim: 5 dim: 2 dim: 3 } shape { dim: 5 dim: 2 } } }
      layer { name: "lstm" type: "LSTM" bottom: "x" bottom: "cont" top: "h"
              recurrent_param { num_output: 4 } }
      layer { name: "fc" type: "InnerProduct" bottom: "h" top: "fc"
              inner_product_param { num_output: 10 axis: 2 } }
      layer { name: "p" type: "Softmax" bottom: "fc" top: "p" softmax_param { axis: 2 } })");
  EXPECT_EQ(read.batch, 2);
  EXPECT_EQ(last_shape(read), (TensorShape{{5, 10}}));
  EXPECT_EQ(complexity(read.network).parameters, 128 + 50);
  EXPECT_EQ(complexity(read.network).macs(), 5 * (4 * 4 * 7 + 40));
}

TEST(Caffe, CombinesWhatTwoLayersCompute) {
  // SENet: a number for each channel times the channel, plus the shortcut.
  const CaffeNetwork read = read_layers(kImage, R"(
      layer { name: "a" type: "Pooling" bottom: "x" top: "a" pooling_param { pool: AVE global_pooling: true } }
      layer { name: "y" type: "Axpy" bottom: "a" bottom: "x" bottom: "x" top: "y" }
      layer { name: "f" type: "Flatten" bottom: "a" top: "f" }
      layer { name: "z" type: "Scale" bottom: "y" bottom: "f" top: "z" scale_param { axis: 0 } })");
  EXPECT_EQ(last_shape(read), (TensorShape{{6, 4, 8}}));
}

TEST(Caffe, CutsToTheSizeOfAnother) {
  const CaffeNetwork read = read_layers(kImage, R"(
      layer { name: "p" type: "Pooling" bottom: "x" top: "p" pooling_param { pool: MAX kernel_size: 2 } }
      layer { name: "c" type: "Crop" bottom: "x" bottom: "p" top: "c" crop_param { offset: 1 } })");
  EXPECT_EQ(last_shape(read), (TensorShape{{6, 3, 7}}));
}

TEST(Caffe, TakesTheShapeOfSamplesFromWhereTheyAreDescribed) {
  const auto shape_of = [](const std::string& layer) {
    return last_shape(read_text("layer { name: 'd' top: 'd' top: 'label' " + layer + " }"));
  };
  EXPECT_EQ(
      shape_of(
          "type: 'MemoryData' memory_data_param { batch_size: 2 channels: 4 height: 5 width: 6 }"),
      (TensorShape{{4, 5, 6}}));
  EXPECT_EQ(
      shape_of("type: 'ImageData' image_data_param { new_height: 5 new_width: 6 is_color: false }"),
      (TensorShape{{1, 5, 6}}));
  EXPECT_EQ(shape_of("type: 'Data' transform_param { crop_size: 9 mean_value: 1 mean_value: 2 }"),
            (TensorShape{{2, 9, 9}}));
  EXPECT_EQ(
      shape_of("type: 'DummyData' dummy_data_param { num: 2 channels: 3 height: 4 width: 5 }"),
      (TensorShape{{3, 4, 5}}));
}

TEST(Caffe, NotesFieldsThatItDoesNotKnow) {
  const CaffeNetwork read = read_text(
      "fancy: 3\n"
      "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 2 } } }\n"
      "layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'x' colour { red: 1 } relu_param { engine: "
      "MKL2017 } }\n"
      "layer { name: 's' type: 'ReLU' bottom: 'x' top: 'x' colour { red: 2 } }");
  EXPECT_THAT(
      notes_of(read.network),
      testing::ElementsAre("field \"colour\": not known, and ignored (first in line 3, 2 times)",
                           "field \"engine\": not known, and ignored (first in line 3)",
                           "field \"fancy\": not known, and ignored (first in line 1)"));
}

}  // namespace

}  // namespace omniphi::models
