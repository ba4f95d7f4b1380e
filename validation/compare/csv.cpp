#include "validation/compare/csv.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>

// Files are small and already in memory: a thread that reads ahead would be of no use.
#define CSV_IO_NO_THREAD
// Its copies of names are cut on purpose, which the compiler questions once they are inlined here.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#include <libfccp/csv.h>
#pragma GCC diagnostic pop

#include "hw/base/yaml_reader.h"

namespace omniphi::validation {

namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20;
constexpr std::size_t kMaximumColumns = 40;  // the parser wants their number when it is compiled

using Parser =
    io::CSVReader<kMaximumColumns, io::trim_chars<' ', '\t'>, io::double_quote_escape<',', '"'>>;
using Names = std::array<std::string, kMaximumColumns>;
using Cells = std::array<char*, kMaximumColumns>;

/// The names asked for, then names that no header has.
Names parser_names(const CsvColumns& columns) {
  Names names;
  std::size_t used = 0;
  for (const auto* list : {&columns.required, &columns.optional}) {
    for (const std::string& name : *list) {
      if (used == kMaximumColumns) throw std::logic_error("a CSV reader with too many columns");
      names[used++] = name;
    }
  }
  for (; used < kMaximumColumns; ++used) names[used] = fmt::format("\x01{}", used);
  return names;
}

/// One file being read.
class Reading {
 public:
  Reading(const std::filesystem::path& file, const CsvColumns& columns, Diagnostics& diagnostics)
      : file_(std::make_shared<const std::string>(file.string())),
        text_(read_text_file(file, kLargestFile)),
        columns_(columns),
        names_(parser_names(columns)),
        diagnostics_(diagnostics),
        parser_(*file_, text_.data(), text_.data() + text_.size()) {}

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> rows;
    try {
      if (!read_header()) return rows;
      while (auto row = next_row()) rows.push_back(std::move(*row));
    } catch (const io::error::header_missing&) {
      fault("expected a line of column names");
    } catch (const io::error::duplicated_column_in_header& e) {
      fault(fmt::format("the column {} is there twice", in_quotes(e.column_name)));
    } catch (const io::error::too_few_columns&) {
      fault("fewer cells than the header has");
    } catch (const io::error::too_many_columns&) {
      fault("more cells than the header has");
    } catch (const io::error::escaped_string_not_closed&) {
      fault("a quoted cell does not end on its line");
    } catch (const io::error::base&) {
      fault("this is no line of CSV");
    }
    return rows;
  }

 private:
  [[nodiscard]] Place place() const {
    return {file_, std::max(1, static_cast<int>(parser_.get_file_line())), 0};
  }

  void fault(std::string message) { diagnostics_.error(place(), "", std::move(message)); }

  /// Whether every column that must be there is.
  bool read_header() {
    std::apply(
        [&](const auto&... name) {
          parser_.read_header(io::ignore_extra_column | io::ignore_missing_column, name...);
        },
        names_);
    bool complete = true;
    for (const std::string& name : columns_.required) {
      if (parser_.has_column(name)) continue;
      fault(fmt::format("the column \"{}\" is missing", name));
      complete = false;
    }
    return complete;
  }

  std::optional<CsvRow> next_row() {
    Cells cells{};
    const bool found = std::apply([&](auto&... cell) { return parser_.read_row(cell...); }, cells);
    if (!found) return std::nullopt;
    std::map<std::string, std::string, std::less<>> texts;
    for (std::size_t c = 0; c < kMaximumColumns; ++c) {
      if (cells[c] && *cells[c]) texts.emplace(names_[c], cells[c]);
    }
    return CsvRow(place(), std::move(texts));
  }

  std::shared_ptr<const std::string> file_;
  std::string text_;
  const CsvColumns& columns_;
  Names names_;
  Diagnostics& diagnostics_;
  Parser parser_;
};

template <class T>
std::optional<T> parsed(const std::string& text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && last == end ? std::optional(value) : std::nullopt;
}

}  // namespace

const std::string& CsvRow::text(std::string_view column) const {
  static const std::string kEmpty;
  const auto cell = cells_.find(column);
  return cell == cells_.end() ? kEmpty : cell->second;
}

double CsvRow::positive(std::string_view column, Diagnostics& diagnostics) const {
  const std::optional<double> value = parsed<double>(text(column));
  if (value && *value > 0 && std::isfinite(*value)) return *value;
  diagnostics.error(
      place_, column, fmt::format("expected a number above 0, got {}", in_quotes(text(column))));
  return 1;
}

std::int64_t CsvRow::count(std::string_view column, Diagnostics& diagnostics, bool zero) const {
  constexpr std::int64_t kLargest = 1'000'000'000;
  const std::optional<std::int64_t> value = parsed<std::int64_t>(text(column));
  if (value && *value >= (zero ? 0 : 1) && *value <= kLargest) return *value;
  diagnostics.error(
      place_,
      column,
      fmt::format(
          "expected a whole number from {} on, got {}", zero ? 0 : 1, in_quotes(text(column))));
  return 1;
}

std::vector<CsvRow> read_csv(const std::filesystem::path& file,
                             const CsvColumns& columns,
                             Diagnostics& diagnostics) {
  return Reading(file, columns, diagnostics).rows();
}

}  // namespace omniphi::validation
