// What holds on every fabric, tried on random ones of every kind.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "hw/fabric/deadlock.h"
#include "hw/fabric/metrics.h"
#include "hw/fabric/topology/topology.h"
#include "tests/support/tiny_fabric.h"

namespace omniphi::hw {
namespace {

using tests::of_round_switches;

struct Sample {
  std::string name;
  Topology topology;
  int hosts = 0;
};

/// A fabric of each kind, of sizes drawn by the seed.
class Samples {
 public:
  explicit Samples(unsigned seed) : random_(seed) {}

  std::vector<Sample> draw() {
    std::vector<Sample> out;
    FatTree tree = tests::fat_tree(8, number(1, 3), number(1, 2));
    out.push_back({"fat tree", tree, number(1, 16)});
    FatTree tall = tests::fat_tree(8, 1);
    tall.levels = 3;
    tall.middle_taper = number(1, 3);
    out.push_back({"three-level fat tree", tall, number(1, 96)});
    auto dragonfly = of_round_switches<Dragonfly>(64);
    dragonfly.hosts_per_router = number(1, 3);
    dragonfly.groups = number(1, 3);
    out.push_back({"dragonfly", dragonfly, dragonfly.groups * dragonfly.hosts_per_router});
    auto torus = of_round_switches<Torus>(64);
    torus.dimensions = {number(1, 5), number(1, 5), number(1, 3)};
    out.push_back({"torus", torus, places(torus.dimensions)});
    auto mesh = of_round_switches<SwitchMesh>(64);
    mesh.dimensions = {number(1, 5), number(1, 5)};
    mesh.hosts_per_switch = number(1, 3);
    out.push_back({"mesh", mesh, places(mesh.dimensions) * mesh.hosts_per_switch});
    out.push_back({"hypercube", of_round_switches<Hypercube>(64), number(1, 40)});
    auto hyperx = of_round_switches<HyperX>(64);
    hyperx.dimensions = {number(2, 5), number(2, 4)};
    out.push_back({"HyperX", hyperx, places(hyperx.dimensions)});
    out.push_back({"ring", of_round_switches<Ring>(64), number(1, 20)});
    out.push_back({"fully connected", of_round_switches<FullyConnected>(64), number(1, 20)});
    return out;
  }

  int number(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<unsigned>(high - low + 1));
  }

 private:
  static int places(const std::vector<int>& sizes) {
    int product = 1;
    for (const int size : sizes) product *= size;
    return product;
  }

  std::mt19937 random_;
};

/// Calls `check` with many fabrics, each under every method of routing that it takes.
template <class Check>
void for_each_fabric(const Check& check) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    for (Sample& sample : Samples(seed).draw()) {
      for (const auto& method : choices(RoutingMethod{})) {
        std::visit([&](FabricParameters& kind) { kind.routing = method.value; }, sample.topology);
        const auto outcome = build(sample.topology, sample.hosts);
        const auto* graph = std::get_if<FabricGraph>(&outcome);
        if (!graph) continue;  // dimension order without dimensions
        SCOPED_TRACE(sample.name + ", " + std::to_string(sample.hosts) + " hosts, seed " +
                     std::to_string(seed) + ", " + std::string(method.name));
        check(*graph, Routing(*graph, routing_rules(sample.topology)), sample);
      }
    }
  }
}

TEST(AnyFabric, HasRoutesThatLeadFromSourceToDestination) {
  for_each_fabric([](const FabricGraph& graph, const Routing& routing, const Sample&) {
    std::vector<ArcId> route;
    std::vector<double> loads(graph.arcs());
    for (int a = 0; a < graph.hosts(); ++a) {
      for (int b = 0; b < graph.hosts(); ++b) {
        for (int way = 0; way < routing.ways(); ++way) {
          routing.route(HostId(a), HostId(b), route, way, loads);
          VertexId at = graph.vertex(HostId(a));
          for (const ArcId arc : route) {
            ASSERT_EQ(graph.tail(arc), at);
            at = graph.head(arc);
            loads[arc.index()] += 1;
          }
          ASSERT_EQ(at, graph.vertex(HostId(b)));
        }
      }
    }
  });
}

