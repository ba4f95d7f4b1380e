#include <string>

#include <gtest/gtest.h>

#include "hw/base/parameter_reader.h"
#include "hw/base/yaml_reader.h"
#include "hw/fabric/fabric.h"

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

/// A system's fabric with all its hosts.
struct System {
  Topology topology;
  int hosts = 0;
  BillOfMaterials bill;

  explicit System(const std::string& id)
      : topology(entry<Fabric>(id).topology),
        hosts(common(topology).hosts),
        bill(bill_of_materials(topology, hosts)) {}

  /// Bandwidth of half of the hosts over that of the narrowest cut.
  [[nodiscard]] double oversubscription() const {
    const BytesPerSecond half = common(topology).part->link.bandwidth * (hosts / 2);
    return half / bisection(topology, hosts);
  }
};

TEST(FabricCatalog, HasStampede2WithItsSixCores) {
  const System stampede2("stampede2");
  // [TACC]: 28 nodes and 20 uplinks a leaf, six core switches, oversubscribed 28 / 20 = 1.4.
  EXPECT_EQ(stampede2.bill.directors, 6);
  EXPECT_EQ(stampede2.bill.switches, 5936 / 28 + 6);
  EXPECT_EQ(stampede2.bill.switch_cables, 212 * 20);
  EXPECT_NEAR(stampede2.oversubscription(), 1.4, 0.01);
}

TEST(FabricCatalog, HasOakforestPacsWithFullBisection) {
  const System oakforest("oakforest-pacs");
  // [OFP2018]: 8208 nodes, full bisection; 342 edges of 24, of 362 that are remembered with
  // storage, and 12 directors.
  EXPECT_EQ(oakforest.hosts, 8208);
  EXPECT_EQ(oakforest.bill.directors, 12);
  EXPECT_EQ(oakforest.bill.switches, 342 + 12);
  EXPECT_EQ(oakforest.bill.chips, 342 + 12 * 72);
  EXPECT_DOUBLE_EQ(oakforest.oversubscription(), 1);
}

TEST(FabricCatalog, HasNurionWithHalfItsBisection) {
  const System nurion("nurion");
  // [Nurion2020]: 277 edges, of which storage has some, 8 directors of 768 ports, 50 % blocking.
  EXPECT_EQ(nurion.bill.directors, 8);
  EXPECT_LE(nurion.bill.switches - nurion.bill.directors, 277);
  EXPECT_NEAR(nurion.oversubscription(), 2, 0.01);
}

TEST(FabricCatalog, HasMarconiA2) {
  const System marconi("marconi-a2");
  EXPECT_EQ(marconi.bill.switches, 3600 / 32 + 1 + 5);
  EXPECT_NEAR(marconi.oversubscription(), 2, 0.05);
}

TEST(FabricCatalog, HasTheGroupsOfCori) {
  // [Cori]: 4 nodes a router, 16 routers a chassis, 6 chassis a group; 1 link to each router of
  // the chassis and 3 to each chassis, so 15 and 15 ports [NeSI-Aries].
  const Topology cori = entry<Fabric>("cori").topology;
  const auto outcome = build(cori, 500);
  const auto& graph = std::get<FabricGraph>(outcome);
  EXPECT_EQ(graph.switches(), 2 * 96);
  EXPECT_EQ(graph.cables().size(), 500U + 2 * (6 * 120 + 16 * 15 * 3) + 29);
  EXPECT_EQ(common(cori).routing, RoutingMethod::Ugal);
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
