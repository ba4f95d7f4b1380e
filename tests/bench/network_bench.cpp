// `omniphi describe` on networks of a thousand layers, as a user runs it, start of the program
// included. Wanted: under 0.3 s for each kind of file.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include "tests/models/workload/importers/onnx_models.h"
#include "tests/support/scratch_directory.h"

namespace omniphi {
namespace {

constexpr int kLayers = 1000;

/// Every other layer is a convolution, the others are activations.
bool convolves(int layer) {
  return layer % 2 == 1;
}

std::string yaml() {
  std::string text = "layers:\n  - {name: l0, op: input, shape: [8, 14, 14]}\n";
  for (int i = 1; i <= kLayers; ++i) {
    text +=
        convolves(i)
            ? fmt::format("  - {{name: l{}, op: convolution, channels: 8, kernel: 3, pad: 1}}\n", i)
            : fmt::format("  - {{name: l{}, op: activation}}\n", i);
  }
  return text;
}

/// The same from blocks: what is written is short, what is read is as long.
std::string yaml_of_blocks() {
  return fmt::format(
      "blocks: {{pair: {{layers: [{{name: conv, op: convolution, channels: 8, kernel: 3, pad: 1}}, "
      "{{name: act, op: activation}}]}}}}\n"
      "layers: [{{name: l0, op: input, shape: [8, 14, 14]}}, {{name: pairs, block: pair, repeat: "
      "{}}}]\n",
      kLayers / 2);
}

std::string prototxt() {
  std::string text =
      "layer { name: 'l0' type: 'Input' top: 'l0' input_param { shape { dim: 1 dim: 8 dim: 14 dim: "
      "14 } } }\n";
  for (int i = 1; i <= kLayers; ++i) {
    text += fmt::format("layer {{ name: 'l{0}' bottom: 'l{1}' top: 'l{0}' ", i, i - 1);
    text += convolves(i) ? "type: 'Convolution' convolution_param { num_output: 8 kernel_size: 3 "
                           "pad: 1 } }\n"
                         : "type: 'ReLU' }\n";
  }
  return text;
}

std::string onnx_model() {
  std::string graph =
      "g (float[1, 8, 14, 14] l0) => (float[1, 8, 14, 14] l" + std::to_string(kLayers) + ") {\n";
  models::Weights weights;
  for (int i = 1; i <= kLayers; ++i) {
    if (convolves(i)) {
      weights[fmt::format("w{}", i)] = {8, 8, 3, 3};
      graph += fmt::format("l{0} = Conv <pads = [1, 1, 1, 1]> (l{1}, w{0})\n", i, i - 1);
    } else {
      graph += fmt::format("l{} = Relu (l{})\n", i, i - 1);
    }
  }
  return models::model_of(graph + "}", weights).SerializeAsString();
}

/// Processor time of the programs that have run, which other work on the machine does not lengthen.
double seconds_of_children() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void describe(benchmark::State& state, const std::string& name, const std::string& content) {
  const ScratchDirectory scratch;
  const std::filesystem::path file = scratch.write(name, content);
  const std::string command = "'" OMNIPHI_PROGRAM "' describe '" + file.string() + "' > /dev/null";
  for (auto _ : state) {
    const double before = seconds_of_children();
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
    state.SetIterationTime(seconds_of_children() - before);
  }
}

void measure(benchmark::internal::Benchmark* benchmark) {
  benchmark->Unit(benchmark::kMillisecond)->UseManualTime();
}

BENCHMARK_CAPTURE(describe, yaml, "net.yaml", yaml())->Apply(measure);
BENCHMARK_CAPTURE(describe, yaml_of_blocks, "net.yaml", yaml_of_blocks())->Apply(measure);
BENCHMARK_CAPTURE(describe, prototxt, "net.prototxt", prototxt())->Apply(measure);
BENCHMARK_CAPTURE(describe, onnx, "net.onnx", onnx_model())->Apply(measure);

}  // namespace
}  // namespace omniphi

BENCHMARK_MAIN();
