#include "validation/calibrate/fit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <stdexcept>

#include <Eigen/Dense>
#include <ceres/ceres.h>

namespace omniphi::validation {

namespace {

std::vector<double> exponentials(const double* logarithms, std::size_t count) {
  std::vector<double> values(count);
  std::transform(
      logarithms, logarithms + count, values.begin(), [](double x) { return std::exp(x); });
  return values;
}

/// log(predicted / measured) of one row, as Ceres wants it.
struct LogError {
  const FitModel* model;
  std::size_t row;
  double measured;
  std::size_t parameters;

  bool operator()(double const* const* logarithms, double* residual) const {
    const double predicted = (*model)(row, exponentials(logarithms[0], parameters));
    if (!(predicted > 0) || !std::isfinite(predicted)) return false;
    residual[0] = std::log(predicted / measured);
    return true;
  }
};

void check(const std::vector<FitParameter>& parameters, std::size_t rows) {
  if (parameters.empty() || rows == 0)
    throw std::invalid_argument("a fit needs parameters and rows");
  for (const FitParameter& p : parameters) {
    if (!(0 < p.low && p.low <= p.initial && p.initial <= p.high)) {
      throw std::invalid_argument(p.name + ": the first guess is not within the bounds");
    }
  }
}

bool at_bound(const FitParameter& parameter, double value) {
  constexpr double kNear = 1e-3;
  return value < parameter.low * (1 + kNear) || value > parameter.high * (1 - kNear);
}

/// Derivatives of each row's log error by each parameter's logarithm, by central differences.
Eigen::MatrixXd jacobian(const std::vector<std::size_t>& rows,
                         const FitModel& model,
                         const std::vector<double>& values) {
  constexpr double kStep = 1e-4;
  Eigen::MatrixXd derivatives(rows.size(), values.size());
  for (std::size_t p = 0; p < values.size(); ++p) {
    std::vector<double> up = values;
    std::vector<double> down = values;
    up[p] *= std::exp(kStep);
    down[p] *= std::exp(-kStep);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      derivatives(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(p)) =
          std::log(model(rows[r], up) / model(rows[r], down)) / (2 * kStep);
    }
  }
  return derivatives;
}

/// Fills in deviations and correlations: those of the parameters that are free to move.
void add_covariance(Fit& fit,
                    const std::vector<FitParameter>& parameters,
                    const std::vector<std::size_t>& rows,
                    const FitModel& model) {
  const std::size_t count = parameters.size();
  fit.log_deviation.assign(count, std::numeric_limits<double>::infinity());
  fit.correlation.assign(count, std::vector<double>(count, 0));
  for (std::size_t p = 0; p < count; ++p) fit.correlation[p][p] = 1;
  const Eigen::MatrixXd all = jacobian(rows, model, fit.values);
  // What hardly moves any row is as good as not there: the rows do not determine it.
  const double least = 1e-6 * all.colwise().norm().maxCoeff();
  std::vector<Eigen::Index> free;
  for (std::size_t p = 0; p < count; ++p) {
    const auto column = static_cast<Eigen::Index>(p);
    if (!at_bound(parameters[p], fit.values[p]) && all.col(column).norm() > least)
      free.push_back(column);
  }
  if (free.empty()) return;
  const Eigen::MatrixXd j = all(Eigen::all, free);
  const Eigen::FullPivLU<Eigen::MatrixXd> normal(j.transpose() * j);
  if (!normal.isInvertible()) return;
  const Eigen::MatrixXd covariance =
      normal.inverse() * fit.residual_deviation * fit.residual_deviation;
  for (std::size_t a = 0; a < free.size(); ++a) {
    const auto ia = static_cast<Eigen::Index>(a);
    fit.log_deviation[static_cast<std::size_t>(free[a])] = std::sqrt(covariance(ia, ia));
    for (std::size_t b = 0; b < free.size(); ++b) {
      const auto ib = static_cast<Eigen::Index>(b);
      fit.correlation[static_cast<std::size_t>(free[a])][static_cast<std::size_t>(free[b])] =
          covariance(ia, ib) / std::sqrt(covariance(ia, ia) * covariance(ib, ib));
    }
  }
}

double deviation(const std::vector<FitRow>& rows,
                 const std::vector<std::size_t>& used,
                 const FitModel& model,
                 const std::vector<double>& values) {
  double sum = 0;
  for (const std::size_t row : used) {
    // As the fit weighs it: a stray row adds no more than the width of the Huber loss.
    const double error = std::clamp(
        std::log(model(row, values) / rows[row].measured), -3 * kHuberWidth, 3 * kHuberWidth);
    sum += error * error;
  }
  const double freedom =
      std::max<double>(1, static_cast<double>(used.size()) - static_cast<double>(values.size()));
  return std::sqrt(sum / freedom);
}

Fit fitted_to(const std::vector<FitParameter>& parameters,
              const std::vector<FitRow>& rows,
              const std::vector<std::size_t>& used,
              const FitModel& model) {
  const std::size_t count = parameters.size();
  std::vector<double> logarithms(count);
  for (std::size_t p = 0; p < count; ++p) logarithms[p] = std::log(parameters[p].initial);

  ceres::Problem problem;
  problem.AddParameterBlock(logarithms.data(), static_cast<int>(count));
  for (std::size_t p = 0; p < count; ++p) {
    problem.SetParameterLowerBound(
        logarithms.data(), static_cast<int>(p), std::log(parameters[p].low));
    problem.SetParameterUpperBound(
        logarithms.data(), static_cast<int>(p), std::log(parameters[p].high));
  }
  for (const std::size_t row : used) {
    auto* cost = new ceres::DynamicNumericDiffCostFunction<LogError, ceres::FORWARD>(
        new LogError{&model, row, rows[row].measured, count});
    cost->AddParameterBlock(static_cast<int>(count));
    cost->SetNumResiduals(1);
    problem.AddResidualBlock(cost, new ceres::HuberLoss(kHuberWidth), logarithms.data());
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = 200;
  options.function_tolerance = 1e-5;  // of the sum of squares: far below what rows tell apart
  options.logging_type = ceres::SILENT;
  options.num_threads = 1;  // the same sums in the same order from run to run
  ceres::Solver::Summary summary;
  ceres::Solve(options, &problem, &summary);

  Fit fit;
  fit.values = exponentials(logarithms.data(), count);
  fit.converged = summary.termination_type == ceres::CONVERGENCE;
  fit.residual_deviation = deviation(rows, used, model, fit.values);
  return fit;
}

std::vector<std::size_t> all_rows(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

}  // namespace

Fit fitted(const std::vector<FitParameter>& parameters,
           const std::vector<FitRow>& rows,
           const FitModel& model) {
  check(parameters, rows.size());
  const std::vector<std::size_t> used = all_rows(rows.size());
  Fit fit = fitted_to(parameters, rows, used, model);
  add_covariance(fit, parameters, used, model);
  return fit;
}

std::vector<int> dealt_folds(const std::vector<std::string>& families, int folds) {
  if (folds < 2) throw std::invalid_argument("cross-validation needs two folds or more");
  std::map<std::string, int> by_family;
  std::vector<int> fold;
  for (const std::string& family : families) {
    const int next = static_cast<int>(by_family.size()) % folds;
    fold.push_back(by_family.emplace(family, next).first->second);
  }
  if (static_cast<int>(by_family.size()) < folds)
    throw std::invalid_argument("fewer families than folds");
  return fold;
}

std::vector<double> cross_validated(const std::vector<FitParameter>& parameters,
                                    const std::vector<FitRow>& rows,
                                    const FitModel& model,
                                    int folds) {
  check(parameters, rows.size());
  std::vector<std::string> families;
  for (const FitRow& row : rows) families.push_back(row.family);
  const std::vector<int> fold = dealt_folds(families, folds);
  std::vector<double> predicted(rows.size());
  for (int held_out = 0; held_out < folds; ++held_out) {
    std::vector<std::size_t> others;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (fold[row] != held_out) others.push_back(row);
    }
    const Fit fit = fitted_to(parameters, rows, others, model);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (fold[row] == held_out) predicted[row] = model(row, fit.values);
    }
  }
  return predicted;
}

double quantile(std::vector<double> sample, double share) {
  if (sample.empty()) throw std::invalid_argument("no sample");
  std::sort(sample.begin(), sample.end());
  const double position = share * static_cast<double>(sample.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sample.size() - 1);
  return sample[below] + (position - static_cast<double>(below)) * (sample[above] - sample[below]);
}

}  // namespace omniphi::validation
