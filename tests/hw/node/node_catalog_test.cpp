#include <cctype>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "hw/node/node.h"
#include "tests/support/catalog_parts.h"
#include "tests/support/faults.h"

namespace omniphi::hw {
namespace {

Node node(std::string_view id) {
  Diagnostics diagnostics;
  Node out;
  read_part(id, {}, "", out, {test::catalog(), diagnostics});
  diagnostics.throw_if_any();
  return out;
}

double peak(std::string_view id, NumberFormat format) {
  return std::visit([&](const auto& kind) { return kind.peak(format).value(); }, node(id).kind);
}

TEST(NodeCatalog, HasNoFaultyEntry) {
  const std::vector<std::string> ids = test::catalog().ids(Node::folder);
  EXPECT_GE(ids.size(), 19u);
  for (const std::string& id : ids) EXPECT_NO_THROW(node(id)) << id;
}

struct Peak {
  std::string id;
  double fp32 = 0;  // flop/s
  double fp64 = 0;
};

class NodePeak : public testing::TestWithParam<Peak> {};

TEST_P(NodePeak, IsUnitsTimesFlopOfACycleTimesClock) {
  EXPECT_DOUBLE_EQ(peak(GetParam().id, NumberFormat::Fp32), GetParam().fp32);
  EXPECT_DOUBLE_EQ(peak(GetParam().id, NumberFormat::Fp64), GetParam().fp64);
}

std::string test_name(const testing::TestParamInfo<Peak>& info) {
  std::string name;
  for (const char c : info.param.id) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Catalog,
    NodePeak,
    testing::Values(
        Peak{"knl-7210", 5.3248e12, 2.6624e12},          // 64 x 64, 32 x 1.3 GHz
        Peak{"knl-7230", 5.3248e12, 2.6624e12},          // the same
        Peak{"knl-7250", 6.0928e12, 3.0464e12},          // 68 x 64, 32 x 1.4 GHz
        Peak{"knl-7250f", 6.0928e12, 3.0464e12},         // the same
        Peak{"knl-7290", 6.912e12, 3.456e12},            // 72 x 64, 32 x 1.5 GHz
        Peak{"knm-7295", 13.824e12, 1.728e12},           // 72 x 128, 16 x 1.5 GHz [Fuse2017]
        Peak{"skx-8180-2s", 8.96e12, 4.48e12},           // 2 x 28 x 64, 32 x 2.5 GHz
        Peak{"skx-8160-2s", 6.4512e12, 3.2256e12},       // 2 x 24 x 64, 32 x 2.1 GHz
        Peak{"skx-6148-2s", 6.144e12, 3.072e12},         // 2 x 20 x 64, 32 x 2.4 GHz
        Peak{"skx-8124m-2s", 6.912e12, 3.456e12},        // 2 x 18 x 64, 32 x 3.0 GHz
        Peak{"skx-6132-2s", 4.6592e12, 2.3296e12},       // 2 x 14 x 64, 32 x 2.6 GHz
        Peak{"skx-6140-2s", 5.2992e12, 2.6496e12},       // 2 x 18 x 64, 32 x 2.3 GHz
        Peak{"icx-8380-2s", 11.776e12, 5.888e12},        // 2 x 40 x 64, 32 x 2.3 GHz
        Peak{"bdw-e5-2699v4-2s", 3.0976e12, 1.5488e12},  // 2 x 22 x 32, 16 x 2.2 GHz
        Peak{"bdw-e5-2680v4-2s", 2.1504e12, 1.0752e12},  // 2 x 14 x 32, 16 x 2.4 GHz
        Peak{"hsw-e5-2698v3-2s", 2.3552e12, 1.1776e12},  // 2 x 16 x 32, 16 x 2.3 GHz
        Peak{"hsw-e5-2666v3-2s", 1.6704e12, 0.8352e12},  // 18 x 32, 16 x 2.9 GHz
        Peak{"p100", 9.526272e12, 4.763136e12},  // 56 x 128, 64 x 1.329 GHz: 9.5 [DeepBench2017]
        Peak{"v100", 15.6672e12, 7.8336e12},     // 80 x 128, 64 x 1.53 GHz: 15.7
        Peak{"m40", 6.844416e12, 0.213888e12},   // 24 x 256, 8 x 1.114 GHz: 6.8
        Peak{"titanx-pascal", 12.1856e12, 0.3808e12},  // 28 x 256, 8 x 1.7 GHz; 10.97 as quoted
        Peak{"mi25", 12.288e12, 0.768e12}),            // 64 x 128, 8 x 1.5 GHz: 12.3
    test_name);

TEST(NodeCatalog, TwoSocketsAreTheSumOfBoth) {
  const ManyCoreCpu cpu = test::cpu("skx-8180-2s");
  EXPECT_EQ(cpu.sockets, 2);
  // 2 sockets x 6 channels x 8 bytes x 2.6667 GT/s
  EXPECT_NEAR(cpu.main_memory.peak_bandwidth.value(), 2 * 6 * 8 * 2.6667e9, 0.2e9);
  // Each socket has its own L3.
  EXPECT_EQ(cpu.l3->size, Bytes(38.5 * 1024 * 1024));
  EXPECT_EQ(cpu.l3->cores, 28);
}

TEST(NodeCatalog, SustainsNoMoreThanTheInterfaceGives) {
  for (const std::string& id : test::catalog().ids(Node::folder)) {
    const Node part = node(id);
    const auto* cpu = std::get_if<ManyCoreCpu>(&part.kind);
    if (!cpu) continue;
    EXPECT_LE(cpu->main_memory.stream_bandwidth.value, cpu->main_memory.peak_bandwidth) << id;
    EXPECT_LE(cpu->clock.vector, cpu->clock.nominal) << id;
  }
}

TEST(NodeCatalog, SaysThatNobodySellsAPart) {
  const NodePrice price = node("skx-8124m-2s").price();
  EXPECT_FALSE(price.processor.known());
  EXPECT_TRUE(price.platform.known());
}

TEST(NodeCatalog, HasGpusThatComputeAtAnotherClockThanTheQuotedOne) {
  const Node m40 = node("m40");
  const Gpu& slower = std::get<Gpu>(m40.kind);
  EXPECT_EQ(slower.working_clock(), Hertz(948e6));
  EXPECT_NEAR(slower.peak(NumberFormat::Fp32).value(), 24 * 256 * 1.114e9, 1);
  const Node v100 = node("v100");
  const Gpu& quoted = std::get<Gpu>(v100.kind);
  EXPECT_EQ(quoted.working_clock(), quoted.clock);
  // Tensor cores: 80 x 1024 flop a cycle; nothing of the kind for fp32.
  EXPECT_NEAR(quoted.peak(NumberFormat::Fp16).value(), 80 * 1024 * 1.53e9, 1);
  EXPECT_EQ(quoted.matrix_lanes(NumberFormat::Fp32), quoted.lanes(NumberFormat::Fp32));
}

TEST(Node, TellsWhatEveryKindHas) {
  const Node gpu = node("v100");
  EXPECT_EQ(gpu.kind_name(), "gpu");
  EXPECT_EQ(gpu.power().limit, Watts(300));
  EXPECT_EQ(gpu.adapter().ports, 1);
  EXPECT_EQ(gpu.price().processor.value, Usd(9000));
  EXPECT_EQ(node("knl-7210").kind_name(), "many-core-cpu");
  EXPECT_EQ(node("knl-7210").price().processor.value, Usd(2438));
}

TEST(Node, IsWrittenAsItIsRead) {
  const Node gpu = node("v100");
  Diagnostics diagnostics;
  Node again;
  Node::read(gpu.write(), "", again, {}, {test::catalog(), diagnostics});
  EXPECT_EQ(test::faults(diagnostics), "");
  EXPECT_EQ(write_yaml(again.write()), write_yaml(gpu.write()));
}

TEST(Node, NamesTheKindsThereAre) {
  Diagnostics diagnostics;
  Node out;
  const ConfigNode tree = read_yaml("kind: gpv", "n.yaml", diagnostics);
  Node::read(tree, "node", out, {}, {test::catalog(), diagnostics});
  EXPECT_EQ(test::faults(diagnostics),
            "n.yaml:1:7: node.kind: expected one of many-core-cpu, gpu, got \"gpv\" (did you mean "
            "\"gpu\"?)");
}

}  // namespace
}  // namespace omniphi::hw
