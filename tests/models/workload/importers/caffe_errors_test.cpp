#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "hw/base/error.h"
#include "models/workload/importers/caffe.h"
#include "models/workload/importers/caffe_solver.h"
#include "tests/support/bounded_test.h"
#include "tests/support/scratch_directory.h"

namespace omniphi::models {

namespace {

const std::string kData = OMNIPHI_SOURCE_DIR "/tests/data/caffe/";

class CaffeErrors : public BoundedTest {
 protected:
  std::string fault_of_file(const std::filesystem::path& file) const {
    try {
      read_caffe(file);
    } catch (const ConfigError& error) {
      return scratch_.without_path(error.what());
    }
    return "";
  }

  std::string fault_of(std::string_view text) const {
    return fault_of_file(scratch_.write("net.prototxt", text));
  }

  /// Of a layer in line 2, after an input of [6, 4, 8].
  std::string fault_of_layer(const std::string& layer) const {
    return fault_of(
        "input: 'x' input_shape { dim: 2 dim: 6 dim: 4 dim: 8 }\nlayer { name: 'l' bottom: 'x' "
        "top: 'y' " +
        layer + " }");
  }

  std::string fault_of_solver(std::string_view text) const {
    try {
      read_caffe_solver(scratch_.write("solver.prototxt", text));
    } catch (const ConfigError& error) {
      return scratch_.without_path(error.what());
    }
    return "";
  }

  ScratchDirectory scratch_;
};

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST_F(CaffeErrors, NameFilesThatAreNoNetworks) {
  EXPECT_EQ(fault_of_file(scratch_.path() / "none.prototxt"), "none.prototxt: no such file");
  EXPECT_EQ(fault_of(""), "net.prototxt: is empty");
  EXPECT_EQ(fault_of("<!DOCTYPE html>"), "net.prototxt: is a web page, no Caffe prototxt");
  EXPECT_EQ(fault_of("version https://git-lfs.github.com/spec/v1\n"),
            "net.prototxt: is a Git LFS pointer, not the file it stands for");
  EXPECT_EQ(fault_of(std::string("\x0a\x00\x12", 3)),
            "net.prototxt: is binary, no Caffe prototxt (a .caffemodel holds weights)");
  EXPECT_EQ(fault_of("# nothing\n"), "net.prototxt: has no layers in this phase");
  EXPECT_EQ(fault_of("net: 'n.prototxt' base_lr: 1"),
            "net.prototxt: is a solver; the network is the file that it names");
}

TEST_F(CaffeErrors, GiveTheLineOfWhatCannotBeRead) {
  EXPECT_EQ(fault_of("name: 'n'\nlayer { name: 'a' type: 'ReLU' "),
            "net.prototxt:2:32: a: Expected identifier, got: ");
  EXPECT_EQ(fault_of("layer {\n name: 'a'\n type: ReLU }"),
            "net.prototxt:3:8: a: Expected string, got: ReLU");
  EXPECT_EQ(fault_of("layer { name: 'p'\n pooling_param { pool: MEDIAN } }"),
            "net.prototxt:2:31: p: Unknown enumeration value of \"MEDIAN\" for field \"pool\".");
  EXPECT_EQ(fault_of("layer { name: 'a'\n name: 'b' }"),
            "net.prototxt:2:6: a: Non-repeated field \"name\" is specified multiple times.");
}

TEST_F(CaffeErrors, RefuseFieldsThatMayChangeTheComputation) {
  EXPECT_EQ(
      fault_of_layer("type: 'Convolution'\nconvolution_param { kernel_d: 3 }"),
      "net.prototxt:3:29: l: the field \"kernel_d\" is not known, and may change what the layer "
      "computes");
}

TEST_F(CaffeErrors, NoticeATruncationAtMostPlaces) {
  const std::string whole = bytes_of(kData + "bvlc_alexnet/deploy.prototxt");
  int faults = 0;
  int cuts = 0;
  for (std::size_t size = 100; size < whole.size(); size += 97, ++cuts) {
    const std::string fault = fault_of(whole.substr(0, size));
    EXPECT_TRUE(fault.empty() || fault.starts_with("net.prototxt:")) << fault;
    faults += fault.empty() ? 0 : 1;
  }
  EXPECT_GT(faults, cuts * 9 / 10);  // a cut between two layers leaves a whole network
}

TEST_F(CaffeErrors, SurviveDamagedBytes) {
  const std::string whole = bytes_of(kData + "lenet/lenet.prototxt");
  for (std::size_t at = 0; at < whole.size(); at += 3) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x5);
    const std::string fault = fault_of(damaged);
    EXPECT_TRUE(fault.empty() || fault.starts_with("net.prototxt:")) << at << ": " << fault;
  }
}

