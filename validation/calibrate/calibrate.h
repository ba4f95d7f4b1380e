#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/software/calibration.h"
#include "validation/calibrate/fit.h"
#include "validation/compare/statistics.h"
#include "validation/compare/suite.h"

namespace omniphi::validation {

/// Parameters that are fitted together, and the classes of operation, on nodes of a kind, whose
/// rows determine them.
struct FitGroup {
  std::string name;
  std::vector<std::string> parameters;  // keys of models::Calibration, "gpu.loop_stall" within one
  std::vector<models::OperationClass> classes;
  std::string_view node_kind;  // empty: any

  [[nodiscard]] bool holds(const Observation& seen) const;
};

/// What the present models have to fit: kernels of many-core processors (start of a region, share
/// of the issue rate reached), kernels of graphics processors, and messages (overhead, reduction).
/// Other parameters stay as the start has them, since these rows do not determine them.
const std::vector<FitGroup>& fit_groups();

/// How one table is predicted by fits that have not seen the row's family.
struct FoldErrors {
  std::string table;
  std::string phase;
  ErrorSummary errors;
  std::int64_t rows = 0;
};

struct GroupFit {
  FitGroup group;
  Fit fit;
  std::vector<FoldErrors> folds;
};

struct CalibrationResult {
  models::Calibration calibration;
  std::vector<GroupFit> groups;
};

/// Fits the group to the rows, and puts its values and the residual ranges of its classes into the
/// record, whose values are the first guesses. Ranges of parameters are those of the record's
/// level; residual ranges are quantiles of measured / predicted over rows that are each predicted
/// by a fit to the other folds (fewer folds if the rows have fewer families).
GroupFit fit_group(const FitGroup& group,
                   const std::vector<const Observation*>& rows,
                   int folds,
                   models::Calibration& record);

/// Fits the groups to the scored rows of the tables named, from `start`. A group without rows keeps
/// its start. Throws ConfigError where the start lacks a parameter that is to be fitted.
CalibrationResult calibrated(const std::vector<Observation>& observations,
                             const std::vector<std::string>& tables,
                             const models::Calibration& start,
                             int folds);

/// Whether the record has what rows like this one are predicted from.
bool knows(const models::Calibration& record, const Observation& seen);

/// Parameters of the record that rows like this one have determined.
int fitted_parameters(const models::Calibration& record, const Observation& seen);

}  // namespace omniphi::validation
