#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

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
  Result run(const std::string& arguments, const std::string& limits = "") {
    const std::string command = "cd '" + folder_.string() + "' && " + limits +
                                "'" OMNIPHI_PROGRAM "' " + arguments + " >out 2>err";
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

TEST_F(Program, DescribesWhatAFabricIsLikeAndDrawsIt) {
  write("torus.yaml", "{topology: torus, switch: ib-edr-36, dimensions: [4, 2], hosts: 8}\n");
  const Result described = run("describe torus.yaml --json torus.json --dot torus.dot");
  EXPECT_EQ(described.status, 0) << described.err;
  EXPECT_THAT(described.out, testing::HasSubstr("3 between switches at most"));
  EXPECT_THAT(described.out, testing::HasSubstr("impossible; virtual lanes: 2"));
  const std::string json = contents(folder_ / "torus.json");
  EXPECT_THAT(json, testing::HasSubstr("\"diameter_hops\": 3"));
  EXPECT_THAT(json, testing::HasSubstr("\"bisection_bytes_per_s\": 50000000000"));
  const std::string drawing = contents(folder_ / "torus.dot");
  EXPECT_THAT(drawing, testing::StartsWith("graph fabric {"));
  EXPECT_THAT(drawing, testing::HasSubstr("\"host-0\" -- \"switch-0\""));
  EXPECT_EQ(run("describe knl-7250 --dot -").status, 2);
  EXPECT_THAT(run("describe infiniband-edr").err,
              testing::EndsWith("infiniband-edr.yaml:2:1: the key \"hosts\" is missing: how many "
                                "nodes the fabric joins\n"));
}

TEST_F(Program, ImportsFabricsAndPredictsOnThem) {
  const std::string data = source_ + "/tests/data/fabrics/";
  EXPECT_EQ(run("import '" + data + "cluster_fat_tree.xml' -o tree.yaml").status, 0);
  const Result described = run("describe tree.yaml");
  EXPECT_THAT(described.out, testing::HasSubstr("16 to hosts, 16 between switches"));
  EXPECT_EQ(run("describe '" + data + "cluster_fat_tree.xml'").out, described.out);
  std::string fabric = contents(folder_ / "tree.yaml");
  write("hosts", "node-15 slots=1\n# none\nnode-2:1\n");
  const Result predicted =
      run("predict " + quick_start_ + " --set cluster.nodes=2 --set cluster.fabric='" + fabric +
          "' --set 'mapping.placement={order: listed, hosts: hosts}'");
  EXPECT_EQ(predicted.status, 0) << predicted.err;
  EXPECT_THAT(predicted.out, testing::HasSubstr("16 hosts, 6 switches, 32 cables"));
  const Result broken = run("import '" + data + "griffon.xml' -o none.yaml");
  EXPECT_EQ(broken.status, 2);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none.yaml"));
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
  std::string machine = contents(source_ + "/tests/data/hwloc/Intel-Skylake-2xXeon6140.xml");
  const std::string model = "Gold 6140";
  machine.replace(machine.find(model), model.size(), "Gold 6142");
  write("unknown.xml", machine);
  const Result unknown = run("import unknown.xml");
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
  for (const char* wrong : {"seq_len", "=8"}) {
    const Result result = run(std::string("describe any.onnx --dimension ") + wrong);
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.err, std::string("--dimension \"") + wrong + "\": expected NAME=NUMBER\n");
  }
  EXPECT_EQ(run("describe any.onnx --dimension seq_len=8x").err,
            "--dimension seq_len=8x: parameters.seq_len: expected a whole number, got \"8x\"\n");
  EXPECT_EQ(run("describe any.onnx --dimension seq_len=-1").err,
            "--dimension seq_len=-1: parameters.seq_len: must be at least 0, got \"-1\"\n");
}

TEST_F(Program, RefusesAFileThatIsNoOnnx) {
  write("page.onnx", "<html>not found</html>");
  const Result result = run("import page.onnx -o x.yaml");
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, testing::StartsWith("page.onnx: "));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.yaml"));
}