TEST_F(CaffeErrors, NameTheLayerThatTakesWhatIsNotThere) {
  EXPECT_EQ(fault_of_layer("type: 'ReLU'\nbottom: 'z'"),
            "net.prototxt:2:1: l: takes \"z\", which no layer gives");
  EXPECT_EQ(
      fault_of("layer { name: 'a' type: 'ReLU' bottom: 'q' top: 'p' }\n"
               "layer { name: 'b' type: 'ReLU' bottom: 'p' top: 'q' }"),
      "net.prototxt:1:1: a: takes \"q\" before \"b\", in line 2, gives it: the layers are not in "
      "order, or form a cycle");
}

TEST_F(CaffeErrors, NameWhatIsThereTwice) {
  const std::string twice =
      "layer { name: 'a' type: 'Input' top: 'x' input_param { shape { dim: 1 dim: 2 } } }\n";
  EXPECT_EQ(fault_of(twice + twice),
            "net.prototxt:2:1: a: another layer, in line 1, has this name\n"
            "net.prototxt:2:1: a: gives \"x\", which a layer in line 1 gives already");
}

TEST_F(CaffeErrors, NameTypesThatAreNotKnown) {
  EXPECT_EQ(fault_of_layer("type: 'Python'"),
            "net.prototxt:2:1: l: the type \"Python\" is not supported");
  EXPECT_EQ(fault_of_layer("type: 'Convolutoin'"),
            "net.prototxt:2:1: l: the type \"Convolutoin\" is not supported (did you mean "
            "\"Convolution\"?)");
  EXPECT_EQ(fault_of_layer(""), "net.prototxt:2:1: l: has no type");
}

TEST_F(CaffeErrors, BlameOnlyTheFirstOfAChain) {
  EXPECT_EQ(fault_of_layer("type: 'Python' } layer { name: 'r' type: 'ReLU' bottom: 'y' top: 'y'"),
            "net.prototxt:2:1: l: the type \"Python\" is not supported");
}

TEST_F(CaffeErrors, RefuseSizesThatDoNotFit) {
  const auto convolution = [&](const std::string& settings) {
    return fault_of_layer("type: 'Convolution' convolution_param { num_output: 4 " + settings +
                          " }");
  };
  const std::string here = "net.prototxt:2:1: l: ";
  EXPECT_EQ(convolution("kernel_size: 3 stride: 0"),
            here + "stride must be from 1 to 1048576, got 0");
  EXPECT_EQ(convolution("kernel_size: 4294967295"),
            here + "kernel must be from 1 to 1048576, got 4294967295");
  EXPECT_EQ(convolution("kernel_size: 1 group: 4"),
            here + "4 groups do not divide 6 input channels and 4 filters evenly");
  EXPECT_EQ(convolution("kernel_size: 1 group: 0"),
            here + "0 groups do not divide 6 input channels and 4 filters evenly");
  EXPECT_EQ(convolution("kernel_size: 9"),
            here + "the kernel's extent 9 is larger than the padded input 4 on axis 1");
  EXPECT_EQ(convolution("kernel_size: 1 kernel_size: 2 kernel_size: 3"),
            here + "kernel has 3 numbers for 2 axes");
  EXPECT_EQ(convolution(""), here + "has no kernel_size");
  EXPECT_EQ(fault_of_layer("type: 'InnerProduct'"), here + "has no num_output");
  EXPECT_EQ(fault_of_layer("type: 'Pooling' pooling_param { kernel_size: 2 pad: 2 }"),
            here + "pad, 2, must be smaller than the kernel, 2");
  EXPECT_EQ(fault_of_layer("type: 'Reshape' reshape_param { shape { dim: 0 dim: 7 } }"),
            here + "384 elements do not make a shape of [0, 7]");
  EXPECT_EQ(fault_of_layer("type: 'Reshape' reshape_param { shape { dim: -1 dim: 4 } }"),
            here + "mixes samples: [2, 6, 4, 8] becomes [96, 4]");
  EXPECT_EQ(fault_of_layer("type: 'Concat' concat_param { axis: 0 }"),
            here + "works along axis 0, the batch, which is not supported");
  EXPECT_EQ(fault_of_layer("type: 'Flatten' flatten_param { axis: 9 }"),
            here + "there is no axis 9 among 4");
  EXPECT_EQ(fault_of_layer("type: 'Slice' slice_param { slice_point: 6 }"),
            here + "slice points [6] do not cut 6 into 1 parts");
  EXPECT_EQ(fault_of_layer("type: 'Eltwise'"), here + "takes at least 2 bottoms, got 1");
}

