#include "hw/fabric/importers/imported_fabric.h"

#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "hw/base/parameter_reader.h"
#include "hw/base/yaml_reader.h"
#include "hw/fabric/fabric.h"
#include "hw/fabric/metrics.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

const std::filesystem::path kData = OMNIPHI_SOURCE_DIR "/tests/data/fabrics";

/// What the catalog's reader makes of an imported description, after a detour by its text.
Topology reread(const ImportedFabric& imported) {
  static const Catalog catalog{OMNIPHI_SOURCE_DIR "/configs"};
  Diagnostics diagnostics;
  const ConfigNode tree = read_yaml(write_yaml(imported.tree), "imported.yaml", diagnostics);
  Part<Fabric> fabric;
  detail::read_value(tree, "", fabric, {}, {catalog, diagnostics});
  diagnostics.throw_if_any();
  return fabric->topology;
}

Topology imported(const std::string& name) {
  return reread(imported_fabric(kData / name));
}

/// The message of the error that a file with this text ends in, without the folder's name.
std::string fault(const std::string& name, const std::string& text) {
  const ScratchDirectory folder;
  const std::filesystem::path file = folder.write(name, text);
  try {
    imported_fabric(file);
  } catch (const ConfigError& error) {
    const std::string message = error.what();
    return message.substr(message.find(name));
  }
  return "read";
}

TEST(OmniPathTopology, HasTheLinksOfTheVendorsSample) {
  const auto list = std::get<EdgeList>(imported("opagentopology_sample.xml"));
  EXPECT_EQ(list.switches, (std::vector<std::string>{"Switch-1234-Leaf-4", "Switch-2345-Leaf-5"}));
  ASSERT_EQ(list.cables.size(), 1U);
  EXPECT_DOUBLE_EQ(list.cables[0].bandwidth->value(), 25e9 / 8);
  const FabricGraph graph = tests::built(list, 1);
  EXPECT_EQ(graph.hosts(), 2);
  // The sample joins each of its hosts to a switch of its own, and those not to each other.
  const auto routing = routed(graph);
  EXPECT_EQ(std::get<Infeasible>(routing).reason, "no path from switch 1 to switch 0");
}

TEST(OmniPathTopology, SaysTheSameAsTheListItWasMadeOf) {
  EXPECT_EQ(std::get<EdgeList>(imported("opatopology_links.txt")).switches,
            std::get<EdgeList>(imported("opagentopology_sample.xml")).switches);
}

TEST(OmniPathTopology, TakesAdaptersOfOneHostForItsPorts) {
  const auto port = [](const std::string& guid, const std::string& name, const std::string& type) {
    return "<Port><NodeGUID>" + guid + "</NodeGUID><PortNum>1</PortNum><NodeDesc>" + name +
           "</NodeDesc><NodeType>" + type + "</NodeType></Port>";
  };
  const auto link = [&](const std::string& guid, const std::string& name, const std::string& at) {
    return "<Link><Rate>100g</Rate>" + port(guid, name, "FI") + port(at, "leaf " + at, "SW") +
           "</Link>";
  };
  const ScratchDirectory folder;
  // The way opareport nests it; the last link is there twice.
  const std::filesystem::path file =
      folder.write("report.xml",
                   "<Report><LinkSummary><LinkCount>5</LinkCount>" +
                       link("0x1", "a hfi1_0", "0xs") + link("0x2", "a hfi1_1", "0xs") +
                       link("0x3", "b hfi1_0", "0xs") + link("0x4", "b hfi1_1", "0xs") +
                       link("0x4", "b hfi1_1", "0xs") + "</LinkSummary></Report>");
  const ImportedFabric fabric = imported_fabric(file);
  EXPECT_EQ(fabric.notes,
            (std::vector<std::string>{"Hosts: 2; switches: 1.",
                                      "Links listed twice, and taken once: 1."}));
  const Routing routing(tests::built(reread(fabric), 2));
  EXPECT_EQ(routing.rails(), 2);
}

/// Cables between leaves and spines of a wired fabric, by their names.
using Wires = std::map<std::pair<std::string, std::string>, int>;

Wires wires_of(const EdgeList& list) {
  Wires wires;
  for (const CableList& cables : list.cables) {
    for (const CableEnds& ends : cables.ends) {
      wires[std::minmax(ends.a, ends.b)] += ends.count;
    }
  }
  return wires;
}

/// Holds a director of the catalog to the wiring of the real one.
void expect_wiring(const std::string& links, const std::string& director_id, int leaf_ports) {
  const auto real = std::get<EdgeList>(reread(read_opa_links(kData / links)));
  const Catalog catalog{OMNIPHI_SOURCE_DIR "/configs"};
  Diagnostics diagnostics;
  Director director;
  read_part(director_id, {}, "", director, {catalog, diagnostics});
  diagnostics.throw_if_any();
  EXPECT_EQ(real.switches.size(), static_cast<std::size_t>(director.chips()));
  const Wires wires = wires_of(real);
  EXPECT_EQ(wires.size(), static_cast<std::size_t>(director.leaves * director.spines));
  std::set<std::string> leaves;
  for (const auto& [ends, count] : wires) {
    // Names of leaves end in L and a number, those of spines in S and a number.
    EXPECT_NE(ends.first.find("-L"), std::string::npos);
    EXPECT_NE(ends.second.find("-S"), std::string::npos);
    EXPECT_EQ(count, director.wires);
    leaves.insert(ends.first);
  }
  EXPECT_EQ(leaves.size(), static_cast<std::size_t>(director.leaves));
  EXPECT_EQ(director.spines * director.wires + leaf_ports, director.chip->ports);
}

