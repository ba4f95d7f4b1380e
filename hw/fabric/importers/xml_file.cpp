#include "hw/fabric/importers/xml_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace omniphi::hw {

namespace {

constexpr std::uintmax_t kLargestFile = 256u << 20;

Place whole_file(const std::filesystem::path& file) {
  return {std::make_shared<const std::string>(file.string()), 0, 0};
}

}  // namespace

void refuse_at(const Place& place, std::string message) {
  Diagnostics faults;
  faults.error(place, "", std::move(message));
  faults.throw_if_any();
  throw std::logic_error("a fault that was not thrown");
}

std::string file_text(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) refuse_at(whole_file(file), "cannot be read");
  if (size > kLargestFile) refuse_at(whole_file(file), "is larger than 256 MiB");
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof()) refuse_at(whole_file(file), "cannot be read");
  return text;
}

XmlFile::XmlFile(const std::filesystem::path& file)
    : name_(std::make_shared<const std::string>(file.string())), text_(file_text(file)) {
  const pugi::xml_parse_result result = document_.load_buffer(text_.data(), text_.size());
  if (result) return;
  refuse_at(place_at(result.offset), fmt::format("this is no XML: {}", result.description()));
}

void XmlFile::refuse(pugi::xml_node node, std::string message) const {
  refuse_at(place(node), std::move(message));
}

Place XmlFile::place_at(std::ptrdiff_t offset) const {
  const auto end = text_.begin() + std::clamp<std::ptrdiff_t>(offset, 0, std::ssize(text_));
  const auto lines = std::count(text_.begin(), end, '\n');
  return {name_, static_cast<int>(lines) + 1, 0};
}

}  // namespace omniphi::hw
