#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a validation says: predicted against measured, row by row and in tables.
namespace omniphi::models {

/// One measurement and what was predicted for it, in the same unit.
struct ValidationRow {
  std::string table;
  std::string phase;            // "" where the table has none
  std::string group;            // "" where the table has none
  std::int64_t source_row = 0;  // as the data names it, else the line of the file
  std::string label;            // what was measured, for people
  std::string subset;           // its rows also make a table of their own; "" for none
  std::string unit;
  double measured = 0;
  // Nothing below has a meaning unless the row is covered.
  bool covered = false;  // a prediction exists
  bool scored = false;   // and it counts
  double predicted = 0;
  double low = 0;  // range that holds the truth with the calibration's probability
  double high = 0;
  std::optional<double> baseline;  // what a plain roofline predicts
  int fitted_parameters = 0;       // that rows of this kind have determined
  std::string note;                // why the row is not scored or not covered; "" if it is
};

/// Coverage of the stated ranges. Few rows say little about a share, so small tables are pooled.
struct IntervalCoverage {
  double level = 0;                // probability that the ranges state
  std::optional<double> coverage;  // share of the rows that lie in their range
  std::int64_t rows = 0;           // that the share was taken over
};

/// Errors of the scored rows of one table, phase and group, as fractions of the measured value;
/// none where no row is scored. A subset's rows are among those of the table without one.
struct ValidationTable {
  std::string table;
  std::string phase;
  std::string group;
  std::string subset;
  std::int64_t rows = 0;
  std::int64_t scored = 0;
  std::int64_t not_covered = 0;
  std::optional<double> mape;
  std::optional<double> median_ape;
  std::optional<double> max_ape;
  std::optional<double> bias;  // mean of predicted / measured - 1
  IntervalCoverage interval;
  std::optional<double> baseline_mape;  // of the plain roofline on the same rows
  int fitted_parameters = 0;            // behind any of its scored rows
};

struct Validation {
  std::string suite;
  std::string data;         // folder the rows came from
  std::string calibration;  // catalog id or file
  std::string refits;       // how records were refitted without the rows they predict; "" if none
  std::string fidelity;
  std::vector<ValidationTable> tables;
  std::vector<ValidationRow> rows;
};

}  // namespace omniphi::models
