#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "validation/cli/commands.h"

int main(int argc, char** argv) {
  using namespace omniphi;
  sim::set_up_log();
  CLI::App app{"Says how far predictions are from measurements."};
  app.name("omniphi-validate");
  app.set_version_flag("--version", OMNIPHI_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  std::string catalog_folder;
  app.add_option("--catalog", catalog_folder, "Folder of networks, nodes and other parts")
      ->type_name("DIR");

  std::function<sim::Exit()> command;
  validation::ValidateOptions validate;
  for (const validation::Suite& suite : validation::suites()) {
    CLI::App* sub = app.add_subcommand(std::string(suite.name), std::string(suite.meaning));
    sub->add_option("--data", validate.data, "Read the same files from another folder")
        ->type_name("DIR");
    sub->add_option("--calibration", validate.calibration, "Use another calibration (file or id)")
        ->type_name("FILE");
    sub->add_option("--fidelity", validate.fidelity, "Which executor answers")
        ->transform(CLI::CheckedTransformer(sim::option_words<sim::Fidelity>()))
        ->option_text("NAME (analytical)");
    sub->add_option("--json", validate.json, "Write tables and rows as JSON (-: to stdout, alone)")
        ->type_name("FILE");
    sub->footer("Example: omniphi validate " + std::string(suite.name) + " --json errors.json");
    sub->callback([&] {
      command = [&] {
        return validation::validate(suite, validate, sim::catalog_in_force(catalog_folder));
      };
    });
  }

  validation::PageOptions page;
  page.output = "-";
  CLI::App* page_command = app.add_subcommand("page", "Write a page with the tables of all suites");
  page_command->add_option("--date", page.date, "Date that the page bears")
      ->type_name("DATE")
      ->required();
  page_command
      ->add_option("--calibration", page.calibration, "Use another calibration (file or id)")
      ->type_name("FILE");
  page_command->add_option("--output", page.output, "Write there instead of stdout")
      ->type_name("FILE");
  page_command->footer(
      "Example: omniphi validate page --date 2025-11-30 --output validation/README.md");
  page_command->callback([&] {
    command = [&] { return validation::write_page(page, sim::catalog_in_force(catalog_folder)); };
  });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : static_cast<int>(sim::Exit::WrongInput);
  }
  return static_cast<int>(sim::run_command("omniphi-validate", command));
}
