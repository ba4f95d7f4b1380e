#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/program.h"
#include "validation/compare/suite.h"

/// What each command of `omniphi-validate` does, once its options are known.
namespace omniphi::validation {

struct Suite {
  std::string_view name;  // of the command, and of the suite's folder of data
  std::string_view meaning;
  models::Validation (*validate)(const Setting& setting);
};

const std::vector<Suite>& suites();

/// The folder of a suite's measured rows: the option, or the one shipped with the program.
/// Throws ConfigError for a folder that is not there: it is a mistyped one, whereas a file that is
/// not there is only skipped.
std::filesystem::path data_folder(const std::filesystem::path& option, std::string_view suite);

struct ValidateOptions {
  std::filesystem::path data;  // "" for the folder shipped with the program
  std::string calibration;     // id or file, "" for each stack's own
  sim::Fidelity fidelity = sim::Fidelity::Analytical;
  std::string json;  // file, "-" for stdout, "" for none
};

/// Throws ConfigError for wrong input.
sim::Exit validate(const Suite& suite, const ValidateOptions& options, const Catalog& catalog);

struct PageOptions {
  std::string date;         // as printed: the result knows no clock
  std::string calibration;  // as above
  std::string output;       // file, "-" for stdout
};

/// Writes a page of all suites.
/// Throws ConfigError for wrong input.
sim::Exit write_page(const PageOptions& options, const Catalog& catalog);

}  // namespace omniphi::validation
