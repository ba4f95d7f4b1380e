#include "hw/node/hwloc.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "hw/base/error.h"

namespace omniphi::hw {
namespace {

constexpr double kGiB = 1024.0 * 1024 * 1024;

std::filesystem::path data(const std::string& name) {
  return OMNIPHI_SOURCE_DIR "/tests/data/hwloc/" + name;
}

std::string contents(const std::string& name) {
  std::ifstream stream(data(name));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// What is said of a text as "bad.xml"; "" if nothing.
std::string fault(const std::string& xml) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("omniphi-hwloc-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::filesystem::path file = folder / "bad.xml";
  std::ofstream(file) << xml;
  std::string what;
  try {
    read_hwloc_xml(file);
  } catch (const ConfigError& error) {
    what = error.what();
  }
  std::filesystem::remove_all(folder);
  const std::string prefix = folder.string() + "/";
  return what.starts_with(prefix) ? what.substr(prefix.size()) : what;
}

std::vector<int> indices(const HardwareTopology& machine, MemoryKind kind) {
  std::vector<int> found;
  for (const NumaNode& memory : machine.memories) {
    if (memory.kind == kind) found.push_back(memory.index);
  }
  return found;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

TEST(Hwloc, CountsTheCoresOfAKnightsLanding) {
  const HardwareTopology machine = read_hwloc_xml(data("Intel-KnightsLanding-XeonPhi-7210.xml"));
  EXPECT_EQ(machine.cpu_model, "Intel(R) Xeon Phi(TM) CPU 7210 @ 1.30GHz");
  EXPECT_EQ(machine.packages, 1);
  EXPECT_EQ(machine.cores, 64);
  EXPECT_EQ(machine.threads, 256);
  ASSERT_TRUE(machine.cache(1) && machine.cache(2));
  EXPECT_EQ(machine.cache(1)->size, Bytes(32 * 1024));
  EXPECT_EQ(machine.cache(1)->count, 64);
  EXPECT_EQ(machine.cache(2)->size, Bytes(1024 * 1024));
  EXPECT_EQ(machine.cache(2)->count, 32);
  EXPECT_EQ(machine.cache(2)->cores, 2);
  EXPECT_FALSE(machine.cache(3));
  // Made from CPUID, which knows no memory.
  EXPECT_EQ(machine.capacity(MemoryKind::Main), Bytes(0));
  EXPECT_FALSE(machine.cluster_mode);
}

TEST(Hwloc, TellsMcdramFromDdrInSnc4) {
  const HardwareTopology machine = read_hwloc_xml(data("hwloc-affinity-knl.xml"));
  EXPECT_EQ(machine.cores, 64);
  EXPECT_EQ(machine.threads, 256);
  EXPECT_EQ(indices(machine, MemoryKind::Main), (std::vector{0, 1, 2, 3}));
  EXPECT_EQ(indices(machine, MemoryKind::Fast), (std::vector{4, 5, 6, 7}));
  EXPECT_EQ(machine.memories[4].capacity, Bytes(4 * kGiB));
  EXPECT_EQ(machine.memories[4].cores, 16);
  EXPECT_EQ(machine.capacity(MemoryKind::Fast), Bytes(16 * kGiB));
  // 25637769216 + 3 x 24 GiB
  EXPECT_EQ(machine.capacity(MemoryKind::Main), Bytes(102'947'180'544));
  EXPECT_EQ(machine.cluster_mode, ClusterMode::Snc4);
  EXPECT_EQ(machine.side_cache(), Bytes(0));
}

TEST(Hwloc, TellsMemoriesApartWithoutTheirNames) {
  // An older hwloc names none: of the memories near the same cores, the smaller is MCDRAM.
  const std::string nameless =
      replaced(contents("hwloc-affinity-knl.xml"), " subtype=\"MCDRAM\"", "");
  const auto file = std::filesystem::temp_directory_path() /
                    ("omniphi-nameless-" + std::to_string(getpid()) + ".xml");
  std::ofstream(file) << nameless;
  const HardwareTopology machine = read_hwloc_xml(file);
  std::filesystem::remove(file);
  EXPECT_EQ(indices(machine, MemoryKind::Fast), (std::vector{4, 5, 6, 7}));
  EXPECT_EQ(machine.memories[4].cores, 16);
  EXPECT_EQ(machine.cluster_mode, ClusterMode::Snc4);
}

TEST(Hwloc, TellsMemoriesApartByTheirTiers) {
  std::string tiers =
      replaced(contents("64intel64-fakeKNL-SNC4-hybrid.xml"), " subtype=\"MCDRAM\"", "");
  tiers = replaced(replaced(tiers, " subtype=\"DRAM\"", ""), "value=\"87\"", "value=\"1\"");
  const auto file = std::filesystem::temp_directory_path() /
                    ("omniphi-tiers-" + std::to_string(getpid()) + ".xml");
  std::ofstream(file) << tiers;
  const HardwareTopology machine = read_hwloc_xml(file);
  std::filesystem::remove(file);
  EXPECT_EQ(indices(machine, MemoryKind::Fast), (std::vector{4, 5, 6, 7}));
}

TEST(Hwloc, CountsWhatIsSetUpAsACache) {
  const HardwareTopology machine = read_hwloc_xml(data("64intel64-fakeKNL-SNC4-hybrid.xml"));
  EXPECT_EQ(machine.cores, 16);
  EXPECT_EQ(machine.threads, 64);
  EXPECT_EQ(indices(machine, MemoryKind::Fast), (std::vector{4, 5, 6, 7}));
  // Half of 16 GiB: 2 GiB of each quadrant, listed as an L3 that is no cache of the cores.
  EXPECT_EQ(machine.side_cache(), Bytes(8 * kGiB));
  EXPECT_EQ(machine.capacity(MemoryKind::Fast), Bytes(16 * kGiB));
  EXPECT_EQ(machine.capacity(MemoryKind::Main), Bytes(4 * kGiB));
  EXPECT_FALSE(machine.cache(3));
  EXPECT_EQ(machine.cluster_mode, ClusterMode::Snc4);
}

TEST(Hwloc, TakesItsWordForTheClusterMode) {
  const HardwareTopology machine =
      read_hwloc_xml(data("8intel64-fakeKNL-A2A-hybrid.rootattachednumas.xml"));
  EXPECT_EQ(machine.cluster_mode, ClusterMode::AllToAll);
  EXPECT_EQ(machine.packages, 0);
  EXPECT_EQ(machine.cores, 4);
  EXPECT_EQ(indices(machine, MemoryKind::Fast), std::vector{1});
  EXPECT_EQ(machine.memories[1].capacity, Bytes(8 * kGiB));
  EXPECT_EQ(machine.memories[1].side_cache, Bytes(10'000'000));
}

TEST(Hwloc, ReadsTwoSocketsOfAXeon) {
  const HardwareTopology machine = read_hwloc_xml(data("Intel-Skylake-2xXeon6140.xml"));
  EXPECT_EQ(machine.packages, 2);
  EXPECT_EQ(machine.cores, 36);
  EXPECT_EQ(machine.threads, 72);
  ASSERT_TRUE(machine.cache(3));
  EXPECT_EQ(machine.cache(3)->size, Bytes(24.75 * 1024 * 1024));
  EXPECT_EQ(machine.cache(3)->cores, 18);
}

TEST(Hwloc, RefusesWhatIsNoTopology) {
  EXPECT_EQ(fault(""), "bad.xml: this is not hwloc's XML: its root element is not \"topology\"");
  EXPECT_EQ(fault("<platform version=\"4.1\"></platform>"),
            "bad.xml: this is not hwloc's XML: its root element is not \"topology\"");
  EXPECT_EQ(fault("topology: <topology></topology>"),
            "bad.xml: this is not hwloc's XML: its root element is not \"topology\"");
  EXPECT_EQ(fault("<topology version=\"2.0\"></topology>"),
            "bad.xml: hwloc finds no valid topology in it");
  EXPECT_EQ(fault("<topology version=\"2.0\"><object type=\"Machine\"/></topology>"),
            "bad.xml: hwloc finds no valid topology in it");
}

TEST(Hwloc, RefusesAFileCutShort) {
  const std::string whole = contents("hwloc-affinity-knl.xml");
  EXPECT_EQ(fault(whole.substr(0, whole.size() / 2)), "bad.xml: the file ends before </topology>");
  EXPECT_EQ(fault(whole.substr(0, whole.size() / 2) + "</topology>"),
            "bad.xml: hwloc finds no valid topology in it");
}

TEST(Hwloc, SurvivesWhatItsLibraryDoesNot) {
  // Without these attributes libhwloc 2.9 follows a null pointer.
  const std::string broken =
      replaced(contents("64intel64-fakeKNL-SNC4-hybrid.xml"), "complete_cpuset", "complcpuset");
  EXPECT_EQ(fault(broken), "bad.xml: hwloc finds no valid topology in it");
}

TEST(Hwloc, SurvivesDeepNesting) {
  std::string deep = "<topology version=\"2.0\">";
  for (int i = 0; i < 300'000; ++i) deep += "<object type=\"Group\">";
  EXPECT_EQ(fault(deep + "</topology>"), "bad.xml: hwloc finds no valid topology in it");
}

TEST(Hwloc, RefusesEntities) {
  EXPECT_EQ(
      fault(
          "<?xml version=\"1.0\"?><!DOCTYPE topology [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>"
          "<topology version=\"2.0\">&b;</topology>"),
      "bad.xml: entity declarations are not read");
}

TEST(Hwloc, RefusesAHugeFileUnread) {
  const auto file = std::filesystem::temp_directory_path() /
                    ("omniphi-huge-" + std::to_string(getpid()) + ".xml");
  std::ofstream(file) << "<topology>";
  std::filesystem::resize_file(file, std::uintmax_t{1} << 32);  // sparse
  try {
    read_hwloc_xml(file);
    ADD_FAILURE() << "was read";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.what(),
              file.string() + ": the file has 4294967296 bytes, a topology at most 67108864");
  }
  std::filesystem::remove(file);
}

TEST(Hwloc, RefusesAFileThatIsNotThere) {
  try {
    read_hwloc_xml("nowhere.xml");
    ADD_FAILURE() << "was read";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "nowhere.xml: cannot read the file");
  }
}

TEST(ThisMachine, HasCoresAndThreads) {
  const HardwareTopology machine = this_machine();
  EXPECT_GE(machine.cores, 1);
  EXPECT_GE(machine.threads, machine.cores);
  EXPECT_GT(machine.capacity(MemoryKind::Main), Bytes(0));
#ifdef __x86_64__
  EXPECT_GE(machine.vector_bits, 128);  // SSE2 is part of the architecture
#endif
}

}  // namespace
}  // namespace omniphi::hw
