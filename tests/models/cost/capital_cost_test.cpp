#include "models/cost/capital_cost.h"

#include <gtest/gtest.h>

#include "tests/support/designs.h"

namespace omniphi::models {
namespace {

std::vector<PriceShare> cost(const std::vector<std::string>& changes) {
  const hw::Cluster cluster = test::quick_start(changes).design.cluster;
  return capital_cost(cluster, hw::bill_of_materials(cluster.topology(), cluster.nodes()));
}

TEST(CapitalCost, ListsProcessorsNodesAdaptersAndFabric) {
  const auto shares = cost({"cluster.nodes=2", "cluster.node=knl-7250"});
  ASSERT_EQ(shares.size(), 4);
  EXPECT_DOUBLE_EQ(shares[0].price.value.value(), 2 * 4876);
  EXPECT_DOUBLE_EQ(shares[1].price.value.value(), 2 * 2600);
  EXPECT_DOUBLE_EQ(shares[2].price.value.value(), 2 * 750);
  EXPECT_DOUBLE_EQ(shares[3].price.value.value(), 17500 + 2 * 100);
  EXPECT_EQ(shares[3].count, 3);  // a switch and two cables
}

TEST(CapitalCost, DoublesNodesWithTheirNumberButNotASwitchWithFreePorts) {
  const auto two = cost({"cluster.nodes=2"});
  const auto four = cost({"cluster.nodes=4"});
  EXPECT_DOUBLE_EQ(four[0].price.value.value(), 2 * two[0].price.value.value());
  EXPECT_DOUBLE_EQ(four[3].price.value.value() - two[3].price.value.value(), 2 * 100);
}

TEST(CapitalCost, CarriesTheRangeOfEachPrice) {
  const auto shares = cost({"cluster.nodes=10"});
  EXPECT_DOUBLE_EQ(shares[1].price.low.value(), 10 * 1100);
  EXPECT_DOUBLE_EQ(shares[1].price.high.value(), 10 * 4100);
}

}  // namespace
}  // namespace omniphi::models
