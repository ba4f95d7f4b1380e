#pragma once

#include <optional>
#include <vector>

#include "models/report/validation.h"

/// The arithmetic of a validation. With p predicted and m measured, the absolute percentage error
/// of a row is |p / m - 1| (a fraction here) and its bias p / m - 1.
namespace omniphi::validation {

struct Comparison {
  double measured = 0;  // positive
  double predicted = 0;
};

struct ErrorSummary {
  double mape = 0;        // mean absolute percentage error
  double median_ape = 0;  // of an even number of rows: the mean of the middle two
  double max_ape = 0;
  double bias = 0;
};

/// Nothing for no rows.
std::optional<ErrorSummary> error_summary(const std::vector<Comparison>& rows);

/// A share taken over fewer rows than this is too rough to say whether a range is honest: with 60
/// rows at 80 %, two standard errors are 10 %.
constexpr int kCoverageRows = 60;

/// The tables of the rows, in the order they first appear, each followed by those of its subsets.
/// Tables of fewer than kCoverageRows scored rows share one coverage with the small tables after
/// them until they have as many together; what is left over joins the last such pool. A small
/// subset has the coverage of its whole table.
std::vector<models::ValidationTable> tabulated(const std::vector<models::ValidationRow>& rows,
                                               double level);

}  // namespace omniphi::validation
