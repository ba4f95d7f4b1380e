#include "validation/calibrate/calibrate.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <stdexcept>
#include <type_traits>

#include <boost/math/distributions/normal.hpp>

namespace omniphi::validation {

namespace {

using models::Calibration;
using models::OperationClass;

/// How far a fit may go: a factor of the first guess, which is published or worked out. What needs
/// more is another effect and not this parameter.
constexpr double kLargestFactor = 20;

/// Standard deviations on either side of the mean that hold a share of a normal distribution.
double normal_width(double share) {
  return boost::math::quantile(boost::math::normal(), (1 + share) / 2);
}

template <class T>
struct IsFigure : std::false_type {};

template <class Q>
struct IsFigure<Figure<Q>> : std::true_type {};

double number(double value) {
  return value;
}

template <class D>
double number(Quantity<D> quantity) {
  return quantity.value();
}

template <class T>
struct IsOptional : std::false_type {};

template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

/// Calls `use` with the part's figure of this key and its rule, through the one list of parameters;
/// a key with a dot is one of a part within, if that is there. False if there is no such figure.
template <class Part, class Use>
bool use_figure(Part& part, std::string_view key, const Use& use) {
  bool found = false;
  const std::size_t dot = key.find('.');
  std::remove_cvref_t<Part>::visit(
      part, [&](std::string_view name, auto& member, std::string_view, Rule rule = {}) {
        using Member = std::remove_cvref_t<decltype(member)>;
        if (found || name != key.substr(0, dot)) return;
        if constexpr (IsFigure<Member>::value) {
          use(member, rule);
          found = true;
        } else if constexpr (IsOptional<Member>::value) {
          if (member && dot != std::string_view::npos)
            found = use_figure(*member, key.substr(dot + 1), use);
        }
      });
  return found;
}

template <class SomeCalibration, class Use>
void with_figure(SomeCalibration& calibration, const std::string& key, const Use& use) {
  if (!use_figure(calibration, key, use))
    throw std::logic_error("a calibration has no figure " + key);
}

bool has_value(const Calibration& record, const std::string& key) {
  bool given = false;
  use_figure(
      record, key, [&](const auto& figure, const Rule&) { given = number(figure.value) > 0; });
  return given;
}

void set(Calibration& calibration, const std::string& key, double value) {
  with_figure(calibration, key, [&](auto& figure, const Rule&) {
    figure.value = std::remove_cvref_t<decltype(figure.value)>(value);
  });
}

FitParameter parameter(const Calibration& start, const std::string& key) {
  if (!has_value(start, key)) {
    throw ConfigError({Diagnostic{{}, "", "the record to start from has no value for " + key, ""}});
  }
  FitParameter fitted{key, 0, 0, 0};
  with_figure(start, key, [&](const auto& figure, const Rule& rule) {
    fitted.initial = number(figure.value);
    fitted.low = std::max(fitted.initial / kLargestFactor, rule.low);
    fitted.high = std::min(fitted.initial * kLargestFactor, rule.high);
  });
  return fitted;
}

/// The rows that a group may learn from.
std::vector<const Observation*> rows_for(const FitGroup& group,
                                         const std::vector<Observation>& observations,
                                         const std::string& record) {
  std::vector<const Observation*> rows;
  for (const Observation& seen : observations) {
    if (seen.record == record && group.holds(seen) && seen.predict && seen.row.note.empty()) {
      rows.push_back(&seen);
    }
  }
  return rows;
}

void take_over(Calibration& calibration, const FitGroup& group, const Fit& fit) {
  const double width = normal_width(calibration.level);
  for (std::size_t p = 0; p < group.parameters.size(); ++p) {
    with_figure(calibration, group.parameters[p], [&](auto& figure, const Rule& rule) {
      using Value = std::remove_cvref_t<decltype(figure.value)>;
      // A parameter that the rows do not determine is known no better than its bounds.
      const double reach = std::min(std::exp(width * fit.log_deviation[p]), kLargestFactor);
      const double value = fit.values[p];
      figure = Figure<Value>::between(Value(value),
                                      Value(std::max(value / reach, rule.low)),
                                      Value(std::min(value * reach, rule.high)),
                                      Basis::Calibrated);
      figure.source = "fitted";
    });
  }
}

std::vector<FoldErrors> fold_errors(const std::vector<const Observation*>& rows,
                                    const std::vector<double>& predicted) {
  std::vector<FoldErrors> tables;
  std::vector<std::vector<Comparison>> comparisons;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const models::ValidationRow& row = rows[r]->row;
    auto entry = std::find_if(tables.begin(), tables.end(), [&](const FoldErrors& t) {
      return t.table == row.table && t.phase == row.phase;
    });
    if (entry == tables.end()) {
      tables.push_back({row.table, row.phase, {}, 0});
      comparisons.emplace_back();
      entry = tables.end() - 1;
    }
    comparisons[static_cast<std::size_t>(entry - tables.begin())].push_back(
        {row.measured, predicted[r]});
  }
  for (std::size_t t = 0; t < tables.size(); ++t) {
    tables[t].errors = *error_summary(comparisons[t]);
    tables[t].rows = static_cast<std::int64_t>(comparisons[t].size());
  }
  return tables;
}

/// Range of measured / predicted that holds a share `level` of the rows of a class.
void take_residuals(Calibration& calibration,
                    OperationClass operation,
                    const std::vector<const Observation*>& rows,
                    const std::vector<double>& predicted,
                    int folds) {
  std::vector<double> ratios;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows[r]->operation != operation) continue;
    const double ratio = rows[r]->row.measured / predicted[r];
    ratios.push_back(rows[r]->rate ? 1 / ratio : ratio);
  }
  if (ratios.empty()) return;
  const double tail = (1 - calibration.level) / 2;
  models::Residual& residual = calibration.residuals[std::string(choice_name(operation))];
  // The prediction itself stays within its range, so that a figure's ends are on either side of it.
  residual.low = std::min(1.0, quantile(ratios, tail));
  residual.high = std::max(1.0, quantile(ratios, 1 - tail));
  residual.source = std::to_string(ratios.size()) +
                    " rows, each predicted by a fit to other families (" + std::to_string(folds) +
                    " folds)";
}

