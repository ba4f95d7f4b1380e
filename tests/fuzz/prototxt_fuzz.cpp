#include "models/workload/importers/caffe.h"
#include "models/workload/importers/caffe_solver.h"
#include "tests/fuzz/fuzzing.h"

/// Caffe's text: a solver with its network, or else a network.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace omniphi;
  const std::filesystem::path file = fuzz::file_of(fuzz::text_of(data, size), "fuzz.prototxt");
  models::CaffeOptions options;
  options.input_shapes[""] = {{1, 28, 28}};  // for data layers without a size
  try {
    const auto solver = models::read_caffe_solver(file, options);
    const models::CaffeNetwork read = solver ? solver->network : models::read_caffe(file, options);
    fuzz::examine(read.network);
  } catch (const ConfigError&) {
  }
  return 0;
}
