#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hw/base/catalog.h"
#include "sim/cli/program.h"

namespace omniphi::validation {

struct CalibrateOptions {
  std::filesystem::path data;            // "" for the folder shipped with the program
  std::string record = "knl-deepbench";  // whose rows are fitted to
  std::string start;  // id or file: first guesses, and what is not fitted; "": as the rows say
  int folds = 5;
  std::string date;     // written into the record: the result knows no clock
  std::string version;  // of the program
  std::string output;   // file for the record, "" for none
};

/// Fits a calibration record to measured tables, prints what it found and how it predicts rows it
/// has not seen, and writes the record. Throws ConfigError for wrong input.
sim::Exit calibrate(const CalibrateOptions& options, const Catalog& catalog);

/// The memory model fitted to the machine whose rows are meant for it and scored on others: the
/// parameters beside the errors. `data`: "" for the folder shipped with the program.
/// Throws ConfigError for wrong input.
std::string memory_calibration_text(const std::filesystem::path& data, const Catalog& catalog);

/// What the fit found and how it predicts rows it has not seen, as `calibrate` prints it.
/// Throws ConfigError for wrong input.
std::string calibration_text(const CalibrateOptions& options, const Catalog& catalog);

}  // namespace omniphi::validation