TEST_F(Program, RefusesWhatIsNoNetworkWithinASecondAnd256MegaBytes) {
#ifdef __SANITIZE_ADDRESS__
  const std::string limits;  // the sanitizer's shadow alone takes more
#else
  const std::string limits = "ulimit -t 1 && ulimit -v 262144 && ";
#endif
  const std::string deep(1'000'000, '{');
  for (const auto& [text, message] :
       {std::pair<std::string, std::string>{"", "is empty\n"},
        {"<html>not found</html>", "is a web page, no "},
        {"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer, not the file"},
        {deep, ""}}) {
    for (const char* file : {"bad.onnx", "bad.prototxt", "bad.yaml"}) {
      write(file, text);
      const Result result = run(std::string("describe ") + file, limits);
      EXPECT_EQ(result.status, 2) << file;
      EXPECT_THAT(result.err, testing::StartsWith(std::string(file) + ":"));
      EXPECT_THAT(result.err, testing::HasSubstr(message));
      EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
  }
}

TEST_F(Program, RefusesToImportAFileWhoseNameSaysNothing) {
  write("model.bin", "");
  EXPECT_EQ(run("import model.bin").err,
            "model.bin: its name does not say what it is: expected .onnx, .prototxt, "
            ".xml, .csv or .txt\n");
}

TEST_F(Program, ImportsCaffeAsANetworkOfTheSameNumbers) {
  const std::string file = "'" + source_ + "/tests/data/caffe/lenet/lenet_train_test.prototxt'";
  const Result open = run("import " + file + " -o lenet.yaml");
  EXPECT_EQ(open.status, 2);
  EXPECT_THAT(open.err, testing::HasSubstr("mnist: does not say what shape its samples have"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "lenet.yaml"));
  EXPECT_EQ(run("import " + file + " --input-shape 1x28x28 -o lenet.yaml").status, 0);
  EXPECT_THAT(contents(folder_ / "lenet.yaml"),
              testing::StartsWith("# Imported from lenet_train_test.prototxt.\n"
                                  "# The file has a batch of 64 (workload.batch_per_rank).\n"));
  const std::string described = run("describe lenet.yaml --json -").out;
  EXPECT_THAT(described, testing::HasSubstr("\"parameters\": 431080"));
  EXPECT_THAT(described, testing::HasSubstr("\"macs_per_sample\": 2293000"));
  EXPECT_THAT(run("import " + file + " --input-shape 1x28x28 --phase test").out,
              testing::HasSubstr("a batch of 100"));
  EXPECT_EQ(run("describe " + file + " --input-shape 1xx28").err,
            "--input-shape 1xx28: parameters.input_shape[1]: expected a whole number, got \"\"\n");
}

/// A folder of tests/data/caffe, what its solver becomes, and what of it a scenario cannot say.
struct SolverCase {
  std::string solver;
  std::string options;
  std::vector<std::string> lines;
};

class ImportedSolver : public Program, public testing::WithParamInterface<SolverCase> {};

TEST_P(ImportedSolver, IsAScenarioThatRuns) {
  const auto& [solver, options, lines] = GetParam();
  const Result imported = run("import '" + source_ + "/tests/data/caffe/" + solver + ".prototxt' " +
                              options + " -o run.yaml");
  EXPECT_EQ(imported.status, 0) << imported.err;
  const std::string scenario = contents(folder_ / "run.yaml");
  for (const std::string& line : lines) EXPECT_THAT(scenario, testing::HasSubstr(line + '\n'));
  const Result predicted = run("predict run.yaml");
  EXPECT_EQ(predicted.status, 0) << predicted.err;
}

// Epochs are max_iter x batch x ranks / 1,281,167, which the solvers' own comments confirm where
// they have any: 100 epochs (4000 x 512 x 64: 102.3), 90 (14,075 x 128 x 64 and x 32 x 256), 65
// (81,315 x 32 x 32, with 8 processes a node by its README), 100 (62,500 x 64 x 32).
INSTANTIATE_TEST_SUITE_P(
    Program,
    ImportedSolver,
    testing::Values(
        SolverCase{"multinode/alexnet_4nodes/solver",
                   "",
                   {"  batch_per_rank: 256", "  dataset: imagenet-1k", "  nodes: 4"}},
        SolverCase{"multinode/alexnet_bn_64nodes/solver",
                   "",
                   {"  batch_per_rank: 512",
                    "  nodes: 64",
                    "  ranks_per_node: 1",
                    "    epochs: 102.3",
                    "# Not modelled: learning rate 32, policy poly",
                    "# Not modelled: a rate for each layer (LARS), ratio 0.001",
                    "# Not modelled: momentum 0.9"}},
        SolverCase{"multinode/default_resnet50_64nodes/solver",
                   "",
                   {"  batch_per_rank: 128",
                    "  nodes: 64",
                    "    epochs: 90",
                    "# Not modelled: statistics of batch normalisation are of 32 samples each"}},
        SolverCase{"multinode/resnet_50_256_nodes_8k_batch/solver",
                   "",
                   {"  batch_per_rank: 32", "  nodes: 256", "    epochs: 90"}},
        SolverCase{
            "multinode/resnet50_4nodes_4s/solver",
            "",
            {"  batch_per_rank: 32", "  nodes: 4", "  ranks_per_node: 8", "    epochs: 64.99"}},
        SolverCase{"multinode/googlenet_4nodes/solver", "", {"  batch_per_rank: 64", "  nodes: 4"}},
        SolverCase{"multinode/googlenet_v3_32nodes_2k_batch/solver",
                   "",
                   {"  batch_per_rank: 64", "  nodes: 32", "    epochs: 99.91"}},
        SolverCase{"multinode/vgg_16_16nodes_1k_batch/solver",
                   "",
                   {"  batch_per_rank: 64",
                    "  nodes: 16",
                    "  strategy: data-parallel",
                    "# Not modelled: warm-up from rate 0.003 over 6255 iterations"}},
        SolverCase{"multinode/vgg_16_16nodes_1k_batch/solver_grad_compress",
                   "",
                   {"  batch_per_rank: 32",
                    "# Not modelled: gradients of these layers are compressed: InnerProduct"}},
        SolverCase{"bvlc_alexnet/solver",
                   "",
                   {"  batch_per_rank: 256",
                    "  nodes: 1",
                    "# No file says how many nodes there are: cluster.nodes is 1."}},
        SolverCase{
            "lenet/lenet_solver", "--input-shape 1x28x28", {"      input_shape: [1, 28, 28]"}},
        SolverCase{
            "cifar10/cifar10_full_solver", "--input-shape 3x32x32", {"  batch_per_rank: 100"}}),
    [](const auto& tested) {
      std::string name = tested.param.solver;
      for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
      return name;
    });

TEST_F(Program, WritesASolversOwnNetworkInPlace) {
  write("solver.prototxt",
        "base_lr: 0.1 lr_policy: 'a\\nb' type: 'Adam' iter_size: 2 net_param {\n"
        " input: 'x' input_shape { dim: 4 dim: 2 }\n"
        " layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'y'"
        " inner_product_param { num_output: 3 } } }");
  const Result imported = run("import solver.prototxt -o run.yaml");
  EXPECT_EQ(imported.status, 0) << imported.err;
  const std::string scenario = contents(folder_ / "run.yaml");
  EXPECT_THAT(scenario, testing::HasSubstr("op: inner-product"));
  EXPECT_THAT(scenario,
              testing::HasSubstr("# The solver is \"Adam\"; its update is taken to cost"));
  EXPECT_THAT(scenario, testing::HasSubstr("# Not modelled: gradients of 2 batches make one step"));
  EXPECT_THAT(scenario, testing::HasSubstr("# Not modelled: learning rate 0.1, policy a?b\n"));
  EXPECT_EQ(run("predict run.yaml").status, 0);
}

TEST_F(Program, PredictsANetworkInCaffesOwnFile) {
  const Result result = run("predict " + quick_start_ + " --set workload.network='" + source_ +
                            "/tests/data/caffe/bvlc_alexnet/train_val.prototxt'");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, testing::HasSubstr("60965224 parameters"));
}

