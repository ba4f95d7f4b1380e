#include <string>

#include <gtest/gtest.h>

#include "hw/base/parameter_reader.h"
#include "hw/base/yaml_reader.h"
#include "hw/fabric/topology/topology.h"

namespace omniphi::hw {
namespace {

const Catalog& catalog() {
  static const Catalog catalog{OMNIPHI_SOURCE_DIR "/configs"};
  return catalog;
}

template <class T>
T entry(const std::string& id) {
  Diagnostics diagnostics;
  T out;
  read_part(id, Place{}, id, out, ReadContext{catalog(), diagnostics});
  diagnostics.throw_if_any();
  return out;
}

struct Described {
  Topology fabric;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("fabric", self.fabric, "the fabric", required);
  }
};

/// The topology of a one-line scenario, `fabric: ...`.
Topology topology(const std::string& yaml) {
  Diagnostics diagnostics;
  Described out;
  const ConfigNode tree = read_yaml("fabric: " + yaml, "t.yaml", diagnostics);
  read_parameters(tree, "", out, ReadContext{catalog(), diagnostics});
  diagnostics.throw_if_any();
  return out.fabric;
}

std::string fault(const std::string& yaml) {
  try {
    topology(yaml);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(FabricCatalog, HasTheOmniPathEdgeSwitch) {
  const auto part = entry<Switch>("opa-edge-48");
  EXPECT_EQ(part.ports, 48);
  EXPECT_DOUBLE_EQ(part.link.bandwidth.value(), 12.5e9);
  EXPECT_DOUBLE_EQ(part.latency.value(), 105e-9);
  EXPECT_EQ(part.host_cable.id, "opa-copper-cable");
  // 8192 / (8192 + 56)
  EXPECT_NEAR(part.link.packet_efficiency(), 0.99321, 1e-5);
}

TEST(FabricCatalog, HasTheOtherNetworksOfPublishedRuns) {
  // 4 lanes x 25.78125 Gb/s x 64/66 = 100 Gb/s
  EXPECT_DOUBLE_EQ(entry<Switch>("ib-edr-36").link.bandwidth.value(), 4 * 25.78125e9 * 64 / 66 / 8);
  EXPECT_EQ(entry<Switch>("ib-edr-36").ports, 36);
  EXPECT_DOUBLE_EQ(entry<Adapter>("ib-edr-hca").link.bandwidth.value(), 12.5e9);
  // 4 lanes x 14.0625 Gb/s x 64/66 = 54.54 Gb/s
  EXPECT_NEAR(
      entry<Adapter>("ib-fdr-hca").link.bandwidth.value(), 4 * 14.0625e9 * 64 / 66 / 8, 1e6);
  // Cray Aries: 64 of 80 bytes are payload, so 10 GB/s of injection leave 8 [Cori].
  const Link aries = entry<Adapter>("aries-nic").link;
  EXPECT_DOUBLE_EQ(aries.bandwidth.value() * aries.packet_efficiency(), 8e9);
  // 3 lanes x 14 Gb/s
  EXPECT_DOUBLE_EQ(entry<Switch>("aries-router").link.bandwidth.value(), 3 * 14e9 / 8);
  EXPECT_FALSE(entry<Switch>("aries-router").price.known());
  for (const auto& [id, gigabits] :
       {std::pair{"eth-10g", 10}, std::pair{"eth-25g", 25}, std::pair{"eth-100g", 100}}) {
    const std::string name = id;
    const auto part = entry<Switch>(name + (gigabits == 100 ? "-32" : "-48"));
    EXPECT_DOUBLE_EQ(part.link.bandwidth.value(), gigabits * 1e9 / 8);
    EXPECT_DOUBLE_EQ(entry<Adapter>(name + "-nic").link.bandwidth.value(), gigabits * 1e9 / 8);
    // 8948 of 8948 + 52 + 38 bytes of a frame with its gap
    EXPECT_NEAR(part.link.packet_efficiency(), 0.99004, 1e-5);
  }
}

TEST(FabricCatalog, MarksWhatIsOnlyRemembered) {
  EXPECT_EQ(entry<Switch>("opa-edge-48").price.source, "memory, unverified");
  EXPECT_EQ(entry<Adapter>("opa-hfi-100").power.source, "memory, unverified");
  EXPECT_EQ(entry<Cable>("opa-optical-cable").price.source, "memory, unverified");
}

TEST(FabricCatalog, BuildsTheFabricOfADescription) {
  const Topology tree = topology("{topology: fat-tree, switch: opa-edge-48, taper: 2}");
  EXPECT_DOUBLE_EQ(bisection(tree, 128).value(), 32 * 12.5e9);
  EXPECT_EQ(bill_of_materials(tree, 128).switches, 6);
  EXPECT_EQ(std::get<FabricGraph>(build(tree, 128)).hosts(), 128);
}

TEST(FabricCatalog, RefusesWhatIsNoFabric) {
  EXPECT_EQ(fault("{topology: fat-tree, switch: opa-edge-48, taper: 0.5}"),
            "t.yaml:1:58: fabric.taper: must be at least 1, got \"0.5\"");
  EXPECT_EQ(
      fault("{topology: fat-tre, switch: opa-edge-48}"),
      "t.yaml:1:20: fabric.topology: expected one of fat-tree, single-switch, dragonfly, torus, "
      "mesh, hypercube, hyperx, ring, fully-connected, edge-list, got \"fat-tre\" (did you mean "
      "\"fat-tree\"?)");
  EXPECT_EQ(
      fault("{topology: fat-tree}"),
      "t.yaml:1:9: fabric: the key \"switch\" is missing: the switch that the fabric is made of");
}

}  // namespace
}  // namespace omniphi::hw
