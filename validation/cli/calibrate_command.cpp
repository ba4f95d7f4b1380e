#include "validation/cli/calibrate_command.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hw/base/parameter_writer.h"
#include "hw/base/yaml_reader.h"
#include "sim/cli/output.h"
#include "sim/report/table.h"
#include "validation/calibrate/calibrate.h"
#include "validation/calibrate/memory_fit.h"
#include "validation/cli/commands.h"

namespace omniphi::validation {

namespace {

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

/// The figure of a key, which may have dots.
const ConfigNode* figure_of(const ConfigNode& record, std::string_view key) {
  const std::size_t dot = key.find('.');
  const ConfigNode* part = record.find(key.substr(0, dot));
  if (!part || dot == std::string_view::npos) return part;
  return figure_of(*part, key.substr(dot + 1));
}

/// The fitted values with their ranges, as the record has them.
std::string parameters_text(const CalibrationResult& result) {
  const ConfigNode record = written(result.calibration);
  std::vector<std::vector<std::string>> rows{
      {"parameter", "value", "low", "high", "log deviation"}};
  for (const GroupFit& group : result.groups) {
    for (std::size_t p = 0; p < group.group.parameters.size(); ++p) {
      const std::string& key = group.group.parameters[p];
      const ConfigNode& figure = *figure_of(record, key);
      const auto part = [&](std::string_view name) {
        const ConfigNode* value = figure.find(name);
        return value ? value->scalar : std::string("?");
      };
      rows.push_back({key,
                      part("value"),
                      part("low"),
                      part("high"),
                      fmt::format("{:.3g}", group.fit.log_deviation[p])});
    }
  }
  return sim::text_table(rows);
}

std::string folds_text(const CalibrationResult& result, int folds) {
  std::vector<std::vector<std::string>> rows{{"table", "rows", "MAPE", "median", "max", "bias"}};
  for (const GroupFit& group : result.groups) {
    for (const FoldErrors& table : group.folds) {
      rows.push_back({table.phase.empty() ? table.table : table.table + " " + table.phase,
                      std::to_string(table.rows),
                      percent(table.errors.mape),
                      percent(table.errors.median_ape),
                      percent(table.errors.max_ape),
                      fmt::format("{:+.1f} %", 100 * table.errors.bias)});
    }
  }
  return fmt::format(
      "rows predicted by fits to other families ({} folds)\n{}", folds, sim::text_table(rows));
}

std::string correlations_text(const GroupFit& group) {
  std::string text;
  for (std::size_t a = 0; a < group.group.parameters.size(); ++a) {
    for (std::size_t b = a + 1; b < group.group.parameters.size(); ++b) {
      text += fmt::format("correlation of {} and {}: {:+.2f}\n",
                          group.group.parameters[a],
                          group.group.parameters[b],
                          group.fit.correlation[a][b]);
    }
  }
  return text;
}

std::string result_text(const CalibrationResult& result, int folds) {
  std::size_t parameters = 0;
  for (const GroupFit& group : result.groups) parameters += group.group.parameters.size();
  std::string text = fmt::format("{} parameters fitted\n{}", parameters, parameters_text(result));
  for (const GroupFit& group : result.groups) text += correlations_text(group);
  return text + '\n' + folds_text(result, folds);
}

/// Rows of this record in a suite's folder.
std::vector<Observation> rows_of(const CalibrateOptions& options,
                                 std::string_view suite,
                                 std::vector<Observation> (*read)(const Setting&),
                                 const Catalog& catalog) {
  std::vector<Observation> rows =
      read({catalog, data_folder(options.data, suite), options.data.empty(), {}, {}});
  std::erase_if(rows, [&](const Observation& seen) {
    return seen.record != options.record || !seen.predict;
  });
  return rows;
}

std::set<std::string> tables_of(const CalibrationResult& result) {
  std::set<std::string> tables;
  for (const GroupFit& group : result.groups) {
    for (const FoldErrors& table : group.folds) tables.insert(table.table);
  }
  return tables;
}

CalibrationResult fitted_record(const CalibrateOptions& options, const Catalog& catalog) {
  std::vector<Observation> seen = rows_of(options, "deepbench", deepbench_observations, catalog);
  if (seen.empty()) seen = rows_of(options, "published", published_observations, catalog);
  if (seen.empty()) {
    throw ConfigError({Diagnostic{
        {}, "", fmt::format("there are no rows of the record {}", options.record), ""}});
  }
  const models::Calibration start = options.start.empty()
                                        ? *seen.front().calibration
                                        : *chosen_calibration(options.start, catalog);
  CalibrationResult result = calibrated(seen, options.record, start, options.folds);
  std::int64_t rows = 0;
  for (const GroupFit& group : result.groups) {
    for (const FoldErrors& table : group.folds) rows += table.rows;
  }
  models::Calibration& record = result.calibration;
  record.basis = Basis::Calibrated;
  record.data = fmt::format("{} rows of {}", rows, fmt::join(tables_of(result), ", "));
  record.source = "omniphi calibrate --record " + options.record +
                  "; what is not fitted is as the fit started: " + start.source;
  record.date = options.date;
  record.version = options.version;
  return result;
}

std::vector<std::string> score_cells(const std::string& what, const MemoryFit::Score& score) {
  return {what + score.group,
          std::to_string(score.rows),
          percent(score.errors.mape),
          percent(score.errors.median_ape),
          percent(score.errors.max_ape),
          fmt::format("{:+.1f} %", 100 * score.errors.bias)};
}

std::string memory_text(const MemoryFit& result) {
  std::vector<std::vector<std::string>> values{{"parameter", "catalog", "fitted", "log deviation"}};
  for (std::size_t p = 0; p < result.parameters.size(); ++p) {
    values.push_back({result.parameters[p].name,
                      fmt::format("{:.4g}", result.parameters[p].initial),
                      fmt::format("{:.4g}", result.fit.values[p]),
                      fmt::format("{:.2g}", result.fit.log_deviation[p])});
  }
  std::vector<std::vector<std::string>> scores{{"rows", "number", "MAPE", "median", "max", "bias"}};
  scores.push_back(score_cells("", result.fitted));
  for (const MemoryFit::Score& score : result.carried) {
    scores.push_back(score_cells("carried over: ", score));
  }
  return fmt::format("{} parameters fitted to {} rows of {} (base units)\n{}\n{}",
                     result.parameters.size(),
                     result.fitted.rows,
                     result.machine,
                     sim::text_table(values),
                     sim::text_table(scores));
}

}  // namespace

std::string memory_calibration_text(const std::filesystem::path& data, const Catalog& catalog) {
  return memory_text(fitted_memory({catalog, data_folder(data, "memory"), data.empty(), {}, {}}));
}

std::string calibration_text(const CalibrateOptions& options, const Catalog& catalog) {
  return result_text(fitted_record(options, catalog), options.folds);
}

sim::Exit calibrate(const CalibrateOptions& options, const Catalog& catalog) {
  const CalibrationResult result = fitted_record(options, catalog);
  if (!options.output.empty()) {
    const std::string record = write_yaml(written(result.calibration));
    sim::write_output(options.output, "# Fitted by omniphi calibrate; do not edit.\n" + record);
  }
  sim::write_output("-", result_text(result, options.folds));
  return sim::Exit::Done;
}

}  // namespace omniphi::validation