// Two products of 4 x 8 and 8 x 2 weights, 3 samples, in double precision: forward reads 3 x 4
// activations and 40 parameters and writes 3 x 8, then 3 x 8, 18 and 3 x 2: 76 and 48 elements.
TEST_F(Program, DescribesWhatEachPhaseMovesInAStep) {
  write(
      "net.yaml",
      "parameters: {width: 1}\n"
      "layers: [{name: x, op: input, shape: [4]}, {name: a, op: inner-product, features: $width}, "
      "{name: r, op: reshape, shape: [2, 4]}, {name: b, op: inner-product, features: 2}]\n");
  const std::string sizes =
      "describe net.yaml --set workload.network.parameters.width=8 "
      "--set workload.batch_per_rank=3 --set workload.precision=fp64 ";
  const std::string json = run(sizes + "--json -").out;
  EXPECT_THAT(json, testing::HasSubstr("\"batch_per_rank\": 3"));
  EXPECT_THAT(json, testing::HasSubstr("\"step_bytes\": 608"));  // 76 x 8
  EXPECT_THAT(json, testing::HasSubstr("\"step_bytes\": 384"));  // 48 x 8
  EXPECT_THAT(json, testing::HasSubstr("\"step_flop\": 216"));   // 3 (2 x 32 + 8)
  EXPECT_THAT(json, testing::HasSubstr("\"step_bytes\": 992"));  // both
  const Result text = run(sizes);
  EXPECT_THAT(text.out, testing::HasSubstr("a step of 3 samples in fp64\n"));
  EXPECT_THAT(text.out, testing::HasSubstr("free: r (reshape) only handle shapes or constants"));
  EXPECT_THAT(run(sizes + "--set workload.task=inference").out,
              testing::Not(testing::HasSubstr("update")));
  EXPECT_EQ(run(sizes + "--set cluster.nodes=3").err,
            "--set cluster.nodes=3: unknown key \"cluster\" (known: workload)\n");
  EXPECT_EQ(run("describe knl-7250 --set workload.batch_per_rank=3").status, 2);
}

