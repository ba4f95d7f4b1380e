#include "hw/fabric/graph.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

using Cables = std::vector<FabricGraph::Cable>;

FabricGraph two_hosts(const Cables& cables) {
  return {2, {Seconds(100e-9)}, {tests::round_link()}, cables};
}

std::string fault(const Cables& cables) {
  try {
    two_hosts(cables);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(FabricGraph, MakesTwoArcsOfACable) {
  const FabricGraph graph = two_hosts({{VertexId(0), VertexId(2)}, {VertexId(1), VertexId(2)}});
  EXPECT_EQ(graph.arcs(), 4U);
  EXPECT_EQ(graph.tail(ArcId(2)), graph.vertex(HostId(1)));
  EXPECT_EQ(graph.head(ArcId(2)), graph.vertex(SwitchId(0)));
  EXPECT_EQ(graph.tail(ArcId(3)), graph.head(ArcId(2)));
  EXPECT_EQ(graph.head(ArcId(3)), graph.tail(ArcId(2)));
}

TEST(FabricGraph, CountsASwitchToTheArcThatEntersIt) {
  const FabricGraph graph = two_hosts({{VertexId(0), VertexId(2)}, {VertexId(1), VertexId(2)}});
  // Cable 10 ns, switch 100 ns.
  EXPECT_DOUBLE_EQ(graph.latency(ArcId(0)).value(), 110e-9);
  EXPECT_DOUBLE_EQ(graph.latency(ArcId(1)).value(), 10e-9);
}

TEST(FabricGraph, RefusesCablesThatJoinNothing) {
  EXPECT_EQ(fault({{VertexId(0), VertexId(3)}}), "cable 0 ends at no host and no switch");
  EXPECT_EQ(fault({{VertexId(0), VertexId(1)}}), "cable 0 joins two hosts");
  EXPECT_EQ(fault({{VertexId(0), VertexId(2), 1}}), "cable 0 has no link");
}

}  // namespace
}  // namespace omniphi::hw
