#include "hw/base/mistaken_file.h"

#include <fmt/format.h>

namespace omniphi {

std::string mistaken_file(std::string_view bytes, std::string_view kind) {
  if (bytes.empty()) return "is empty";
  if (bytes.starts_with("version https://git-lfs")) {
    return "is a Git LFS pointer, not the file it stands for";
  }
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '<') {
    return fmt::format("is a web page, no {}", kind);
  }
  return "";
}

}  // namespace omniphi
