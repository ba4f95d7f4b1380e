#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/compute/compute_time.h"
#include "tests/validation/compare/files.h"
#include "validation/calibrate/score.h"
#include "validation/compare/parts.h"

namespace omniphi::validation {
namespace {

using models::ValidationRow;
using models::ValidationTable;

const std::string kGemmHead = "source_row,network,family,m,n,k,a_t,b_t,time_ms,tflops,flag\n";
const std::string kConvHead =
    "source_row,w,h,c,n,k,filter_w,filter_h,pad_w,pad_h,stride_w,stride_h,out_w,out_h,fwd_ms,"
    "bwd_inputs_ms,bwd_params_ms,fwd_lib,bwd_inputs_lib,bwd_params_lib,flag,fwd_flag,"
    "bwd_inputs_flag,bwd_params_flag\n";
const std::string kSmallConv = "14,14,256,16,256,3,3,1,1,1,1,14,14,";

class DeepBenchSuite : public test::DataFolder {
 protected:
  models::Validation run() { return validate_deepbench(setting()); }

  std::string message() {
    try {
      run();
      return "";
    } catch (const ConfigError& error) {
      return error.what();
    }
  }
};

TEST_F(DeepBenchSuite, IsEmptyWithoutFiles) {
  const models::Validation validation = run();
  EXPECT_TRUE(validation.tables.empty());
  EXPECT_TRUE(validation.rows.empty());
}

TEST_F(DeepBenchSuite, PredictsWhatTheComputeModelSays) {
  write("knl7250_gemm.csv", kGemmHead + "4,DeepSpeech,f,1760,128,1760,0,1,0.277445,2.85817,\n");
  const models::Validation validation = run();
  ASSERT_EQ(validation.rows.size(), 1u);
  const ValidationRow& row = validation.rows[0];
  const hw::ManyCoreCpu cpu = test::cpu("knl-7250");
  models::SoftwareStack stack = test::stack("deepbench-mkl");
  // Rows from elsewhere are predicted by the record that was fitted to the shipped ones.
  stack.calibration.value = catalog_entry<models::Calibration>("knl-deepbench", test::catalog());
  models::Worker worker;
  worker.cpu = &cpu;
  worker.stack = &stack;
  worker.threads = 66;
  worker.memory = models::memory_service(
      cpu, hw::MemoryMode::Flat, hw::ClusterMode::Quadrant, 66, 1, Bytes(20e6));
  const models::Primitive product = models::MatrixProductPrimitive{1760, 128, 1760};
  const double expected = models::primitive_time(product, worker).total.value();
  EXPECT_DOUBLE_EQ(row.predicted, expected);
  EXPECT_DOUBLE_EQ(row.measured, 0.277445e-3);
  const models::Residual residual =
      stack.calibration->residual(models::OperationClass::MatrixProduct);
  EXPECT_DOUBLE_EQ(row.low, expected * residual.low);
  EXPECT_DOUBLE_EQ(row.high, expected * residual.high);
  EXPECT_TRUE(row.scored);
  EXPECT_TRUE(row.baseline);
  EXPECT_EQ(row.source_row, 4);
  EXPECT_EQ(row.label, "1760x128x1760 NT");
  EXPECT_EQ(row.unit, "s");
}

TEST_F(DeepBenchSuite, TabulatesWideAndNarrowProductsOnceMore) {
  write("knl7250_gemm.csv",
        kGemmHead +
            "4,D,f,64,5000,64,0,0,1,1,\n5,D,f,64,700,64,0,0,1,1,\n6,D,f,64,701,64,0,0,1,1,\n");
  const models::Validation validation = run();
  ASSERT_EQ(validation.tables.size(), 3u);
  EXPECT_EQ(validation.tables[0].rows, 3);
  EXPECT_EQ(validation.tables[1].subset, "n >= 5000");
  EXPECT_EQ(validation.tables[1].rows, 1);
  EXPECT_EQ(validation.tables[2].subset, "n <= 700");
  EXPECT_EQ(validation.tables[2].rows, 1);
}

TEST_F(DeepBenchSuite, ListsRowsWithAFlagAndDoesNotScoreThem) {
  write("knl7250_gemm.csv",
        kGemmHead + "4,D,f,1760,128,1760,0,0,0.28,2.8,\n5,D,f,1760,128,1760,0,0,9,2.8,duplicate\n");
  const models::Validation validation = run();
  EXPECT_EQ(validation.tables[0].rows, 2);
  EXPECT_EQ(validation.tables[0].scored, 1);
  EXPECT_EQ(validation.tables[0].not_covered, 0);
  EXPECT_EQ(validation.rows[1].note, "duplicate");
  EXPECT_GT(validation.rows[1].predicted, 0);
}

TEST_F(DeepBenchSuite, KeepsTheGoodPhasesOfAFlaggedConvolution) {
  write("knl7250_conv.csv",
        kConvHead + "1," + kSmallConv + "1,1,1,mkl,mkl,libxsmm,reference_path,,reference_path,\n" +
            "2," + kSmallConv + "1,1,1,mkl,mkl,mkl,duplicate,,,\n");
  const models::Validation validation = run();
  ASSERT_EQ(validation.tables.size(), 3u);
  const std::vector<std::string> phases{"fwd", "bwd_inputs", "bwd_params"};
  const std::vector<int> scored{1, 0, 1};  // of the second row: none
  for (int p = 0; p < 3; ++p) {
    EXPECT_EQ(validation.tables[p].phase, phases[p]);
    EXPECT_EQ(validation.tables[p].scored, scored[p]) << phases[p];
    EXPECT_EQ(validation.tables[p].rows, 2);
  }
}

TEST_F(DeepBenchSuite, PassesOverPhasesThatWereNotPublished) {
  write("knl7250_conv.csv", kConvHead + "1," + kSmallConv + "1,,1,mkl,,mkl,,,,\n");
  const models::Validation validation = run();
  ASSERT_EQ(validation.tables.size(), 2u);
  EXPECT_EQ(validation.tables[1].phase, "bwd_params");
}

TEST_F(DeepBenchSuite, CountsRecurrentCellsAndDevicesWithoutSoftwareAsNotCovered) {
  write("v100_rnn.csv",
        "source_row,cell,hidden,n,timesteps,fwd_ms,bwd_inputs_ms,bwd_params_ms,flag\n"
        "284,lstm,512,16,25,0.5,,0.2,\n");
  write("mi25_gemm.csv", kGemmHead + "4,D,f,1760,16,1760,0,0,0.19,0.5,\n");
  const models::Validation validation = run();
  ASSERT_EQ(validation.tables.size(), 4u);  // two phases of a cell, products, narrow products
  for (const ValidationTable& table : validation.tables) {
    EXPECT_EQ(table.not_covered, table.rows) << table.table;
    EXPECT_EQ(table.scored, 0);
  }
  EXPECT_EQ(validation.rows[0].note, "recurrent cells are not modelled");
}

TEST_F(DeepBenchSuite, SetsAsideWhatTheCalibrationChosenKnowsNothingOf) {
  write("v100_gemm.csv", kGemmHead + "4,D,f,5124,9124,2560,0,0,15,0.5,\n");
  write("knl7250_gemm.csv", kGemmHead + "4,D,f,1760,128,1760,0,1,0.277445,2.85817,\n");
  Setting setting = this->setting();
  for (const char* record : {"knl-deepbench", "gpu-deepbench"}) {
    setting.calibration = chosen_calibration(record, test::catalog());
    const models::Validation validation = validate_deepbench(setting);
    const bool gpu = setting.calibration->value.gpu.has_value();
    const std::string kind = gpu ? "many-core-cpu" : "gpu";
    ASSERT_EQ(validation.rows.size(), 2u);
    EXPECT_EQ(validation.rows[gpu ? 1 : 0].scored, true);
    EXPECT_EQ(validation.rows[gpu ? 0 : 1].note,
              "the record has no costs of kernels on nodes of kind " + kind);
  }
}

TEST_F(DeepBenchSuite, PredictsKernelsOfGraphicsProcessors) {
  write("v100_gemm.csv", kGemmHead + "4,D,f,5124,9124,2560,0,0,15,0.5,\n");
  const models::Validation validation = run();
  const ValidationRow& row = validation.rows[0];
  EXPECT_TRUE(row.scored);
  // 2 x 5124 x 9124 x 2560 flop at 15.7 Tflop/s take 15.2 ms.
  EXPECT_NEAR(*row.baseline, 15.28e-3, 0.01e-3);
  EXPECT_GT(row.predicted, *row.baseline);
  EXPECT_LT(row.predicted, 1.4 * *row.baseline);
}

TEST_F(DeepBenchSuite, TakesLongerToSumMoreAndKnowsWhatCannotBeJoined) {
  write("knl7250_allreduce.csv",
        "source_row,family,floats,nodes,mean_ms,std_ms,bus_gbyte_per_s,algorithm,flag\n"
        "1,f,100000,2,0.09,0,4.4,MLSL,\n2,f,100000000,2,90,0,4.4,MLSL,\n"
        "3,f,100000,100000,90,0,4.4,MLSL,\n");
  const models::Validation validation = run();
  // 400 MB have to leave and enter each of two nodes once: at 12.5 GB/s at least 32 ms.
  EXPECT_GT(validation.rows[1].predicted, 32e-3);
  EXPECT_LT(validation.rows[0].predicted, validation.rows[1].predicted);
  EXPECT_EQ(validation.rows[2].note, "the fabric cannot join so many nodes");
  EXPECT_EQ(validation.tables[0].not_covered, 1);
}

TEST_F(DeepBenchSuite, NamesFileAndLineOfEveryFault) {
  const std::string gemm = write("knl7250_gemm.csv",
                                 kGemmHead +
                                     "4,D,f,1760,none,1760,0,0,0.28,2.8,\n"
                                     "5,D,f,1000000000,1000000000,1000,0,0,0.28,2.8,\n");
  const std::string conv = write("knl7250_conv.csv", "source_row,w\n");
  EXPECT_THAT(message(),
              testing::StartsWith(
                  gemm + ":2: n: expected a whole number from 1 on, got \"none\"\n" + gemm +
                  ":3: the shape is too large\n" + conv + ":1: the column \"h\" is missing\n"));
}

TEST_F(DeepBenchSuite, UsesTheCalibrationChosen) {
  write("knl7250_gemm.csv", kGemmHead + "4,D,f,64,64,64,0,0,0.01,2.8,\n");
  const std::string file =
      write("slow.yaml", "base: knl-first-principles\nregion_start: 1 s\nsource: made up\n");
  Setting setting = this->setting();
  setting.calibration = chosen_calibration(file, test::catalog());
  const models::Validation validation = validate_deepbench(setting);
  EXPECT_GE(validation.rows[0].predicted, 1.0);
  EXPECT_EQ(validation.calibration, file);
}

}  // namespace
}  // namespace omniphi::validation