TEST_F(CaffeErrors, RefuseDimensionsThatOverflow) {
  EXPECT_EQ(
      fault_of("input: 'x' input_shape { dim: 1 dim: 4294967295 dim: 4294967295 dim: 4294967295 }"),
      "net.prototxt:1:1: x: the number of elements, 4294967295 x 4294967295 x 4294967295, is above "
      "the limit of 1099511627776");
  EXPECT_EQ(fault_of("input: 'x' input_shape { dim: 1 dim: 0 }"),
            "net.prototxt:1:1: x: every dimension must be at least 1, got 0");
  EXPECT_EQ(fault_of("input: 'x' input_shape { dim: 0 dim: 3 }"),
            "net.prototxt:1:1: x: a batch of 0 samples");
}

TEST_F(CaffeErrors, AskForTheShapeThatADatabaseHolds) {
  EXPECT_EQ(fault_of_file(kData + "lenet/lenet_train_test.prototxt"),
            kData +
                "lenet/lenet_train_test.prototxt:2:1: mnist: does not say what shape its samples "
                "have; give it by --input-shape, for example --input-shape 1x28x28");
}

TEST_F(CaffeErrors, RefuseTheOldestSyntax) {
  EXPECT_EQ(
      fault_of("layers { layer { name: 'c' type: 'conv' num_output: 3 } bottom: 'x' top: 'y' }"),
      "net.prototxt:1:1: c: Caffe's oldest syntax, \"layers { layer { ... } }\", is not read "
      "(Caffe's upgrade_net_proto_text makes it new)");
}

TEST_F(CaffeErrors, SpendNeitherTimeNorMemoryOnHostileText) {
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "a{";
  EXPECT_EQ(fault_of(deep), "net.prototxt:1: nested more than 32 deep");
  std::string lists(1'000'000, '[');
  EXPECT_EQ(fault_of("a: " + lists), "net.prototxt:1: nested more than 32 deep");
  std::string many;
  for (int i = 0; i < 200'000; ++i) many += "layer{}\n";
  EXPECT_EQ(fault_of(many), "net.prototxt:100001: holds more than 100000 messages");
  EXPECT_EQ(fault_of(std::string(5u << 20, ' ')), "net.prototxt: larger than 4194304 bytes");
}

TEST_F(CaffeErrors, AreThoseOfASolverWhereItBeganAsOne) {
  EXPECT_EQ(fault_of_solver("net: 'n.prototxt'\nmax_iter: 'many'"),
            "solver.prototxt:2:11: Expected integer, got: 'many'");
}

TEST_F(CaffeErrors, SayWhichNetworkASolverLacks) {
  EXPECT_EQ(fault_of_solver("base_lr: 1"), "solver.prototxt: names no network (net)");
  EXPECT_EQ(fault_of_solver("base_lr: 1\nnet: 'models/x/train_val.prototxt'"),
            "solver.prototxt:2:1: net: there is no \"train_val.prototxt\" beside the solver");
  scratch_.write("a.prototxt", "name: 'a'");
  scratch_.write("b.prototxt", "name: 'b'");
  EXPECT_EQ(
      fault_of_solver("net: 'models/x/train_val.prototxt'"),
      "solver.prototxt:1:1: net: there is no \"train_val.prototxt\" beside the solver, and 2 other "
      "networks to choose from");
}

}  // namespace

}  // namespace omniphi::models
