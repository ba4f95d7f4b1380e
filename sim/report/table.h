#pragma once

#include <string>
#include <vector>

#include "models/report/report.h"

namespace omniphi::sim {

/// Rows of text with columns made equally wide; a column whose cells below the head look like
/// numbers is aligned right.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

/// The report as a person reads it: figures with their ranges, what limits, the largest parts of
/// time, energy, price and memory, and the layers that cost most.
std::string report_text(const models::Report& report);

}  // namespace omniphi::sim
