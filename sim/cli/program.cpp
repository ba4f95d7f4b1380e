#include "sim/cli/program.h"

#include <cstdlib>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "hw/base/error.h"

namespace omniphi::sim {

void set_up_log() {
  spdlog::set_default_logger(spdlog::stderr_color_mt("omniphi"));
  spdlog::set_pattern("%v");
}

Exit run_command(std::string_view program, const std::function<Exit()>& command) {
  try {
    return command();
  } catch (const ConfigError& error) {
    spdlog::error("{}", error.what());
    return Exit::WrongInput;
  } catch (const std::exception& error) {
    spdlog::error("{}: {}", program, error.what());
    return Exit::Failed;
  }
}

std::filesystem::path program_folder() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

std::filesystem::path shipped_folder(std::string_view installed, std::string_view source) {
  const std::filesystem::path folder = program_folder().parent_path() / installed;
  std::error_code error;
  return std::filesystem::is_directory(folder, error) ? folder : std::filesystem::path(source);
}

Catalog catalog_in_force(const std::string& option) {
  if (!option.empty()) return Catalog(option);
  if (const char* variable = std::getenv("OMNIPHI_CATALOG")) return Catalog(variable);
  return Catalog(shipped_folder(OMNIPHI_INSTALLED_CATALOG, OMNIPHI_SOURCE_CATALOG));
}

}  // namespace omniphi::sim
