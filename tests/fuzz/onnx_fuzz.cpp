#include "models/workload/importers/onnx.h"
#include "tests/fuzz/fuzzing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace omniphi;
  const std::filesystem::path file = fuzz::file_of(fuzz::text_of(data, size), "fuzz.onnx");
  try {
    fuzz::examine(models::read_onnx(file));
  } catch (const ConfigError&) {
  }
  return 0;
}
