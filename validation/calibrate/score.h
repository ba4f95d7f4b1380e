#pragma once

#include <vector>

#include "validation/compare/suite.h"

/// Which record predicts a row that is scored: never one that has seen the row.
namespace omniphi::validation {

/// Predicts each row by a record fitted to rows of other families alone, values and ranges both:
/// the families behind a record are dealt to folds (to as many as there are, if fewer), and for
/// each fold a record is fitted to the rest, its residual ranges by cross-validation among these
/// with `inner` folds.
/// Rows that bear a flag teach nothing, but their families are kept away from them all the same.
/// Where there is one family only, the start predicts it.
///
/// Rows must be of one record and have a model; the fit starts from the calibration they bear.
void predict_unseen(std::vector<Observation*> rows, int folds, int inner);

/// The DeepBench suite, by the setting's calibration if it has one. Else rows that records were
/// fitted to are predicted by refits that have not seen them, and rows from elsewhere by the
/// records themselves. Throws ConfigError with every fault of the files.
models::Validation validate_deepbench(const Setting& setting);

/// Published rates in the same way, each network left out in turn.
models::Validation validate_published(const Setting& setting);

}  // namespace omniphi::validation
