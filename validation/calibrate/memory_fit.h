#pragma once

#include <string>
#include <vector>

#include "hw/node/many_core_cpu.h"
#include "validation/calibrate/fit.h"
#include "validation/compare/statistics.h"
#include "validation/compare/suite.h"

namespace omniphi::validation {

/// The memory model's parameters, fitted to one machine and carried over to others by their
/// descriptions alone.
struct MemoryFit {
  std::string machine;  // catalog id
  std::vector<FitParameter> parameters;
  Fit fit;

  /// How well a group of rows is predicted with them.
  struct Score {
    std::string group;
    std::int64_t rows = 0;
    ErrorSummary errors;
  };

  Score fitted;                // the machine's own rows
  std::vector<Score> carried;  // rows of other machines with a fast memory, which no fit has seen
};

/// Fits, for each memory, the bandwidth of one core, of all, and the streams at which conflicts
/// halve it, and one bank wait for both, to the rows of the folder that bear the flag `fit`; then
/// scores the unflagged rows of other processors of the catalog with a fast memory. A processor is
/// described by the catalog but for what the fit determines: bandwidths there are the same shares
/// of the interfaces, and cores keep as many lines under way.
/// Throws ConfigError for what is wrong with the files, or where no row bears the flag.
MemoryFit fitted_memory(const Setting& setting);

/// The same figures on another processor.
hw::ManyCoreCpu with_memory_of(hw::ManyCoreCpu cpu, const hw::ManyCoreCpu& from);

}  // namespace omniphi::validation
