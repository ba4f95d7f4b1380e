#include "validation/compare/statistics.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace omniphi::validation {

namespace {

using models::ValidationRow;
using models::ValidationTable;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

bool belongs(const ValidationRow& row, const ValidationTable& table) {
  return row.table == table.table && row.phase == table.phase && row.group == table.group;
}

/// The scored rows of one table.
struct Scored {
  std::vector<Comparison> predictions;
  std::vector<Comparison> baselines;
  std::int64_t in_range = 0;
};

void count(const ValidationRow& row, ValidationTable& table, Scored& scored) {
  ++table.rows;
  if (!row.covered) ++table.not_covered;
  if (!row.scored) return;
  ++table.scored;
  scored.predictions.push_back({row.measured, row.predicted});
  if (row.baseline) scored.baselines.push_back({row.measured, *row.baseline});
  if (row.low <= row.measured && row.measured <= row.high) ++scored.in_range;
  table.fitted_parameters = std::max(table.fitted_parameters, row.fitted_parameters);
}

void summarise(const Scored& scored, ValidationTable& table) {
  if (const auto errors = error_summary(scored.predictions)) {
    table.mape = errors->mape;
    table.median_ape = errors->median_ape;
    table.max_ape = errors->max_ape;
    table.bias = errors->bias;
  }
  if (const auto errors = error_summary(scored.baselines)) table.baseline_mape = errors->mape;
}

/// Tables whose rows are counted together.
struct Pool {
  std::vector<std::size_t> tables;
  std::int64_t rows = 0;
  std::int64_t in_range = 0;

  void add(const Pool& other) {
    tables.insert(tables.end(), other.tables.begin(), other.tables.end());
    rows += other.rows;
    in_range += other.in_range;
  }
};

models::IntervalCoverage coverage(const Pool& pool, double level) {
  models::IntervalCoverage coverage{level, std::nullopt, pool.rows};
  if (pool.rows > 0) {
    coverage.coverage = static_cast<double>(pool.in_range) / static_cast<double>(pool.rows);
  }
  return coverage;
}

/// The table of the row, and the one of its subset, if they are not there yet.
void add_tables(const ValidationRow& row, std::vector<ValidationTable>& tables) {
  const auto same = [&](const std::string& subset) {
    return std::find_if(tables.begin(), tables.end(), [&](const ValidationTable& table) {
      return belongs(row, table) && table.subset == subset;
    });
  };
  const auto add = [&](auto place, const std::string& subset) {
    ValidationTable table;
    table.table = row.table;
    table.phase = row.phase;
    table.group = row.group;
    table.subset = subset;
    tables.insert(place, std::move(table));
  };
  if (same("") == tables.end()) add(tables.end(), "");
  if (same(row.subset) != tables.end()) return;
  const auto last = std::find_if(
      tables.rbegin(), tables.rend(), [&](const auto& table) { return belongs(row, table); });
  add(last.base(), row.subset);
}

std::vector<Pool> pooled(const std::vector<ValidationTable>& tables,
                         const std::vector<Scored>& scored) {
  std::vector<Pool> full;
  Pool small;
  std::optional<std::size_t> last;  // pool of small tables
  for (std::size_t t = 0; t < tables.size(); ++t) {
    if (!tables[t].subset.empty()) continue;
    const Pool one{{t}, tables[t].scored, scored[t].in_range};
    if (one.rows >= kCoverageRows) {
      full.push_back(one);
      continue;
    }
    small.add(one);
    if (small.rows < kCoverageRows) continue;
    last = full.size();
    full.push_back(std::exchange(small, {}));
  }
  if (last) {
    full[*last].add(small);
  } else {
    full.push_back(small);
  }
  return full;
}

}  // namespace

std::optional<ErrorSummary> error_summary(const std::vector<Comparison>& rows) {
  if (rows.empty()) return std::nullopt;
  ErrorSummary summary;
  std::vector<double> errors;
  for (const Comparison& row : rows) {
    const double relative = row.predicted / row.measured - 1;
    errors.push_back(std::abs(relative));
    summary.mape += std::abs(relative);
    summary.bias += relative;
  }
  summary.mape /= static_cast<double>(rows.size());
  summary.bias /= static_cast<double>(rows.size());
  summary.max_ape = *std::max_element(errors.begin(), errors.end());
  summary.median_ape = median(std::move(errors));
  return summary;
}

std::vector<ValidationTable> tabulated(const std::vector<ValidationRow>& rows, double level) {
  std::vector<ValidationTable> tables;
  for (const ValidationRow& row : rows) add_tables(row, tables);
  std::vector<Scored> scored(tables.size());
  for (const ValidationRow& row : rows) {
    for (std::size_t t = 0; t < tables.size(); ++t) {
      if (belongs(row, tables[t]) && (tables[t].subset.empty() || row.subset == tables[t].subset)) {
        count(row, tables[t], scored[t]);
      }
    }
  }
  for (std::size_t t = 0; t < tables.size(); ++t) summarise(scored[t], tables[t]);
  for (const Pool& pool : pooled(tables, scored)) {
    for (const std::size_t t : pool.tables) tables[t].interval = coverage(pool, level);
  }
  for (std::size_t t = 1; t < tables.size(); ++t) {
    if (tables[t].subset.empty()) continue;
    const Pool own{{t}, tables[t].scored, scored[t].in_range};
    tables[t].interval = own.rows >= kCoverageRows ? coverage(own, level) : tables[t - 1].interval;
  }
  return tables;
}

}  // namespace omniphi::validation
