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

/// What the present models have to fit: kernels of many-core processors, kernels of graphics
/// processors, messages, and, where only steps of whole networks were measured, what these
/// determine. Other parameters stay as the start has them, since these rows do not determine them.
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
/// level; residual ranges are quantiles of measured / predicted times over rows that are each
/// predicted by a fit to the other folds, and as the start has them where there is one family only.
/// (There are no more folds than families.) Ranges of steps become those of all that is computed:
/// errors of one step move together.
GroupFit fit_group(const FitGroup& group,
                   const std::vector<const Observation*>& rows,
                   int folds,
                   models::Calibration& record);

/// Fits the groups to the scored rows of the record named, from `start`. A group without rows keeps
/// its start. Throws ConfigError where the start lacks a parameter that is to be fitted.
CalibrationResult calibrated(const std::vector<Observation>& observations,
                             const std::string& record,
                             const models::Calibration& start,
                             int folds);

/// Whether the record has what rows like this one are predicted from.
bool knows(const models::Calibration& record, const Observation& seen);

/// Parameters of the record that rows like this one have determined.
int fitted_parameters(const models::Calibration& record, const Observation& seen);

}  // namespace omniphi::validation
