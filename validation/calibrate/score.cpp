#include "validation/calibrate/score.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "validation/calibrate/calibrate.h"
#include "validation/compare/parts.h"

namespace omniphi::validation {

namespace {

using models::Calibration;

constexpr int kFolds = 5;

void predict_by(const Calibration& record, Observation& seen) {
  if (!knows(record, seen)) {
    return set_aside(
        seen.row,
        fmt::format("the record has no costs of kernels on nodes of kind {}", seen.node_kind));
  }
  predict(seen.row, seen.predict(record), record.residual(seen.operation));
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
void predict_unseen(const FitGroup& group, const std::vector<Observation*>& rows, int folds) {
  std::vector<std::string> families;
  for (const Observation* seen : rows) families.push_back(seen->family);
  const std::vector<int> fold = dealt_folds(families, folds);
  for (int held_out = 0; held_out < folds; ++held_out) {
    std::vector<const Observation*> others;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (fold[r] != held_out && rows[r]->row.note.empty()) others.push_back(rows[r]);
    }
    Calibration record = *rows.front()->calibration;
    fit_group(group, others, folds, record);
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
                    const Setting& setting) {
  if (refits(setting)) {
    predict_unseen(rows, kFolds);
    return rows.front()->calibration->level;
  }
  const Calibration record = setting.calibration
                                 ? **setting.calibration
                                 : catalog_entry<Calibration>(name, setting.catalog);
  for (Observation* seen : rows) predict_by(record, *seen);
  return record.level;
}

}  // namespace

void predict_unseen(std::vector<Observation*> rows, int folds) {
  // Scored rows first: the folds are then those of a fit to them alone.
  std::stable_partition(
      rows.begin(), rows.end(), [](const Observation* seen) { return seen->row.note.empty(); });
  for (const FitGroup& group : fit_groups()) {
    const std::vector<Observation*> own = rows_of(group, rows);
    if (!own.empty()) predict_unseen(group, own, folds);
  }
}

models::Validation validate_deepbench(const Setting& setting) {
  std::vector<Observation> observations = deepbench_observations(setting);
  std::map<std::string, std::vector<Observation*>> by_record;
  for (Observation& seen : observations) {
    if (!seen.predict) continue;
    by_record[setting.calibration ? setting.calibration->id : seen.record].push_back(&seen);
  }
  double level = 0;
  std::vector<std::string> names;
  for (const auto& [name, rows] : by_record) {
    level = predict_rows(name, rows, setting);
    names.push_back(name);
  }
  std::vector<models::ValidationRow> rows;
  for (Observation& seen : observations) rows.push_back(std::move(seen.row));
  models::Validation result = validation(
      "deepbench", setting, fmt::format("{}", fmt::join(names, ", ")), level, std::move(rows));
  if (refits(setting)) result.folds = kFolds;
  return result;
}

}  // namespace omniphi::validation