TEST(AnyFabric, ConservesWhatItCarries) {
  // All to all: what enters each switch leaves it, and each host sends and receives H - 1 messages.
  for_each_fabric([](const FabricGraph& graph, const Routing& routing, const Sample&) {
    std::vector<ArcId> route;
    std::vector<double> balance(graph.vertices());
    std::vector<double> loads(graph.arcs());
    for (int a = 0; a < graph.hosts(); ++a) {
      for (int b = 0; b < graph.hosts(); ++b) {
        routing.route(HostId(a), HostId(b), route, 0, loads);
        for (const ArcId arc : route) loads[arc.index()] += 1;
      }
    }
    for (std::size_t i = 0; i < graph.arcs(); ++i) {
      const ArcId arc(static_cast<std::int64_t>(i));
      balance[graph.tail(arc).index()] -= loads[i];
      balance[graph.head(arc).index()] += loads[i];
      if (graph.is_host(graph.tail(arc)) && routing.rails() == 1) {
        ASSERT_EQ(loads[i], graph.hosts() - 1);
      }
    }
    for (const double b : balance) ASSERT_EQ(b, 0);
  });
}

TEST(AnyFabric, IsAsFarOneWayAsTheOther) {
  for_each_fabric([](const FabricGraph& graph, const Routing& routing, const Sample&) {
    if (graph.hosts() == 1) return;
    const int diameter = metrics(graph).diameter;
    for (int a = 0; a < graph.hosts(); ++a) {
      for (int b = 0; b < a; ++b) {
        const auto there = routing.shortest_routes(HostId(a), HostId(b), 1);
        const auto back = routing.shortest_routes(HostId(b), HostId(a), 1);
        ASSERT_EQ(there.front().size(), back.front().size());
        ASSERT_LE(there.front().size(), static_cast<std::size_t>(diameter) + 2);
      }
    }
  });
}

TEST(AnyFabric, TakesTheShortestWayUnlessItIsToldOtherwise) {
  for_each_fabric([](const FabricGraph& graph, const Routing& routing, const Sample&) {
    const RoutingMethod method = routing.rules().method;
    if (method == RoutingMethod::Valiant || method == RoutingMethod::Ugal) return;
    std::vector<ArcId> route;
    for (int a = 0; a < graph.hosts(); ++a) {
      for (int b = 0; b < a; ++b) {
        routing.route(HostId(a), HostId(b), route);
        ASSERT_EQ(route.size(), routing.shortest_routes(HostId(a), HostId(b), 1).front().size());
      }
    }
  });
}

TEST(AnyFabric, HasABisectionNoWiderThanThePortsOfHalfItsHosts) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    for (const Sample& sample : Samples(seed).draw()) {
      if (sample.hosts == 1) continue;
      const int ports = sample.hosts / 2 * common(sample.topology).ports_per_node;
      const double cut = bisection(sample.topology, sample.hosts).value();
      EXPECT_LE(cut, ports * tests::round_link().bandwidth.value() * (1 + 1e-9)) << sample.name;
      EXPECT_GT(cut, 0) << sample.name;
    }
  }
}

TEST(AnyFabric, CanUseNoArcMoreThanItsShareOfTheTime) {
  // Every host sends to the one half of them further on. Nothing crosses an arc faster than its
  // rate, so the time that the busiest arc needs is at least that of any host's own cables.
  for_each_fabric([](const FabricGraph& graph, const Routing& routing, const Sample& sample) {
    if (sample.hosts < 2) return;
    std::vector<ArcId> route;
    std::vector<double> loads(graph.arcs());
    double hops = 0;
    for (int a = 0; a < sample.hosts; ++a) {
      const HostId to((a + sample.hosts / 2) % sample.hosts);
      for (int way = 0; way < routing.ways(); ++way) {
        routing.route(HostId(a), to, route, way, loads);
        hops += static_cast<double>(route.size()) / routing.ways();
        for (const ArcId arc : route) loads[arc.index()] += 1.0 / routing.ways();
      }
    }
    double sum = 0;
    for (const double load : loads) sum += load;
    EXPECT_NEAR(sum, hops, 1e-9 * hops);
    EXPECT_GE(*std::max_element(loads.begin(), loads.end()), 1.0 / routing.rails() - 1e-9);
  });
}

TEST(AnyFabric, IsFreeOfDeadlockOnTheLanesThatItsRulesGiveIt) {
  for_each_fabric([](const FabricGraph& graph, const Routing& routing, const Sample&) {
    const DeadlockCheck check = check_deadlock(graph, routing, 20'000);
    EXPECT_TRUE(check.free);
  });
}

}  // namespace
}  // namespace omniphi::hw