TEST_F(Program, DrawsTheLayersOfANetwork) {
  write("net.yaml",
        "layers: [{name: x, op: input, shape: [4]}, {name: 'a \"b\"', op: inner-product, "
        "features: 4, bias: false}, {name: c, op: inner-product, features: 4, bias: false, shares: "
        "'a \"b\"'}]\n");
  const Result drawn = run("describe net.yaml --dot net.dot");
  EXPECT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_EQ(contents(folder_ / "net.dot"),
            "digraph \"net\" {\n"
            "  node [shape=box];\n"
            "  \"x\" [label=\"x\\ninput\\n4\"];\n"
            "  \"a \\\"b\\\"\" [label=\"a \\\"b\\\"\\ninner-product\\n4\\n16 parameters\\n1.6e-05 "
            "MMAC\"];\n"
            "  \"x\" -> \"a \\\"b\\\"\";\n"
            "  \"c\" [label=\"c\\ninner-product\\n4\\n1.6e-05 MMAC\"];\n"
            "  \"a \\\"b\\\"\" -> \"c\";\n"
            "  \"a \\\"b\\\"\" -> \"c\" [style=dashed, label=weights, constraint=false];\n"
            "}\n");
  EXPECT_EQ(run("describe knl-7250 --dot -").err,
            "--dot draws networks and fabrics, and \"knl-7250\" is neither\n");
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
