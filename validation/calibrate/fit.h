#pragma once

#include <functional>
#include <string>
#include <vector>

namespace omniphi::validation {

/// A positive parameter, fitted on a logarithmic scale within physical bounds.
struct FitParameter {
  std::string name;
  double initial = 1;
  double low = 0;
  double high = 0;
};

/// One measurement that a fit may use.
struct FitRow {
  std::string family;   // rows that are near-duplicates share it and never part
  double measured = 0;  // positive
};

/// The model: what `row` should measure for these parameter values, in the order of the parameters.
using FitModel = std::function<double(std::size_t row, const std::vector<double>& values)>;

struct Fit {
  std::vector<double> values;
  /// Standard deviation of each parameter's logarithm; infinite where the rows do not determine it.
  std::vector<double> log_deviation;
  /// Between the logarithms of the parameters, row by row.
  std::vector<std::vector<double>> correlation;
  double residual_deviation = 0;  // of log(predicted / measured)
  bool converged = false;
};

/// Values that minimise  sum over rows of huber(log(predicted / measured))  within the bounds
/// [Huber1964]: relative errors count alike whatever the size of the row, and a few rows of another
/// kind do not pull the fit. Beyond kHuberWidth a residual counts in proportion and not by its
/// square. The covariance is s^2 (J^T J)^-1 over the parameters that are not at a bound, s^2 with n
/// - p degrees of freedom. Throws std::invalid_argument without rows or parameters, or for a
/// parameter outside its bounds.
constexpr double kHuberWidth = 0.1;
Fit fitted(const std::vector<FitParameter>& parameters,
           const std::vector<FitRow>& rows,
           const FitModel& model);

/// The fold of each row, given its family. Families are dealt to the folds in the order they first
/// appear, so that near-duplicates are never on both sides. Throws std::invalid_argument for fewer
/// families than folds, or fewer than two folds.
std::vector<int> dealt_folds(const std::vector<std::string>& families, int folds);

/// What each row is predicted to be by a fit to the other folds, which are dealt as above.
std::vector<double> cross_validated(const std::vector<FitParameter>& parameters,
                                    const std::vector<FitRow>& rows,
                                    const FitModel& model,
                                    int folds);

/// The value below which a share of the sample lies, by linear interpolation between order
/// statistics. Throws std::invalid_argument for an empty sample.
double quantile(std::vector<double> sample, double share);

}  // namespace omniphi::validation