/// What is computed is as sure as the steps that it makes up.
void spread_step_range(Calibration& record) {
  const models::Residual range = record.residual(OperationClass::Step);
  for (const OperationClass operation : {OperationClass::MatrixProduct,
                                         OperationClass::ConvolutionForward,
                                         OperationClass::ConvolutionBackwardData,
                                         OperationClass::ConvolutionBackwardWeights,
                                         OperationClass::ElementWise}) {
    record.residuals[std::string(choice_name(operation))] = range;
  }
}

int family_count(const std::vector<FitRow>& rows) {
  std::set<std::string> families;
  for (const FitRow& row : rows) families.insert(row.family);
  return static_cast<int>(families.size());
}

}  // namespace

const std::vector<FitGroup>& fit_groups() {
  static const std::vector<FitGroup> kGroups{
      {"kernels",
       {"region_start",
        "compute_efficiency",
        "stream_efficiency",
        "lines_in_flight",
        "l2_exposure",
        "flop_energy_factor"},
       {OperationClass::MatrixProduct,
        OperationClass::ConvolutionForward,
        OperationClass::ConvolutionBackwardData,
        OperationClass::ConvolutionBackwardWeights},
       hw::ManyCoreCpu::kind},
      {"kernels on graphics processors",
       {"stream_efficiency",
        "gpu.kernel_start",
        "gpu.convolution_start",
        "gpu.operand_cost",
        "gpu.loop_stall",
        "gpu.row_interval",
        "gpu.gather_efficiency",
        "gpu.strided_gradient_efficiency",
        "gpu.pointwise_gradient_efficiency",
        "gpu.winograd_efficiency"},
       {OperationClass::MatrixProduct,
        OperationClass::ConvolutionForward,
        OperationClass::ConvolutionBackwardData,
        OperationClass::ConvolutionBackwardWeights},
       hw::Gpu::kind},
      {"messages",
       {"message_overhead", "core_reduction_bandwidth"},
       {OperationClass::Collective},
       ""},
      {"steps",
       {"region_start", "compute_efficiency", "stream_efficiency"},
       {OperationClass::Step},
       ""}};
  return kGroups;
}

bool FitGroup::holds(const Observation& seen) const {
  const bool kind = node_kind.empty() || node_kind == seen.node_kind;
  return kind && std::find(classes.begin(), classes.end(), seen.operation) != classes.end();
}

GroupFit fit_group(const FitGroup& group,
                   const std::vector<const Observation*>& rows,
                   int folds,
                   Calibration& record) {
  std::vector<FitParameter> parameters;
  for (const std::string& key : group.parameters) parameters.push_back(parameter(record, key));
  std::vector<FitRow> measured;
  for (const Observation* seen : rows) measured.push_back({seen->family, seen->row.measured});
  // One record for all evaluations, of which a fit changes a value at a time: to copy it, or to set
  // all, would take longer than to predict with it.
  Calibration tried = record;
  std::vector<double> in_force;
  for (const FitParameter& p : parameters) in_force.push_back(p.initial);
  const FitModel model = [&](std::size_t row, const std::vector<double>& values) {
    for (std::size_t p = 0; p < values.size(); ++p) {
      if (values[p] == in_force[p]) continue;
      set(tried, group.parameters[p], values[p]);
      in_force[p] = values[p];
    }
    return rows[row]->predict(tried);
  };
  const Fit fit = fitted(parameters, measured, model);
  take_over(record, group, fit);
  const int parts = std::min(folds, family_count(measured));
  if (parts < 2) return {group, fit, {}};
  const std::vector<double> unseen = cross_validated(parameters, measured, model, parts);
  for (const OperationClass operation : group.classes) {
    take_residuals(record, operation, rows, unseen, parts);
  }
  if (group.classes == std::vector{OperationClass::Step}) spread_step_range(record);
  return {group, fit, fold_errors(rows, unseen)};
}

CalibrationResult calibrated(const std::vector<Observation>& observations,
                             const std::string& record,
                             const Calibration& start,
                             int folds) {
  CalibrationResult result{start, {}};
  for (const FitGroup& group : fit_groups()) {
    const std::vector<const Observation*> rows = rows_for(group, observations, record);
    if (rows.empty()) continue;
    result.groups.push_back(fit_group(group, rows, folds, result.calibration));
  }
  return result;
}

bool knows(const Calibration& record, const Observation& seen) {
  return std::all_of(fit_groups().begin(), fit_groups().end(), [&](const FitGroup& group) {
    return !group.holds(seen) ||
           std::all_of(group.parameters.begin(),
                       group.parameters.end(),
                       [&](const std::string& key) { return has_value(record, key); });
  });
}

int fitted_parameters(const Calibration& record, const Observation& seen) {
  int fitted = 0;
  for (const FitGroup& group : fit_groups()) {
    if (!group.holds(seen)) continue;
    for (const std::string& key : group.parameters) {
      use_figure(record, key, [&](const auto& figure, const Rule&) {
        if (figure.basis == Basis::Calibrated) ++fitted;
      });
    }
  }
  return fitted;
}

}  // namespace omniphi::validation
