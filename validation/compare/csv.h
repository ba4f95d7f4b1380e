#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/error.h"

namespace omniphi::validation {

/// One line of a CSV file: the columns asked for, as text.
class CsvRow {
 public:
  CsvRow(Place place, std::map<std::string, std::string, std::less<>> cells)
      : place_(std::move(place)), cells_(std::move(cells)) {}

  [[nodiscard]] const Place& place() const { return place_; }

  /// "" for an empty cell, and for a column that the file does not have.
  [[nodiscard]] const std::string& text(std::string_view column) const;

  [[nodiscard]] bool given(std::string_view column) const { return !text(column).empty(); }

  /// A finite number above 0. A fault goes to `diagnostics`, and the answer is then 1.
  double positive(std::string_view column, Diagnostics& diagnostics) const;

  /// A whole number from 1 to 10^9 (or 0, if that is allowed); 1 for a fault.
  std::int64_t count(std::string_view column, Diagnostics& diagnostics, bool zero = false) const;

 private:
  Place place_;
  std::map<std::string, std::string, std::less<>> cells_;
};

/// Columns of a file by name, at most 40 in all; others in the file are passed over.
struct CsvColumns {
  std::vector<std::string> required;
  std::vector<std::string> optional;
};

/// The lines of a file with a header line, at most 16 MiB of it. Cells may stand in double quotes.
/// Every fault goes to `diagnostics` with file and line; reading ends at the first line that has
/// too few or too many cells.
std::vector<CsvRow> read_csv(const std::filesystem::path& file,
                             const CsvColumns& columns,
                             Diagnostics& diagnostics);

}  // namespace omniphi::validation
