#include "tests/fuzz/fuzzing.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

#include "hw/base/yaml_reader.h"
#include "models/workload/complexity.h"
#include "models/workload/network_yaml.h"

namespace omniphi::fuzz {

namespace {

[[noreturn]] void fail(const char* what, const std::string& detail) {
  std::fprintf(stderr, "%s: %s\n", what, detail.c_str());
  std::abort();
}

const std::filesystem::path& own_folder() {
  static const std::filesystem::path folder = [] {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("omniphi-fuzz-" + std::to_string(getpid()));
    std::filesystem::create_directories(path);
    std::atexit([] { std::filesystem::remove_all(own_folder()); });
    return path;
  }();
  return folder;
}

models::Network read_back(const models::Network& network) {
  const std::string yaml = write_yaml(models::write_network(network));
  Diagnostics diagnostics;
  const ConfigNode tree = read_yaml(yaml, "written.yaml", diagnostics, {64u << 20, 4'000'000, 64});
  models::Network again;
  if (diagnostics.empty()) again = models::read_network(tree, network.name, diagnostics);
  try {
    diagnostics.throw_if_any();
  } catch (const ConfigError& error) {
    fail("what was written does not read back", error.what());
  }
  return again;
}

}  // namespace

std::filesystem::path file_of(std::string_view bytes, const std::string& name) {
  const std::filesystem::path file = own_folder() / name;
  std::ofstream(file, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return file;
}

void examine(const models::Network& network) {
  const models::Complexity before = models::complexity(network);
  const models::Complexity after = models::complexity(read_back(network));
  const bool same = before.parameters == after.parameters &&
                    before.statistics == after.statistics && before.phases == after.phases &&
                    before.activations == after.activations;
  if (!same) fail("what was written reads back to another network", network.name);
}

}  // namespace omniphi::fuzz
