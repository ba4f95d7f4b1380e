#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "models/workload/network.h"

/// What the fuzz targets share. A target hands bytes to a reader; the reader may refuse them with a
/// ConfigError, and whatever else leaves it is a finding.
namespace omniphi::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Writes the bytes to a file of this process, the same each time, and names it.
std::filesystem::path file_of(std::string_view bytes, const std::string& name);

/// Asks everything of a network that was read: its complexity must fit 64 bits (UBSan watches), and
/// what is written of it must read back to the same. Aborts if it does not.
void examine(const models::Network& network);

}  // namespace omniphi::fuzz
