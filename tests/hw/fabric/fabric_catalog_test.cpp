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
  EXPECT_EQ(fault("{topology: fat-tre, switch: opa-edge-48}"),
            "t.yaml:1:20: fabric.topology: expected one of fat-tree, got \"fat-tre\" (did you mean "
            "\"fat-tree\"?)");
  EXPECT_EQ(
      fault("{topology: fat-tree}"),
      "t.yaml:1:9: fabric: the key \"switch\" is missing: the switch that edges and spines are "
      "made of");
}

}  // namespace
}  // namespace omniphi::hw
