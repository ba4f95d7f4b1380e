#include "sim/cli/output.h"

#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace omniphi::sim {

namespace {

void write_stdout(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) throw std::runtime_error("stdout cannot be written");
}

}  // namespace

void write_output(const std::string& where, std::string_view text) {
  if (where == "-") return write_stdout(text);
  const std::filesystem::path target(where);
  // A pipe or a device has no content to protect, and must not be replaced by a file.
  const bool special = std::filesystem::exists(target) && !std::filesystem::is_regular_file(target);
  const std::filesystem::path file = special ? target : std::filesystem::path(where + ".partial");
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  std::error_code error;
  if (stream && !special) std::filesystem::rename(file, target, error);
  if (!stream || error) {
    std::error_code ignored;
    if (!special) std::filesystem::remove(file, ignored);
    throw std::runtime_error(fmt::format("{}: cannot be written", where));
  }
}

std::string yaml_comment(std::string_view text) {
  std::string line = "# ";
  for (const char c : text) line += std::iscntrl(static_cast<unsigned char>(c)) ? '?' : c;
  return line + '\n';
}

}  // namespace omniphi::sim
