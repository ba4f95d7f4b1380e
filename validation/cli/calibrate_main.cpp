#include <string>

#include <CLI/CLI.hpp>

#include "sim/cli/output.h"
#include "validation/cli/calibrate_command.h"

int main(int argc, char** argv) {
  using namespace omniphi;
  sim::set_up_log();
  CLI::App app{"Fits a calibration record to measured tables."};
  app.name("omniphi-calibrate");
  app.set_version_flag("--version", OMNIPHI_VERSION);
  std::string catalog_folder;
  validation::CalibrateOptions options;
  options.version = OMNIPHI_VERSION;
  app.add_option("--catalog", catalog_folder, "Folder of networks, nodes and other parts")
      ->type_name("DIR");
  app.add_option("--data", options.data, "Read the tables from another folder")->type_name("DIR");
  app.add_option("--record", options.record, "The record to fit: benchmarks name its rows")
      ->type_name("NAME");
  app.add_option("--start", options.start, "First guesses, and what is not fitted (file or id)")
      ->type_name("FILE");
  app.add_option("--folds", options.folds, "Folds of the cross-validation")
      ->check(CLI::Range(2, 100));
  bool memory = false;
  app.add_flag("--memory",
               memory,
               "Fit the memory model to one Xeon Phi, score it on another, and write no record")
      ->excludes("--record")
      ->excludes("--start")
      ->excludes("--folds");
  app.add_option("--date", options.date, "Date written into the record")->type_name("DATE");
  app.add_option("--output", options.output, "Write the record there")
      ->type_name("FILE")
      ->excludes("--memory");
  app.footer(
      "Example: omniphi calibrate --date 2025-11-30 --output "
      "configs/calibration/knl-deepbench.yaml");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : static_cast<int>(sim::Exit::WrongInput);
  }
  return static_cast<int>(sim::run_command("omniphi-calibrate", [&] {
    const Catalog catalog = sim::catalog_in_force(catalog_folder);
    if (!memory) return validation::calibrate(options, catalog);
    sim::write_output("-", validation::memory_calibration_text(options.data, catalog));
    return sim::Exit::Done;
  }));
}
