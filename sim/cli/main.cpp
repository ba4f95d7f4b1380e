#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "hw/base/error.h"
#include "sim/cli/commands.h"
#include "sim/cli/program.h"

namespace {

using namespace omniphi;

/// As git does: a command that is not one of ours is the program `omniphi-COMMAND` beside this one.
/// Returns if it is one of ours or an option.
/// Throws ConfigError for a command that nobody has.
void become_other_program(const CLI::App& app, char** argv) {
  const std::string command = argv[1] ? argv[1] : "";
  if (command.empty() || command.front() == '-') return;
  std::vector<std::string> names{"calibrate", "validate"};
  for (const CLI::App* ours : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (ours->get_name() == command) return;
    names.push_back(ours->get_name());
  }
  const std::filesystem::path program = sim::program_folder() / ("omniphi-" + command);
  if (command.find('/') == std::string::npos) execv(program.c_str(), argv + 1);
  const std::vector<std::string_view> known(names.begin(), names.end());
  throw ConfigError({Diagnostic{
      {},
      "",
      "no command " + in_quotes(command) + did_you_mean(command, known) + "; see --help",
      ""}});
}

/// What the file of a network leaves open.
void add_sizes(CLI::App* command, sim::OpenSizes& sizes) {
  command
      ->add_option(
          "--input-shape", sizes.input_shape, "Shape of a sample that a prototxt leaves open")
      ->type_name("1x28x28");
  command->add_option("--phase", sizes.phase, "Whose layers of a prototxt are taken: train or test")
      ->type_name("NAME")
      ->option_text("NAME (train)");
  command
      ->add_option(
          "--dimension",
          sizes.dimensions,
          "Size of what an ONNX file leaves open: a dimension (of axis 2 of input x: x.2), "
          "the length of a sequence, a trip count; repeatable")
      ->type_name("NAME=NUMBER");
}

}  // namespace

int main(int argc, char** argv) {
  sim::set_up_log();
  CLI::App app{"Predicts throughput, energy, accuracy and cost of neural networks on clusters."};
  app.name("omniphi");
  app.set_version_flag("--version", OMNIPHI_VERSION);
  app.require_subcommand(1);
  app.footer("omniphi NAME runs the program omniphi-NAME beside this one: omniphi validate --help");
  app.fallthrough();
  std::string catalog_folder;
  app.add_option("--catalog", catalog_folder, "Folder of networks, nodes and other parts")
      ->type_name("DIR");

  std::function<sim::Exit()> command;
  const auto chosen = [&](CLI::App* sub, auto run) { sub->callback([&, run] { command = run; }); };

  sim::PredictOptions predict;
  CLI::App* predict_command =
      app.add_subcommand("predict", "Predict one step of a scenario, and what follows from it");
  predict_command->add_option("SCENARIO", predict.scenario, "Scenario file (YAML)")->required();
  predict_command->add_option("--fidelity", predict.fidelity, "Which executor answers")
      ->transform(CLI::CheckedTransformer(sim::option_words<sim::Fidelity>()))
      ->option_text("NAME (analytical)");
  predict_command
      ->add_option(
          "--set", predict.overrides, "Use another value, e.g. cluster.nodes=64; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  predict_command
      ->add_option("--json", predict.json, "Write the report as JSON (-: to stdout, alone)")
      ->type_name("FILE");
  predict_command->footer(
      "Example: omniphi predict scenarios/resnet50-knl-opa.yaml --set cluster.nodes=64");
  chosen(predict_command,
         [&] { return sim::predict(predict, sim::catalog_in_force(catalog_folder)); });

  sim::CheckOptions check;
  CLI::App* check_command =
      app.add_subcommand("check", "Say everything that is wrong with a scenario");
  check_command->add_option("SCENARIO", check.scenario, "Scenario file (YAML)")->required();
  check_command->add_option("--set", check.overrides, "Use another value; may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  check_command->footer("Example: omniphi check scenarios/resnet50-knl-opa.yaml");
  chosen(check_command, [&] { return sim::check(check, sim::catalog_in_force(catalog_folder)); });

  sim::DescribeOptions describe;
  CLI::App* describe_command = app.add_subcommand(
      "describe", "Say what a network, node, fabric, scenario or this machine is");
  describe_command
      ->add_option("SUBJECT",
                   describe.subject,
                   "Catalog id, this-machine, or a YAML, ONNX, prototxt or hwloc XML file")
      ->required();
  describe_command
      ->add_option("--set",
                   describe.overrides,
                   "Use another value of a network or scenario, e.g. workload.batch_per_rank=64; "
                   "may be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  describe_command->add_option("--json", describe.json, "Write it as JSON (-: to stdout, alone)")
      ->type_name("FILE");
  describe_command
      ->add_option(
          "--dot", describe.dot, "Draw a network or fabric for Graphviz (-: to stdout, alone)")
      ->type_name("FILE");
  add_sizes(describe_command, describe.sizes);
  describe_command->footer("Example: omniphi describe resnet-50");
  chosen(describe_command,
         [&] { return sim::describe(describe, sim::catalog_in_force(catalog_folder)); });

  sim::ImportOptions import;
  CLI::App* import_command =
      app.add_subcommand("import", "Turn a file of another program into the catalog's YAML");
  import_command
      ->add_option(
          "FILE",
          import.file,
          "ONNX model, Caffe network or solver (prototxt), hwloc's XML of a machine, Omni-Path's "
          "topology XML or link summary, or SimGrid's platform XML")
      ->required();
  import_command->add_option("-o,--output", import.output, "Write there instead of stdout")
      ->type_name("FILE");
  add_sizes(import_command, import.sizes);
  import_command->footer("Example: omniphi import resnet50.onnx -o my-resnet.yaml");
  chosen(import_command,
         [&] { return sim::import_file(import, sim::catalog_in_force(catalog_folder)); });

  sim::SchemaOptions schema;
  CLI::App* schema_command =
      app.add_subcommand("schema", "Print the JSON Schema of a kind of file, for editors");
  schema_command->add_option(
      "NAME", schema.name, "scenario, report, node, ... (without: list them)");
  schema_command
      ->add_option("-o,--output",
                   schema.output,
                   "Write there instead of stdout; without NAME, all into this folder")
      ->type_name("FILE");
  schema_command->footer("Example: omniphi schema scenario -o scenario.json");
  chosen(schema_command, [&] { return sim::print_schema(schema); });

  const sim::Exit known = sim::run_command("omniphi", [&] {
    become_other_program(app, argv);
    return sim::Exit::Done;
  });
  if (known != sim::Exit::Done) return static_cast<int>(known);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : static_cast<int>(sim::Exit::WrongInput);
  }
  return static_cast<int>(sim::run_command("omniphi", command));
}
