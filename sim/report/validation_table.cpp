#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/report/table.h"
#include "sim/report/validation.h"

namespace omniphi::sim {

namespace {

using models::Validation;
using models::ValidationRow;
using models::ValidationTable;
using Cells = std::vector<std::string>;

constexpr std::size_t kWorstRows = 10;

std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.1f} %", 100 * *share) : "";
}

std::string joined(const std::string& table,
                   const std::string& phase,
                   const std::string& group,
                   const std::string& subset = "") {
  std::string name = table;
  for (const std::string& part : {phase, group, subset}) {
    if (!part.empty()) name += ' ' + part;
  }
  return name;
}

/// "80 % of 81", pooled rows named where the table alone had too few.
std::string coverage(const ValidationTable& table) {
  const models::IntervalCoverage& interval = table.interval;
  if (!interval.coverage || table.scored == 0) return "";
  const std::string share = percent(interval.coverage);
  return interval.rows == table.scored ? share
                                       : fmt::format("{} of {} pooled", share, interval.rows);
}

Cells table_cells(const ValidationTable& t) {
  return {joined(t.table, t.phase, t.group, t.subset),
          std::to_string(t.rows),
          std::to_string(t.scored),
          std::to_string(t.not_covered),
          percent(t.mape),
          percent(t.median_ape),
          percent(t.max_ape),
          t.bias ? fmt::format("{:+.1f} %", 100 * *t.bias) : "",
          coverage(t),
          t.scored > 0 ? std::to_string(t.fitted_parameters) : "",
          percent(t.baseline_mape)};
}

std::string range_heading(const Validation& validation) {
  const double level = validation.tables.empty() ? 0 : validation.tables.front().interval.level;
  return level > 0 ? fmt::format("in {:.0f} % range", 100 * level) : "in range";
}

/// Tables of one file without any prediction make one line.
std::vector<Cells> tables_cells(const Validation& validation) {
  std::vector<Cells> lines{{"table",
                            "rows",
                            "scored",
                            "not covered",
                            "MAPE",
                            "median",
                            "max",
                            "bias",
                            range_heading(validation),
                            "fitted",
                            "roofline MAPE"}};
  std::vector<ValidationTable> blank;
  for (const ValidationTable& table : validation.tables) {
    if (table.not_covered < table.rows) {
      lines.push_back(table_cells(table));
      continue;
    }
    if (!table.subset.empty()) continue;
    const auto same = std::find_if(blank.begin(), blank.end(), [&](const ValidationTable& b) {
      return b.table == table.table;
    });
    if (same == blank.end()) {
      blank.push_back(table);
    } else {
      same->phase.clear();
      same->group = "(several)";
      same->rows += table.rows;
      same->not_covered += table.not_covered;
    }
  }
  for (const ValidationTable& table : blank) lines.push_back(table_cells(table));
  return lines;
}

double distance(const ValidationRow& row) {
  return std::abs(std::log(row.predicted / row.measured));
}

std::vector<Cells> worst_cells(const Validation& validation) {
  std::vector<const ValidationRow*> worst;
  for (const ValidationRow& row : validation.rows) {
    if (row.scored) worst.push_back(&row);
  }
  std::stable_sort(worst.begin(), worst.end(), [](const auto* a, const auto* b) {
    return distance(*a) > distance(*b);
  });
  worst.resize(std::min(worst.size(), kWorstRows));
  std::vector<Cells> lines{{"table", "row", "what", "measured", "predicted", "ratio"}};
  for (const ValidationRow* row : worst) {
    lines.push_back({joined(row->table, row->phase, row->group),
                     std::to_string(row->source_row),
                     row->label,
                     fmt::format("{:.4g} {}", row->measured, row->unit),
                     fmt::format("{:.4g} {}", row->predicted, row->unit),
                     fmt::format("{:.2f}", row->predicted / row->measured)});
  }
  return lines;
}

/// Why rows are not covered, the commonest reason first.
std::vector<Cells> reason_cells(const Validation& validation) {
  std::map<std::string, int> counts;
  for (const ValidationRow& row : validation.rows) {
    if (!row.covered) ++counts[row.note];
  }
  std::vector<std::pair<std::string, int>> reasons(counts.begin(), counts.end());
  std::stable_sort(reasons.begin(), reasons.end(), [](const auto& a, const auto& b) {
    return a.second > b.second;
  });
  std::vector<Cells> lines{{"not covered because", "rows"}};
  for (const auto& [reason, rows] : reasons) lines.push_back({reason, std::to_string(rows)});
  return lines;
}

std::string markdown(const std::vector<Cells>& lines) {
  std::string text = fmt::format("| {} |\n|{}\n",
                                 fmt::join(lines.front(), " | "),
                                 fmt::join(Cells(lines.front().size(), "---|"), ""));
  for (std::size_t l = 1; l < lines.size(); ++l) {
    text += fmt::format("| {} |\n", fmt::join(lines[l], " | "));
  }
  return text;
}

std::string refits(const Validation& validation) {
  return validation.refits.empty() ? "" : fmt::format(" ({})", validation.refits);
}

template <class Layout>
std::string laid_out(const Validation& validation, Layout layout) {
  std::string text = layout(tables_cells(validation));
  const std::vector<Cells> worst = worst_cells(validation);
  if (worst.size() > 1) text += "\nScored rows that are furthest off:\n\n" + layout(worst);
  const std::vector<Cells> reasons = reason_cells(validation);
  if (reasons.size() > 1) text += '\n' + layout(reasons);
  return text;
}

}  // namespace

std::string validation_text(const Validation& validation) {
  return fmt::format("{}: rows of {}, calibration {}{}, {}\n\n",
                     validation.suite,
                     validation.data,
                     validation.calibration,
                     refits(validation),
                     validation.fidelity) +
         laid_out(validation, [](const auto& lines) { return text_table(lines); });
}

std::string validation_markdown(const Validation& validation) {
  return laid_out(validation, [](const auto& lines) { return markdown(lines); });
}

}  // namespace omniphi::sim