TEST(OmniPathDirector, IsWiredAsTheRealOnes) {
  expect_wiring("linksum_swd06.csv", "opa-director-288", 24);
  expect_wiring("linksum_swd24.csv", "opa-director-1152", 24);
  // The 768-port one has the same wires, and leaves with 8 ports unused.
  expect_wiring("linksum_swd24.csv", "opa-director-768", 24);
}

TEST(SimGridPlatform, GivesTheFatTreeOfItsOwnCount) {
  // 16 hosts, 4 leaf and 2 core switches, 16 + 4 x 2 x 2 links (simgrid/simgrid's description).
  const Topology tree = imported("cluster_fat_tree.xml");
  const FabricGraph graph = tests::built(tree, 16);
  EXPECT_EQ(graph.hosts(), 16);
  EXPECT_EQ(graph.switches(), 6);
  EXPECT_EQ(graph.cables().size(), 32U);
  EXPECT_EQ(metrics(graph).diameter, 2);
  EXPECT_DOUBLE_EQ(graph.link(ArcId(0)).bandwidth.value(), 125e6);
  EXPECT_DOUBLE_EQ(graph.latency(ArcId(0)).value(), 50e-6);
}

TEST(SimGridPlatform, GivesItsDragonfly) {
  // 3 groups of 4 chassis of 5 routers of 2 hosts; 4 cables between groups, 3 between chassis.
  const FabricGraph graph = tests::built(imported("cluster_dragonfly.xml"), 120);
  EXPECT_EQ(graph.hosts(), 120);
  EXPECT_EQ(graph.switches(), 60);
  EXPECT_EQ(graph.cables().size(), 120U + 3 * 4 * 10 + 3 * 5 * 6 * 3 + 3 * 4);
}

TEST(SimGridPlatform, GivesItsTorusAndFlatClusters) {
  EXPECT_EQ(tests::built(imported("cluster_torus.xml"), 12).switches(), 12);
  EXPECT_EQ(tests::built(imported("cluster_backbone.xml"), 100).switches(), 1);
  EXPECT_EQ(common(imported("cluster_crossbar.xml")).hosts, 65536);
  EXPECT_EQ(imported_fabric(kData / "cluster_backbone.xml").notes.back(),
            "A backbone of 2.25GBps that all its traffic shares is left out.");
}

TEST(SimGridPlatform, RefusesWhatIsNotOneCluster) {
  EXPECT_THROW(imported("griffon.xml"), ConfigError);
  EXPECT_EQ(fault("p.xml", "<platform version='4.1'>\n</platform>"),
            "p.xml:1: no clusters are in it; what is read are platforms of one");
  EXPECT_EQ(fault("p.xml", "<platform>\n<cluster radical='5-1' bw='1Bps' lat='0'/></platform>"),
            "p.xml:2: radical: expected ranges of numbers such as 0-99,104, got \"5-1\"");
  EXPECT_EQ(fault("p.xml", "<platform>\n<cluster radical='0-3' bw='fast' lat='0'/></platform>"),
            "p.xml:2: bw: expected a rate such as 125MBps, got \"fast\"");
}

TEST(ImportedFabric, RefusesBrokenFilesWithTheirLine) {
  EXPECT_EQ(fault("t.xml", "<Topology>\n<LinkSummary>"),
            "t.xml:2: this is no XML: Start-end tags mismatch");
  EXPECT_EQ(fault("t.xml", "<Topology>\n</Topology>"),
            "t.xml:1: there is no LinkSummary in it: no Omni-Path topology");
  EXPECT_EQ(fault("t.xml",
                  "<Topology><LinkSummary>\n<Link>\n<Port><NodeType>FI</NodeType></Port>\n"
                  "</Link></LinkSummary></Topology>"),
            "t.xml:2: a link needs two ports");
  EXPECT_EQ(fault("l.csv", "100g;1;2\n"),
            "l.csv:1: expected 12 or 19 fields separated by semicolons, got 3");
  EXPECT_EQ(fault("l.csv", "fast;10240;1;;;;01;SW;a;48;SW;b\n"),
            "l.csv:1: expected a rate such as \"100g\", got \"fast\"");
  EXPECT_EQ(fault("l.csv", ""), "l.csv: there is nothing in it");
}

TEST(ImportedFabric, EndsInAnErrorForHostileXml) {
  // Elements nested a million deep, and entities of entities, which are not expanded.
  std::string deep = "<Topology>";
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  EXPECT_EQ(fault("t.xml", deep), "t.xml:1: this is no XML: Start-end tags mismatch");
  const std::string bomb =
      "<!DOCTYPE platform [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n"
      "<platform><cluster radical='&b;' bw='1Bps' lat='0s'/></platform>";
  EXPECT_EQ(fault("t.xml", bomb),
            "t.xml:2: radical: expected ranges of numbers such as 0-99,104, got \"&b;\"");
  EXPECT_EQ(fault("t.xml",
                  "<platform><cluster radical='0-1' bw='1Bps' lat='0s' topology='FAT_TREE' "
                  "topo_parameters='4;999,999,999,999;9,9,9,9;9,9,9,9'/></platform>"),
            "t.xml:1: topo_parameters: expected levels, children, parents and cables such as "
            "2;4,4;1,2;1,2, of at most 2000000 cables, got \"4;999,999,999,999;9,9,9,9;9,9,9,9\"");
}

}  // namespace
}  // namespace omniphi::hw
