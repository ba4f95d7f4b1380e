#include "models/workload/importers/caffe_solver.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/workload/complexity.h"
#include "tests/support/scratch_directory.h"

namespace omniphi::models {

namespace {

const std::string kData = OMNIPHI_SOURCE_DIR "/tests/data/caffe/";

TEST(CaffeSolver, SaysWhatOfATrainingRunHasNoCounterpart) {
  const CaffeSolver solver =
      read_caffe_solver(kData + "multinode/alexnet_bn_64nodes/solver.prototxt").value();
  EXPECT_EQ(solver.network_file, kData + "multinode/alexnet_bn_64nodes/train_val2.prototxt");
  EXPECT_EQ(solver.steps, 4000);
  EXPECT_EQ(solver.network.batch, 512);
  EXPECT_EQ(solver.type, "SGD");
  EXPECT_THAT(solver.remarks,
              testing::ElementsAre("learning rate 32, policy poly",
                                   "power 2",
                                   "warm-up from rate 1 over 400 iterations",
                                   "a rate for each layer (LARS), ratio 0.001",
                                   "momentum 0.9",
                                   "weight decay 0.0005, L2"));
}

// `net:` names models/intel_optimized_models/mlperf_2018/..., which is nowhere.
TEST(CaffeSolver, FindsTheNetworkBesideIt) {
  const CaffeSolver solver =
      read_caffe_solver(kData + "multinode/resnet50_4nodes_4s/solver.prototxt").value();
  EXPECT_EQ(solver.network_file, kData + "multinode/resnet50_4nodes_4s/train_val.prototxt");
  EXPECT_EQ(complexity(solver.network.network).parameters, 25'557'096);
}

TEST(CaffeSolver, TakesTheOnlyOtherNetworkOfTheFolder) {
  const ScratchDirectory scratch;
  scratch.write("another.prototxt",
                "input: 'x' input_shape { dim: 4 dim: 2 }\n"
                "layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'y'"
                " inner_product_param { num_output: 3 } }");
  scratch.write("second_solver.prototxt", "net: 'y.prototxt'");
  const CaffeSolver solver =
      read_caffe_solver(
          scratch.write("solver.prototxt", "net: 'far/away.prototxt' max_iter: 10 iter_size: 2"))
          .value();
  EXPECT_EQ(solver.network_file, scratch.path() / "another.prototxt");
  EXPECT_EQ(solver.accumulated, 2);
}

TEST(CaffeSolver, ReadsTheNetworkThatItHolds) {
  const ScratchDirectory scratch;
  const std::filesystem::path file =
      scratch.write("solver.prototxt",
                    "base_lr: 0.1 random_seed: 7 solver_type: ADAM train_net_param {\n"
                    " input: 'x' input_shape { dim: 4 dim: 2 }\n"
                    " layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'y' } }");
  const CaffeSolver solver = read_caffe_solver(file).value();
  EXPECT_EQ(solver.network_file, std::nullopt);
  EXPECT_EQ(solver.network.batch, 4);
  EXPECT_EQ(solver.type, "ADAM");
  EXPECT_EQ(solver.seed, 7);
}

// With its stage the network has another layer than its file alone says.
TEST(CaffeSolver, AsksForStagesOfTheNetwork) {
  const ScratchDirectory scratch;
  scratch.write("net.prototxt",
                "input: 'x' input_shape { dim: 4 dim: 2 }\n"
                "layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'y'"
                " inner_product_param { num_output: 3 } include { stage: 'deep' } }\n"
                "layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'z' }");
  const CaffeSolver solver =
      read_caffe_solver(
          scratch.write("solver.prototxt", "net: 'net.prototxt' train_state { stage: 'deep' }"))
          .value();
  EXPECT_EQ(solver.network_file, std::nullopt);
  EXPECT_EQ(complexity(solver.network.network).parameters, 2 * 3 + 3);
}

TEST(CaffeSolver, IsToldFromANetwork) {
  EXPECT_FALSE(read_caffe_solver(kData + "lenet/lenet_train_test.prototxt").has_value());
  EXPECT_TRUE(is_caffe_solver(kData + "lenet/lenet_solver.prototxt"));
  EXPECT_FALSE(is_caffe_solver(kData + "lenet/lenet_train_test.prototxt"));
}

}  // namespace

}  // namespace omniphi::models
