#include <csignal>

#include <pthread.h>
#include <sanitizer/common_interface_defs.h>

#include "hw/base/catalog.h"
#include "hw/base/yaml_reader.h"
#include "hw/node/hwloc.h"
#include "hw/node/imported_node.h"
#include "tests/fuzz/fuzzing.h"

namespace {

/// The reader lets a child process try each text, since libhwloc may crash on it: that is no
/// finding, and nothing to write a report of.
void let_children_crash() {
  __sanitizer_set_death_callback(nullptr);
  for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV}) std::signal(signal, SIG_DFL);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  return pthread_atfork(nullptr, nullptr, let_children_crash);
}

/// hwloc's XML, turned into a node as `omniphi import` does.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace omniphi;
  static const Catalog catalog(OMNIPHI_SOURCE_DIR "/configs");
  const std::filesystem::path file = fuzz::file_of(fuzz::text_of(data, size), "fuzz.xml");
  try {
    write_yaml(hw::imported_node(hw::read_hwloc_xml(file), catalog).tree);
  } catch (const ConfigError&) {
  }
  return 0;
}
