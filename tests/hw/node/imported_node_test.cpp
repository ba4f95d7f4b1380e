#include "hw/node/imported_node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"
#include "hw/node/node.h"
#include "tests/support/catalog_parts.h"
#include "tests/support/faults.h"

namespace omniphi::hw {
namespace {

using testing::Contains;
using testing::IsEmpty;

HardwareTopology captured(const std::string& name) {
  return read_hwloc_xml(OMNIPHI_SOURCE_DIR "/tests/data/hwloc/" + name);
}

ImportedNode imported(const std::string& name) {
  return imported_node(captured(name), test::catalog());
}

ManyCoreCpu cpu(const ConfigNode& tree) {
  Diagnostics diagnostics;
  Part<Node> node;
  detail::read_value(tree, "", node, {}, {test::catalog(), diagnostics});
  EXPECT_EQ(test::faults(diagnostics), "");
  return std::get<ManyCoreCpu>(node->kind);
}

TEST(ProcessorName, LeavesOutTradeMarksMakerAndClock) {
  EXPECT_EQ(processor_name("Intel(R) Xeon Phi(TM) CPU 7210 @ 1.30GHz"), "Xeon Phi 7210");
  EXPECT_EQ(processor_name("Intel(R) Xeon(R) Gold 6148 CPU @ 2.40GHz"), "Xeon Gold 6148");
  EXPECT_EQ(processor_name("Intel(R) Xeon(R) CPU E5-2699 v4 @ 2.20GHz"), "Xeon E5-2699 v4");
  EXPECT_EQ(processor_name(""), "");
}

TEST(ImportedNode, IsTheCatalogEntryOfItsProcessor) {
  const ImportedNode node = imported("Intel-KnightsLanding-XeonPhi-7210.xml");
  EXPECT_EQ(node.base, "knl-7210");
  EXPECT_THAT(node.missing, IsEmpty());
  EXPECT_EQ(write_yaml(node.tree),
            "base: knl-7210\n"
            "source: \"counts and sizes: the machine's own word, read with hwloc; the rest as "
            "knl-7210\"\n");
  EXPECT_THAT(node.notes, Contains("Its fast memory is not told; that of knl-7210 is kept."));
  EXPECT_EQ(cpu(node.tree).peak(NumberFormat::Fp32), FlopsPerSecond(5.3248e12));
}

TEST(ImportedNode, SaysWhatDiffersFromIt) {
  const ImportedNode node = imported("hwloc-affinity-knl.xml");
  EXPECT_EQ(node.base, "knl-7210");
  const ManyCoreCpu machine = cpu(node.tree);
  EXPECT_EQ(machine.main_memory.capacity, Bytes(102'947'180'544));
  EXPECT_EQ(machine.main_memory.peak_bandwidth, BytesPerSecond(102.4e9));
  EXPECT_FALSE(node.tree.find("fast_memory")) << "16 GiB, as the entry has it";
  EXPECT_THAT(node.notes, Contains("Set up with cluster_mode: snc-4."));
  EXPECT_THAT(node.notes, Contains("Set up with memory_mode: flat."));
}

TEST(ImportedNode, TellsTheMemoryModeByTheShareThatIsACache) {
  // 8 of 16 GiB of MCDRAM are a cache.
  EXPECT_THAT(imported("64intel64-fakeKNL-SNC4-hybrid.xml").notes,
              Contains("Set up with memory_mode: hybrid-50."));
}

TEST(ImportedNode, TakesFewerCoresAndThreads) {
  HardwareTopology machine = captured("Intel-KnightsLanding-XeonPhi-7210.xml");
  machine.cores = 60;
  machine.threads = 60;
  const ManyCoreCpu node = cpu(imported_node(machine, test::catalog()).tree);
  EXPECT_EQ(node.cores, 60);
  EXPECT_EQ(node.threads_per_core, 1);
}

TEST(ImportedNode, FindsAnEntryOfAsManySockets) {
  HardwareTopology machine = captured("Intel-Skylake-2xXeon6140.xml");
  machine.cpu_model = "Intel(R) Xeon(R) Platinum 8180 CPU @ 2.50GHz";
  EXPECT_EQ(imported_node(machine, test::catalog()).base, "skx-8180-2s");
  machine.packages = 1;
  EXPECT_EQ(imported_node(machine, test::catalog()).base, "");
}

TEST(ImportedNode, OfAnUnknownProcessorNamesWhatIsMissing) {
  HardwareTopology machine = captured("Intel-Skylake-2xXeon6140.xml");
  EXPECT_EQ(imported_node(machine, test::catalog()).base, "skx-6140-2s");
  machine.cpu_model = "Intel(R) Xeon(R) Gold 6142 CPU @ 2.60GHz";
  const ImportedNode node = imported_node(machine, test::catalog());
  EXPECT_EQ(node.base, "");
  EXPECT_EQ(node.tree.find("kind")->scalar, "many-core-cpu");
  EXPECT_EQ(node.tree.find("processor")->scalar, "Xeon Gold 6142");
  EXPECT_EQ(node.tree.find("sockets")->scalar, "2");
  EXPECT_EQ(node.tree.find("cores")->scalar, "36");
  EXPECT_EQ(node.tree.find("l3")->find("size")->scalar, "24.75 MiB");
  EXPECT_FALSE(node.tree.find("main_memory")) << "no size, so nothing to say";
  EXPECT_THAT(node.missing, Contains("the key \"clock\" is missing: clock rates"));
  EXPECT_THAT(
      node.missing,
      Contains("l3: the key \"read_bytes_per_cycle\" is missing: bytes a core cycle read from it"));
  EXPECT_THAT(node.notes, Contains("The sizes of its memories are not told."));
}

}  // namespace
}  // namespace omniphi::hw
