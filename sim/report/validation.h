#pragma once

#include <string>

#include "models/report/validation.h"

namespace omniphi::sim {

/// A validation as JSON: its tables and rows, errors as fractions, "" as null. A row without a
/// prediction has null for it. A subset of a table is a table whose group is its name. Ends in a
/// newline.
std::string validation_json(const models::Validation& validation);

/// A validation as a person reads it: a line for each table (those without any prediction
/// together), the rows that are furthest off, and why rows are not covered.
std::string validation_text(const models::Validation& validation);

/// The same as Markdown.
std::string validation_markdown(const models::Validation& validation);

}  // namespace omniphi::sim
