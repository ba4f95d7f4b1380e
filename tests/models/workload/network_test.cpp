#include "models/workload/network.h"

#include <gtest/gtest.h>

namespace omniphi::models {
namespace {

class NetworkBuilderTest : public testing::Test {
 protected:
  void add(const std::string& name, Op op, std::vector<std::string> inputs) {
    builder_.add(name, std::move(op), std::move(inputs), {file_, ++line_, 3});
  }

  Network finish() {
    Diagnostics diagnostics;
    Network network = std::move(builder_).finish(diagnostics);
    diagnostics.throw_if_any();
    return network;
  }

  std::string faults() {
    try {
      finish();
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  }

  static std::string order(const Network& network) {
    std::string names;
    for (const Layer& layer : network.layers) names += layer.name + ' ';
    return names;
  }

 private:
  NetworkBuilder builder_;
  std::shared_ptr<const std::string> file_ = std::make_shared<const std::string>("n.yaml");
  int line_ = 0;
};

const Input kInput{.shape = {8, 4, 4}};

TEST_F(NetworkBuilderTest, KeepsAnOrderThatPutsInputsFirst) {
  add("z", kInput, {});
  add("b", Activation{}, {"z"});
  add("a", Activation{}, {"z"});
  add("sum", ElementWise{}, {"a", "b"});
  EXPECT_EQ(order(finish()), "z b a sum ");
}

TEST_F(NetworkBuilderTest, PutsInputsBeforeTheirUsers) {
  add("prob", Softmax{}, {"fc"});
  add("fc", InnerProduct{.features = 10}, {"data"});
  add("data", kInput, {});
  const Network network = finish();
  EXPECT_EQ(order(network), "data fc prob ");
  EXPECT_EQ(network.layers[2].output, (TensorShape{{10}}));
  EXPECT_EQ(network.input_shapes(network.layers[1]), (std::vector<TensorShape>{{{8, 4, 4}}}));
}

TEST_F(NetworkBuilderTest, LetsALayerTakeTheSameInputTwice) {
  add("x", kInput, {});
  add("double", ElementWise{}, {"x", "x"});
  const Network network = finish();
  EXPECT_EQ(network.layers[1].inputs, (std::vector{LayerId(0), LayerId(0)}));
}

TEST_F(NetworkBuilderTest, ReportsAllWrongNamesAtOnce) {
  add("conv1", kInput, {});
  add("relu", Activation{}, {"conv2"});
  add("conv1", Activation{}, {"something_else"});
  EXPECT_EQ(faults(),
            "n.yaml:3:3: conv1: another layer has this name\n"
            "n.yaml:2:3: relu: there is no layer \"conv2\" (did you mean \"conv1\"?)\n"
            "n.yaml:3:3: conv1: there is no layer \"something_else\"");
}

TEST_F(NetworkBuilderTest, NamesTheLayersOfACycle) {
  add("data", kInput, {});
  add("a", ElementWise{}, {"data", "c"});
  add("b", Activation{}, {"a"});
  add("c", Activation{}, {"b"});
  EXPECT_EQ(faults(), "n.yaml:2:3: a: its inputs lead back to itself: a -> c -> b -> a");
}

TEST_F(NetworkBuilderTest, NamesALayerThatTakesItself) {
  add("a", Activation{}, {"a"});
  EXPECT_EQ(faults(), "n.yaml:1:3: a: its inputs lead back to itself: a -> a");
}

TEST_F(NetworkBuilderTest, ShortensALongCycle) {
  for (int i = 0; i < 12; ++i) {
    add(std::to_string(i), Activation{}, {std::to_string((i + 1) % 12)});
  }
  EXPECT_EQ(faults(),
            "n.yaml:1:3: 0: its inputs lead back to itself: "
            "0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> 9 -> ... (12 layers) -> 0");
}

TEST_F(NetworkBuilderTest, ReportsAShapeFaultOnceAndNotForTheLayersThatFollow) {
  add("data", kInput, {});
  add("fc", InnerProduct{.features = 0}, {"data"});
  add("relu", Activation{}, {"fc"});
  add("turn", Transpose{.order = {1}}, {"data"});
  EXPECT_EQ(faults(),
            "n.yaml:2:3: fc: every dimension must be at least 1, got 0\n"
            "n.yaml:4:3: turn: order must name each of the 3 axes of the input once");
}

TEST_F(NetworkBuilderTest, NeedsALayer) {
  EXPECT_EQ(faults(), "layers: a network needs at least one layer");
}

TEST_F(NetworkBuilderTest, SortsAChainThatIsAsLongAsItMayBe) {
  add("0", kInput, {});
  for (std::size_t i = 1; i < kMostLayers; ++i) {
    add(std::to_string(i), Activation{}, {std::to_string(i - 1)});
  }
  EXPECT_EQ(finish().layers.size(), kMostLayers);
}

TEST_F(NetworkBuilderTest, RefusesALongerOne) {
  for (std::size_t i = 0; i <= kMostLayers; ++i) add(std::to_string(i), kInput, {});
  EXPECT_EQ(faults(), "n.yaml:100001:3: layers: more than 100000 layers or 1000000 connections");
}

}  // namespace
}  // namespace omniphi::models
