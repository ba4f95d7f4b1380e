#include <gtest/gtest.h>

#include "tests/validation/compare/files.h"
#include "validation/calibrate/score.h"

namespace omniphi::validation {
namespace {

const std::string kNodeHead =
    "series,network,task,system,processor,sockets,cores,framework,precision,batch,metric,value,"
    "unit,notes,source,confidence\n";
const std::string kScalingHead =
    "series,network,system,processor,interconnect,framework,mode,nodes,devices_per_node,devices,"
    "global_batch,metric,value,unit,baseline_nodes,efficiency_pct,epochs,top1,notes,source,"
    "confidence\n";
const std::string kMessageHead =
    "system,processor,interconnect,library,metric,size_bytes,value,unit,notes,source,confidence\n";
const std::string kKnl = "Xeon Phi 7250 (KNL)";

class PublishedSuite : public test::DataFolder {
 protected:
  std::vector<models::ValidationRow> rows() { return validate_published(setting()).rows; }
};

std::string node_row(const std::string& network, const std::string& rest) {
  return "s," + network + ",training,Cori," + kKnl + ",1,68," + rest + "\n";
}

std::string scaling_row(int nodes, int batch, double value, const std::string& baseline) {
  return "s,ResNet-50,Sys," + kKnl + ",Omni-Path 100,Intel Caffe + MLSL,\"weak, training\"," +
         std::to_string(nodes) + ",1,," + std::to_string(batch) + ",throughput," +
         std::to_string(value) + ",images/s," + baseline + ",,,,,source\n";
}

TEST_F(PublishedSuite, ScoresOnlyWhatWasReadInItsSource) {
  write("single_node_throughput.csv",
        kNodeHead +
            node_row("ResNet-50", "Intel Caffe + MLSL,fp32,64,throughput,79,images/s,,x,source") +
            node_row("ResNet-50", "Intel Caffe + MLSL,fp32,64,throughput,79,images/s,,x,memory"));
  const auto rows = this->rows();
  EXPECT_TRUE(rows[0].scored);
  EXPECT_FALSE(rows[1].scored);
  EXPECT_TRUE(rows[1].covered);
  EXPECT_EQ(rows[0].unit, "samples/s");
  EXPECT_EQ(rows[0].group, "Xeon Phi");
  EXPECT_EQ(rows[0].subset, "training Xeon Phi 7250 (KNL), Intel Caffe + MLSL");
  EXPECT_EQ(rows[0].source_row, 2);  // the line of the file
  EXPECT_LT(rows[0].low, rows[0].predicted);
  EXPECT_GT(rows[0].high, rows[0].predicted);
}

TEST_F(PublishedSuite, SaysWhyARowIsNotCovered) {
  write("single_node_throughput.csv",
        kNodeHead + node_row("GNMT", "Intel Caffe,fp32,64,throughput,79,images/s,,x,source") +
            node_row("ResNet-50", "Theano,fp32,64,throughput,79,images/s,,x,source") +
            node_row("ResNet-50", "Intel Caffe,fp32,,throughput,79,images/s,,x,source") +
            node_row("ResNet-50", "Intel Caffe,fp32,64,flop_rate,2,TFLOP/s,,x,source") +
            "s,ResNet-50,training,X,NVIDIA K80,1,,Intel "
            "Caffe,fp32,64,throughput,9,images/s,,x,source\n"
            "s,ResNet-50,training,X," +
            kKnl + ",4,272,Intel Caffe,fp32,64,throughput,9,images/s,,x,source\n");
  const auto rows = this->rows();
  const std::vector<std::string> notes{"the network is not in the catalog",
                                       "the software is not in the catalog",
                                       "the batch is not stated",
                                       "no such figure is predicted: flop_rate",
                                       "the processor is not in the catalog",
                                       "another number of sockets"};
  ASSERT_EQ(rows.size(), notes.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    EXPECT_EQ(rows[r].note, notes[r]);
    EXPECT_FALSE(rows[r].covered);
  }
}

TEST_F(PublishedSuite, RunsOnSoManyCoresAsTheRowSays) {
  const std::string rest = ",Intel Caffe,fp32,64,throughput,9,images/s,,x,source\n";
  write("single_node_throughput.csv",
        kNodeHead + "s,ResNet-50,training,X," + kKnl + ",1,68" + rest + "s,ResNet-50,training,X," +
            kKnl + ",1,17" + rest);
  const auto rows = this->rows();
  EXPECT_LT(rows[1].predicted, 0.4 * rows[0].predicted);
}

TEST_F(PublishedSuite, PredictsUntunedSoftwareAndDoesNotScoreIt) {
  write("single_node_throughput.csv",
        kNodeHead + node_row("GoogLeNet",
                             "Intel Caffe (default engine),fp32,96,throughput,61,images/s,,x,"
                             "source"));
  const auto rows = this->rows();
  EXPECT_TRUE(rows[0].covered);
  EXPECT_FALSE(rows[0].scored);
  EXPECT_EQ(rows[0].note, "untuned software");
}

/// Rows of a stack whose record is fitted to published rates: two networks, three batches each.
class PublishedFit : public test::DataFolder {
 protected:
  std::vector<models::ValidationRow> rows(double first_rate, bool fitted = true) {
    std::string text = kNodeHead;
    const auto add = [&](const std::string& network, int batch, double rate) {
      text += "s," + network + ",inference,c5,Xeon Platinum 8124M (SKX),2,36," +
              "MXNet 1.2.0rc1 (MKL-DNN),fp32," + std::to_string(batch) + ",throughput," +
              std::to_string(rate) + ",images/s,,x,source\n";
    };
    add("ResNet-50", 1, first_rate);
    add("ResNet-50", 16, 180);
    add("ResNet-50", 32, 190);
    add("VGG-16", 1, 80);
    add("VGG-16", 16, 115);
    add("VGG-16", 32, 107);
    add("GoogLeNet", 16, 400);
    write("single_node_throughput.csv", text);
    Setting setting = this->setting();
    setting.fitted_rows = fitted;
    return validate_published(setting).rows;
  }
};

TEST_F(PublishedFit, PredictsEachNetworkByRatesOfOthersAlone) {
  const auto before = rows(70);
  const auto after = rows(140);
  for (int r = 0; r < 3; ++r) {
    EXPECT_EQ(after[r].predicted, before[r].predicted) << r;
    EXPECT_EQ(after[r].low, before[r].low) << r;
    EXPECT_EQ(after[r].fitted_parameters, 3);
  }
  EXPECT_NE(after[3].predicted, before[3].predicted);
}

TEST_F(PublishedFit, PredictsRowsFromElsewhereByTheRecordAsItIs) {
  const auto before = rows(70, false);
  const auto after = rows(140, false);
  for (std::size_t r = 0; r < before.size(); ++r) {
    EXPECT_EQ(after[r].predicted, before[r].predicted);
    EXPECT_LT(after[r].low, after[r].predicted);
    EXPECT_GT(after[r].high, after[r].predicted);
  }
}

TEST_F(PublishedSuite, ComparesScalingWithTheSmallestRunOfTheSeries) {
  write("scaling.csv",
        kScalingHead + scaling_row(8, 512, 400, ",") + scaling_row(2, 128, 125, ",") +
            scaling_row(4, 256, 225, ","));
  const auto rows = this->rows();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_DOUBLE_EQ(rows[0].measured, 0.8);  // 50 of 62.5 samples/s of a node
  EXPECT_DOUBLE_EQ(rows[2].measured, 0.9);
  EXPECT_EQ(rows[1].note, "no smaller run to compare with");
  EXPECT_FALSE(rows[1].scored);
  EXPECT_TRUE(rows[0].scored);
  // As many samples on each node: more nodes never make a node faster.
  EXPECT_LE(rows[0].predicted, 1.0);
  EXPECT_LE(rows[0].low, rows[0].predicted);
  EXPECT_GE(rows[0].high, rows[0].predicted);
}

TEST_F(PublishedSuite, TakesAStatedEfficiencyWhereTheSmallerRunIsElsewhere) {
  write("scaling.csv", kScalingHead + scaling_row(4, 256, 141.8, "1,57.8"));
  const auto rows = this->rows();
  EXPECT_DOUBLE_EQ(rows[0].measured, 0.578);
  EXPECT_TRUE(rows[0].scored);
}

TEST_F(PublishedSuite, CountsFabricsThatItDoesNotKnow) {
  write("fabric_p2p.csv",
        kMessageHead +
            "Cray XC,Xeon Phi KNL,Cray Aries 9,MPI/PSM2,osu_latency,0,9.87,us,,x,source\n"
            "OPA,Xeon Phi KNL,Omni-Path 100,MPI/PSM2,osu_latency,8,3,us,,x,source\n"
            "Switch,,Omni-Path 100,,switch_latency,,105,ns,,x,source\n");
  // One message between two nodes, not one of a sum among many: the record without a fit.
  Setting worked_out = setting();
  worked_out.calibration = chosen_calibration("knl-first-principles", test::catalog());
  const auto rows = validate_published(worked_out).rows;
  EXPECT_EQ(rows[0].note, "the fabric is not in the catalog");
  // Between the fabric alone (0.15 us) and twice what [TACC] gives at most, 4 us.
  EXPECT_GT(rows[1].predicted, 0.15e-6);
  EXPECT_LT(rows[1].predicted, 8e-6);
  EXPECT_TRUE(rows[1].scored);
  EXPECT_EQ(rows[2].note, "the catalog's own figure");
}

}  // namespace
}  // namespace omniphi::validation
