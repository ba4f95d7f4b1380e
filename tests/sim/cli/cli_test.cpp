#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/support/scratch_directory.h"

namespace {

struct Result {
  int status = 0;
  std::string out;
  std::string err;
};

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// The program as users run it, in a folder of its own.
class Program : public testing::Test {
 protected:
  Result run(const std::string& arguments) {
    const std::string command =
        "cd '" + folder_.string() + "' && '" OMNIPHI_PROGRAM "' " + arguments + " >out 2>err";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), contents(folder_ / "out"), contents(folder_ / "err")};
  }

  std::filesystem::path write(const std::string& name, const std::string& text) {
    return scratch_.write(name, text);
  }

  const omniphi::ScratchDirectory scratch_;
  const std::filesystem::path folder_ = scratch_.path();
  const std::string source_ = OMNIPHI_SOURCE_DIR;
  const std::string quick_start_ = "'" + source_ + "/scenarios/resnet50-knl-opa.yaml'";
};

TEST_F(Program, PredictsTheSameToTheLastByteEachTime) {
  const Result first = run("predict " + quick_start_ + " --json a.json");
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(first.err, "");
  const Result second = run("predict " + quick_start_ + " --json b.json");
  EXPECT_EQ(first.out, second.out);
  EXPECT_EQ(contents(folder_ / "a.json"), contents(folder_ / "b.json"));
  EXPECT_FALSE(contents(folder_ / "a.json").empty());
}

TEST_F(Program, PrintsJsonAloneForADash) {
  const Result result = run("predict " + quick_start_ + " --json -");
  EXPECT_THAT(result.out, testing::StartsWith("{\n  \"omniphi_report\": 1"));
}

TEST_F(Program, EndsWithTwoAndWritesNothingForWrongInput) {
  write("bad.yaml", "omniphi: 1\nnodes: 3\n");
  const Result result = run("predict bad.yaml --json report.json");
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err,
            "bad.yaml:1:1: the key \"workload\" is missing: what is computed\n"
            "bad.yaml:1:1: the key \"cluster\" is missing: what computes it\n"
            "bad.yaml:1:1: the key \"software\" is missing: what runs it\n"
            "bad.yaml:2:1: unknown key \"nodes\" (known: omniphi, name, workload, training, "
            "cluster, mapping, software, "
            "prices)\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "report.json"));
}

TEST_F(Program, EndsWithTwoForOptionsItDoesNotKnow) {
  EXPECT_EQ(run("predict " + quick_start_ + " --fidelity exact").status, 2);
  EXPECT_EQ(run("predict " + quick_start_ + " --set cluster.nodes").status, 2);
  const Result unknown = run("predct x");
  EXPECT_EQ(unknown.status, 2);
  EXPECT_EQ(unknown.err, "no command \"predct\" (did you mean \"predict\"?); see --help\n");
  EXPECT_EQ(run("").status, 2);
}

TEST_F(Program, EndsWithOneForADesignThatDoesNotWork) {
  const Result result = run("predict " + quick_start_ + " --set cluster.nodes=5000");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, testing::HasSubstr("at most 1536 hosts"));
}

TEST_F(Program, ChecksWithoutPredicting) {
  EXPECT_EQ(run("check " + quick_start_).status, 0);
  write("twice.yaml", "omniphi: 1\nomniphi: 1\n");
  const Result result = run("check twice.yaml");
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, testing::StartsWith("twice.yaml:2:1: "));
}

TEST_F(Program, DescribesNetworksNodesFabricsAndScenarios) {
  EXPECT_THAT(run("describe resnet-50 --json -").out,
              testing::HasSubstr("\"parameters\": 25557032"));
  EXPECT_THAT(run("describe resnet-50 --json -").out,
              testing::HasSubstr("\"macs_per_sample\": 4089184256"));
  const std::string node = run("describe knl-7250 --json -").out;
  EXPECT_THAT(node, testing::HasSubstr("\"fp32\": 6092800000000"));
  EXPECT_THAT(node, testing::HasSubstr("\"mcdram\": 421700000000"));
  const std::string scenario = run("describe " + quick_start_ + " --json -").out;
  EXPECT_THAT(scenario, testing::HasSubstr("\"bisection_bytes_per_s\": 400000000000"));
  EXPECT_THAT(scenario, testing::HasSubstr("\"switches\": 6"));
  write("fabric.yaml", "{topology: fat-tree, switch: opa-edge-48, hosts: 24}\n");
  EXPECT_THAT(run("describe fabric.yaml --json -").out, testing::HasSubstr("\"links\": 24"));
  EXPECT_EQ(run("describe opa-edge-48").status, 0);
  EXPECT_EQ(run("describe intel-caffe-mlsl").status, 0);
}

TEST_F(Program, NamesTheNearestThingItCanDescribe) {
  const Result result = run("describe resnet-5O");
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.err,
            "\"resnet-5O\" is neither a file nor in the catalog (did you mean \"resnet-50\"?)\n");
}

TEST_F(Program, DescribesOtherKindsOfNode) {
  // 80 multiprocessors x 128 flop x 1.53 GHz
  const std::string gpu = run("describe v100 --json -").out;
  EXPECT_THAT(gpu, testing::HasSubstr("\"fp32\": 15667200000000"));
  EXPECT_THAT(gpu, testing::HasSubstr("\"stream_bandwidth\": {\n    \"hbm2\": 790000000000"));
  EXPECT_THAT(run("describe skx-8124m-2s --json -").out, testing::HasSubstr("\"price_usd\": null"));
}

