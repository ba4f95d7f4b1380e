#include "models/energy/step_energy.h"

#include <gtest/gtest.h>

#include "tests/support/designs.h"

namespace omniphi::models {
namespace {

class StepEnergy : public testing::Test {
 protected:
  hw::Cluster cluster = test::quick_start({"cluster.nodes=2"}).design.cluster;
  hw::BillOfMaterials bill = hw::bill_of_materials(cluster.topology(), 2);
  Figure<Seconds> second = Figure<Seconds>::exact(Seconds(1));

  [[nodiscard]] double part(const std::vector<EnergyShare>& shares, const std::string& name) const {
    for (const EnergyShare& share : shares) {
      if (share.name == name) return share.energy.value.value();
    }
    return -1;
  }
};

TEST_F(StepEnergy, OfAnIdleSecondIsThePowerAtRest) {
  const auto shares = step_energy(cluster, bill, {NodeActivity{}}, second);
  EXPECT_DOUBLE_EQ(part(shares, "processors at rest"), 2 * 80);
  EXPECT_DOUBLE_EQ(part(shares, "rest of the nodes"), 2 * 80);
  EXPECT_DOUBLE_EQ(part(shares, "fabric and adapters"),
                   189);  // one switch, passive cables, ports on the package
  EXPECT_DOUBLE_EQ(part(shares, "arithmetic"), 0);
  EXPECT_DOUBLE_EQ(part(shares, "memory traffic"), 0);
}

TEST_F(StepEnergy, CountsArithmeticAndBytesByTheirMemory) {
  NodeActivity work;
  work.arithmetic = Flops(1e12);    // at 30 pJ: 30 J a node
  work.fast_memory = Bytes(100e9);  // at 40 pJ: 4 J
  work.main_memory = Bytes(10e9);   // at 148 pJ: 1.48 J
  const auto shares = step_energy(cluster, bill, {work}, second);
  EXPECT_NEAR(part(shares, "arithmetic"), 60, 1e-9);
  EXPECT_NEAR(part(shares, "memory traffic"), 2 * 5.48, 1e-9);
}

TEST_F(StepEnergy, KnowsTheOneMemoryOfAGpu) {
  hw::Gpu gpu;
  gpu.power.flop = Figure<JoulesPerFlop>::exact(JoulesPerFlop(10e-12));
  gpu.memory.energy = Figure<JoulesPerByte>::exact(JoulesPerByte(40e-12));
  cluster.groups.front().node.value.kind = gpu;
  NodeActivity work;
  work.arithmetic = Flops(1e12);    // at 10 pJ: 10 J a node
  work.main_memory = Bytes(100e9);  // at 40 pJ: 4 J
  const auto shares = step_energy(cluster, bill, {work}, second);
  EXPECT_NEAR(part(shares, "arithmetic"), 20, 1e-9);
  EXPECT_NEAR(part(shares, "memory traffic"), 8, 1e-9);
}

TEST_F(StepEnergy, GrowsWithTheTimeOnlyAtRest) {
  NodeActivity work;
  work.arithmetic = Flops(1e12);
  const auto once = step_energy(cluster, bill, {work}, second);
  const auto twice = step_energy(cluster, bill, {work}, Figure<Seconds>::exact(Seconds(2)));
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_DOUBLE_EQ(twice[i].energy.value.value(),
                     once[i].energy.value.value() * (once[i].at_rest ? 2 : 1));
  }
}

TEST_F(StepEnergy, PutsTheLowPowerOnTheShortStep) {
  const Figure<Seconds> step =
      Figure<Seconds>::between(Seconds(1), Seconds(0.5), Seconds(2), Basis::Derived);
  const auto shares = step_energy(cluster, bill, {NodeActivity{}}, step);
  EXPECT_DOUBLE_EQ(shares.front().energy.low.value(), 2 * 70 * 0.5);
  EXPECT_DOUBLE_EQ(shares.front().energy.high.value(), 2 * 90 * 2);
}

}  // namespace
}  // namespace omniphi::models
