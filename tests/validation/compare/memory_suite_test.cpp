#include <gtest/gtest.h>

#include "tests/validation/compare/files.h"

namespace omniphi::validation {
namespace {

const std::string kHead =
    "source_row,key,machine,metric,kernel,memory,memory_mode,cluster_mode,threads,value,unit,"
    "source,flag,note\n";

class MemorySuite : public test::DataFolder {};

TEST_F(MemorySuite, ComparesBandwidthsAndLatenciesInBaseUnits) {
  write("knl_memory.csv",
        kHead +
            "1,k,knl-7250,bandwidth,triad,mcdram,flat,quadrant,64,400,GB/s,s,,\n"
            "2,k,knl-7250,bandwidth,triad,ddr,flat,quadrant,64,80,GB/s,s,,\n"
            "3,k,knl-7250,latency,local,ddr,flat,quadrant,,130,ns,s,,\n");
  const models::Validation validation = validate_memory(setting());
  ASSERT_EQ(validation.rows.size(), 3u);
  // The node's own STREAM figures and idle latency.
  EXPECT_DOUBLE_EQ(validation.rows[0].predicted, 421.7e9);
  EXPECT_DOUBLE_EQ(validation.rows[0].measured, 400e9);
  const models::Residual residual =
      test::stack("deepbench-mkl").calibration->residual(models::OperationClass::ElementWise);
  EXPECT_DOUBLE_EQ(validation.rows[0].low, 421.7e9 / residual.high);  // a rate: the slow end
  EXPECT_DOUBLE_EQ(validation.rows[2].low, 130.4e-9 * residual.low);
  EXPECT_DOUBLE_EQ(validation.rows[1].predicted, 88.39e9);
  EXPECT_DOUBLE_EQ(validation.rows[2].predicted, 130.4e-9);
  EXPECT_DOUBLE_EQ(validation.rows[2].measured, 130e-9);
  ASSERT_EQ(validation.tables.size(), 2u);
  EXPECT_EQ(validation.tables[0].group, "knl-7250 bandwidth");
}

TEST_F(MemorySuite, DoesNotScoreTheCatalogsOwnFiguresNorCoverWhatIsNotModelled) {
  write("knl_memory.csv",
        kHead +
            "1,k,knl-7250,bandwidth,triad,mcdram,flat,quadrant,64,421.7,GB/s,s,catalog,\n"
            "2,k,knl-7250,bandwidth,triad,mcdram,flat,quadrant,273,306,GB/s,s,,\n"
            "3,k,knl-9999,bandwidth,triad,mcdram,flat,quadrant,64,306,GB/s,s,,\n");
  const models::Validation validation = validate_memory(setting());
  EXPECT_FALSE(validation.rows[0].scored);
  EXPECT_TRUE(validation.rows[0].covered);
  EXPECT_EQ(validation.rows[1].note, "the node has fewer hardware threads");
  EXPECT_EQ(validation.rows[2].note, "the catalog has no processor knl-9999");
}

TEST_F(MemorySuite, PlacesThreadsAsTheRowSays) {
  const std::string head =
      "source_row,machine,metric,kernel,memory,memory_mode,cluster_mode,threads,placement,value,"
      "unit\n";
  write("knl_memory.csv",
        head +
            "1,knl-7250,bandwidth,triad,mcdram,flat,quadrant,2,spread,23.04,GB/s\n"
            "2,knl-7250,bandwidth,triad,mcdram,flat,quadrant,2,compact,19,GB/s\n"
            "3,knl-7250,bandwidth,triad,mcdram,flat,quadrant,2,,19,GB/s\n");
  const models::Validation validation = validate_memory(setting());
  EXPECT_GT(validation.rows[0].predicted, 23e9);
  EXPECT_NEAR(validation.rows[1].predicted, 661e9 / 34, 1);  // both cores of one tile
  EXPECT_EQ(validation.rows[2].predicted, validation.rows[1].predicted);
}

TEST_F(MemorySuite, KeepsRowsThatWereFittedToInAGroupOfTheirOwn) {
  write("knl_memory.csv",
        kHead +
            "1,k,knl-7250,bandwidth,triad,mcdram,flat,quadrant,64,400,GB/s,s,fit,\n"
            "2,k,knl-7250,bandwidth,triad,mcdram,flat,quadrant,64,400,GB/s,s,,\n");
  const models::Validation validation = validate_memory(setting());
  ASSERT_EQ(validation.tables.size(), 2u);
  EXPECT_EQ(validation.tables[0].group, "knl-7250 bandwidth, fitted");
  EXPECT_EQ(validation.tables[1].group, "knl-7250 bandwidth");
}

TEST_F(MemorySuite, LoadsAMemoryWithAsManyLinesAsTheMeasuredPointHad) {
  write("xeon_memory.csv",
        "source_row,machine,metric,kernel,memory,memory_mode,cluster_mode,threads,load,value,unit\n"
        "1,skx-6140-2s,loaded-latency,local,ddr,flat,quadrant,,110.2 GB/s,116,ns\n");
  const models::Validation validation = validate_memory(setting());
  // 110.2 GB/s for 116 ns are 12783 bytes under way. B (90.2 + 40 B / 235.6) = 12783 for
  // B = 116.3 GB/s in 109.9 ns.
  EXPECT_NEAR(validation.rows[0].predicted, 109.9e-9, 0.1e-9);
  EXPECT_TRUE(validation.rows[0].scored);
}

TEST_F(MemorySuite, SaysWhereAWordOrUnitIsWrong) {
  const std::string file =
      write("knl_memory.csv",
            kHead + "1,k,knl-7250,bandwidth,triad,mcdram,flatt,quadrant,64,400,ns,s,,\n");
  try {
    validate_memory(setting());
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_EQ(std::string(error.what()),
              file + ":2: memory_mode: unknown word \"flatt\" (did you mean \"flat\"?)\n" + file +
                  ":2: unit: \"400 ns\" is no bandwidth");
  }
}

}  // namespace
}  // namespace omniphi::validation