TEST_F(Program, DescribesTheMachineItRunsOn) {
  const Result result = run("describe this-machine --json -");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, testing::HasSubstr("\"cores\": "));
  EXPECT_THAT(result.out, testing::HasSubstr("\"numa_nodes\": ["));
}

TEST_F(Program, SaysThatAStackHasNoKernelsForAKindOfNode) {
  const Result result =
      run("predict " + quick_start_ + " --set cluster.node=v100 --set cluster.memory_mode=flat");
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err,
              testing::HasSubstr("software.stack intel-caffe-mlsl, without a gpu_stack beside "
                                 "it, has no kernels for nodes of kind gpu"));
}

TEST_F(Program, ImportsAMachineThatCanBeDescribed) {
  const Result imported =
      run("import '" + source_ + "/tests/data/hwloc/hwloc-affinity-knl.xml' -o mine.yaml");
  EXPECT_EQ(imported.status, 0) << imported.err;
  EXPECT_THAT(run("describe mine.yaml --json -").out,
              testing::HasSubstr("\"fp32\": 5324800000000"));
  const Result unknown =
      run("import '" + source_ + "/tests/data/hwloc/Intel-Skylake-2xXeon6140.xml'");
  EXPECT_EQ(unknown.status, 0);
  EXPECT_THAT(unknown.err,
              testing::HasSubstr("17 values must be filled in before the entry can be used"));
  EXPECT_THAT(unknown.out, testing::HasSubstr("#   the key \"clock\" is missing: clock rates\n"));
}

TEST_F(Program, RefusesAMachineCutShort) {
  write("bad.xml", "<topology version=\"2.0\"><object type=\"Machine\"");
  const Result result = run("import bad.xml -o x.yaml");
  EXPECT_EQ(result.status, 2);
  EXPECT_EQ(result.err, "bad.xml: the file ends before </topology>\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.yaml"));
}

TEST_F(Program, ImportsOnnxAsANetworkOfTheSameNumbers) {
  const Result imported =
      run("import '" + source_ + "/tests/data/onnx/light_resnet50.onnx' -o mine.yaml");
  EXPECT_EQ(imported.status, 0) << imported.err;
  const std::string described = run("describe mine.yaml --json -").out;
  EXPECT_THAT(described, testing::HasSubstr("\"parameters\": 25557032"));
  EXPECT_THAT(described, testing::HasSubstr("\"macs_per_sample\": 4089184256"));
  const Result predicted = run("predict " + quick_start_ +
                               " --set workload.network=" + (folder_ / "mine.yaml").string());
  EXPECT_EQ(predicted.status, 0) << predicted.err;
}

TEST_F(Program, TakesNumbersForTheDimensionsThatAnOnnxFileLeavesOpen) {
  const std::string file = "'" + source_ + "/tests/data/onnx/tiny_random_gpt2_fp32_past.onnx'";
  const Result open = run("describe " + file);
  EXPECT_EQ(open.status, 2);
  EXPECT_THAT(open.err, testing::HasSubstr("give it one with --dimension seq_len=NUMBER"));
  const std::string numbers =
      " --dimension seq_len=8 --dimension total_seq_len=8 --dimension past_seq_len=0";
  const Result described = run("describe " + file + numbers);
  EXPECT_EQ(described.status, 0) << described.err;
  EXPECT_THAT(described.out, testing::HasSubstr("142112 parameters"));
  EXPECT_THAT(described.out, testing::HasSubstr("\nfree: 2 Cast, the first "));
  const Result imported = run("import " + file + numbers + " -o gpt2.yaml");
  EXPECT_EQ(imported.status, 0) << imported.err;
  EXPECT_THAT(run("describe gpt2.yaml --json -").out,
              testing::HasSubstr("\"macs_per_sample\": 768000"));
}

TEST_F(Program, RefusesADimensionThatIsNoNumber) {
  for (const char* wrong : {"seq_len", "seq_len=", "seq_len=8x", "seq_len=-1", "=8"}) {
    const Result result = run(std::string("describe any.onnx --dimension ") + wrong);
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.err, std::string("--dimension \"") + wrong + "\": expected NAME=NUMBER\n");
  }
}

TEST_F(Program, RefusesAFileThatIsNoOnnx) {
  write("page.onnx", "<html>not found</html>");
  const Result result = run("import page.onnx -o x.yaml");
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, testing::StartsWith("page.onnx: "));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.yaml"));
}

TEST_F(Program, WritesOneSchemaOrAllOfThem) {
  const Result scenario = run("schema scenario");
  EXPECT_THAT(
      scenario.out,
      testing::StartsWith("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\""));
  EXPECT_EQ(run("schema -o .").status, 0);
  EXPECT_EQ(contents(folder_ / "scenario.json"), scenario.out);
  EXPECT_FALSE(contents(folder_ / "report.json").empty());
  EXPECT_THAT(run("schema").out, testing::HasSubstr("\nreport       a report: "));
}

TEST_F(Program, RefusesASchemaThatThereIsNot) {
  const Result result = run("schema scenarios -o x.json");
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(
      result.err,
      testing::StartsWith("there is no schema \"scenarios\" (there are: scenario, report, "));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
}

TEST_F(Program, TellsItsVersionAndHelpsWithExamples) {
  EXPECT_EQ(run("--version").status, 0);
  for (const char* command : {"predict", "check", "describe", "import", "schema"}) {
    const Result result = run(std::string(command) + " --help");
    EXPECT_EQ(result.status, 0);
    EXPECT_THAT(result.out, testing::HasSubstr("Example: omniphi "));
  }
}

}  // namespace
