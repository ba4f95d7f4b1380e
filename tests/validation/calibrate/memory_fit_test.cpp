#include "validation/calibrate/memory_fit.h"

#include "models/compute/memory_service.h"
#include "tests/validation/compare/files.h"

namespace omniphi::validation {
namespace {

class MemoryFitTest : public test::DataFolder {
 protected:
  static Setting shipped() {
    return {test::catalog(), std::filesystem::path(OMNIPHI_SOURCE_DATA) / "memory", true, {}, {}};
  }
};

TEST_F(MemoryFitTest, FindsWhatTheCatalogSaysAndScoresTheOtherMachine) {
  const MemoryFit result = fitted_memory(shipped());
  EXPECT_EQ(result.machine, "knl-7250");
  ASSERT_EQ(result.parameters.size(), 7u);
  EXPECT_EQ(memory_observations(shipped().data).front().row.fitted_parameters, 7);
  EXPECT_EQ(result.fitted.rows, 18);
  EXPECT_LT(result.fitted.errors.mape, 0.02);
  for (std::size_t p = 0; p < result.parameters.size(); ++p) {
    EXPECT_NEAR(result.fit.values[p] / result.parameters[p].initial, 1, 0.1)
        << result.parameters[p].name;
  }
  // STREAM and idle latency of the 7210, of which the fit has seen nothing.
  ASSERT_EQ(result.carried.size(), 2u);
  for (const MemoryFit::Score& score : result.carried) {
    EXPECT_LT(score.errors.mape, 0.08) << score.group;
    EXPECT_GE(score.rows, 12) << score.group;
  }
}

TEST_F(MemoryFitTest, FindsParametersThatMadeTheRows) {
  // Rows made by a bank wait of 60 ns: two threads on their own tiles, and many.
  hw::ManyCoreCpu cpu = test::cpu("knl-7250");
  cpu.main_memory.bank_wait = cpu.fast_memory->bank_wait = Seconds(60e-9);
  std::string text =
      "source_row,machine,metric,kernel,memory,memory_mode,cluster_mode,threads,placement,value,"
      "unit,flag\n";
  int row = 0;
  const auto add = [&](const std::string& memory, int threads) {
    hw::ManyCoreCpu bound = cpu;
    if (memory == "ddr") bound.fast_memory.reset();
    const double value = models::memory_service(bound,
                                                hw::MemoryMode::Flat,
                                                hw::ClusterMode::Quadrant,
                                                threads,
                                                1,
                                                Bytes(1e9),
                                                {.placement = models::ThreadPlacement::Spread})
                             .bandwidth.value();
    text += std::to_string(++row) + ",knl-7250,bandwidth,triad," + memory + ",flat,quadrant," +
            std::to_string(threads) + ",spread," + std::to_string(value / 1e9) + ",GB/s,fit\n";
  };
  for (const int threads : {1, 2, 4, 8, 16, 32, 64, 128, 256}) {
    add("mcdram", threads);
    add("ddr", threads);
  }
  write("knl_memory.csv", text);
  const MemoryFit result = fitted_memory(setting());
  EXPECT_NEAR(result.fit.values.back(), 60e-9, 1e-9);
  EXPECT_LT(result.fitted.errors.max_ape, 1e-3);
}

TEST_F(MemoryFitTest, SaysThatNoRowIsMeantForIt) {
  EXPECT_THROW(fitted_memory(setting()), ConfigError);
}

}  // namespace
}  // namespace omniphi::validation
