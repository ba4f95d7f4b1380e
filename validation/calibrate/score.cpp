#include "validation/calibrate/score.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "validation/calibrate/calibrate.h"
#include "validation/compare/parts.h"

namespace omniphi::validation {

namespace {

using models::Calibration;

struct Folds {
  int outer = 0;
  int inner = 0;
};

constexpr Folds kNearDuplicatesTogether{5, 5};
constexpr Folds kEachNetwork{std::numeric_limits<int>::max(), 3};

void predict_by(const Calibration& record, Observation& seen) {
  if (!knows(record, seen)) {
    return set_aside(
        seen.row,
        fmt::format("the record has no costs of kernels on nodes of kind {}", seen.node_kind));
  }
  models::Residual range = record.residual(seen.operation);
  if (seen.rate) range = {1 / range.high, 1 / range.low, ""};
  predict(seen.row, seen.predict(record), range);
  seen.row.fitted_parameters = fitted_parameters(record, seen);
}

std::vector<Observation*> rows_of(const FitGroup& group, const std::vector<Observation*>& rows) {
  std::vector<Observation*> own;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(own), [&](const Observation* seen) {
    return group.holds(*seen);
  });
  return own;
}

/// Refits the group without each fold of these rows in turn.
void predict_unseen(const FitGroup& group, const std::vector<Observation*>& rows, Folds folds) {
  std::vector<std::string> families;
  for (const Observation* seen : rows) families.push_back(seen->family);
  const auto distinct = static_cast<int>(std::set(families.begin(), families.end()).size());
  if (distinct < 2) {
    for (Observation* seen : rows) predict_by(*seen->calibration, *seen);
    return;
  }
  const int parts = std::min(folds.outer, distinct);
  const std::vector<int> fold = dealt_folds(families, parts);
  for (int held_out = 0; held_out < parts; ++held_out) {
    std::vector<const Observation*> others;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (fold[r] != held_out && rows[r]->row.note.empty()) others.push_back(rows[r]);
    }
    Calibration record = *rows.front()->calibration;
    fit_group(group, others, folds.inner, record);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (fold[r] == held_out) predict_by(record, *rows[r]);
    }
  }
}

bool refits(const Setting& setting) {
  return setting.fitted_rows && !setting.calibration;
}

/// Predicts the rows of one record, and gives the probability that its ranges state.
double predict_rows(const std::string& name,
                    const std::vector<Observation*>& rows,
                    Folds folds,
                    const Setting& setting) {
  if (refits(setting)) {
    predict_unseen(rows, folds.outer, folds.inner);
    return rows.front()->calibration->level;
  }
  const Calibration record = setting.calibration
                                 ? **setting.calibration
                                 : catalog_entry<Calibration>(name, setting.catalog);
  for (Observation* seen : rows) predict_by(record, *seen);
  return record.level;
}

models::Validation scored(const std::string& suite,
                          std::vector<Observation> observations,
                          Folds folds,
                          const Setting& setting) {
  std::map<std::string, std::vector<Observation*>> by_record;
  std::set<std::string> names;
  double level = 0;
  for (Observation& seen : observations) {
    if (seen.record.empty() || !(seen.predict || seen.row.covered)) continue;
    names.insert(setting.calibration ? setting.calibration->id : seen.record);
    level = seen.calibration->level;
    if (seen.predict) by_record[seen.record].push_back(&seen);
  }
  // Records share nothing that a fit changes.
  std::vector<std::future<double>> levels;
  for (const auto& entry : by_record) {
    levels.push_back(std::async(std::launch::async, [&entry, folds, &setting] {
      return predict_rows(entry.first, entry.second, folds, setting);
    }));
  }
  for (std::future<double>& known : levels) level = known.get();
  std::vector<models::ValidationRow> rows;
  for (Observation& seen : observations) rows.push_back(std::move(seen.row));
  return validation(
      suite, setting, fmt::format("{}", fmt::join(names, ", ")), level, std::move(rows));
}

}  // namespace

void predict_unseen(std::vector<Observation*> rows, int folds, int inner) {
  // Scored rows first: the folds are then those of a fit to them alone.
  std::stable_partition(
      rows.begin(), rows.end(), [](const Observation* seen) { return seen->row.note.empty(); });
  for (const FitGroup& group : fit_groups()) {
    const std::vector<Observation*> own = rows_of(group, rows);
    if (!own.empty()) predict_unseen(group, own, Folds{folds, inner});
  }
}

models::Validation validate_deepbench(const Setting& setting) {
  models::Validation result =
      scored("deepbench", deepbench_observations(setting), kNearDuplicatesTogether, setting);
  if (refits(setting)) {
    result.refits =
        fmt::format("refitted without each row's family, {} folds", kNearDuplicatesTogether.outer);
  }
  return result;
}

models::Validation validate_published(const Setting& setting) {
  models::Validation result =
      scored("published", published_observations(setting), kEachNetwork, setting);
  if (refits(setting)) result.refits = "those fitted to these rows refitted without each network";
  return result;
}

}  // namespace omniphi::validation
