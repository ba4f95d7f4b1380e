#include "validation/cli/commands.h"

#include <fmt/format.h>

#include "sim/cli/output.h"
#include "sim/report/validation.h"
#include "validation/calibrate/score.h"
#include "validation/cli/calibrate_command.h"

namespace omniphi::validation {

namespace {

Setting setting_of(const Suite& suite, const ValidateOptions& options, const Catalog& catalog) {
  Setting setting{catalog, data_folder(options.data, suite.name), options.data.empty(), {}, {}};
  setting.fidelity = options.fidelity;
  if (!options.calibration.empty()) {
    setting.calibration = chosen_calibration(options.calibration, catalog);
  }
  return setting;
}

constexpr std::string_view kPageHead =
    R"(# How wrong Omniphi is

Predicted against measured, every table as it stands. Written by

    omniphi validate page --date {date} --output validation/README.md

{date}, Omniphi's analytical models. The same tables, with every row, come from
`omniphi validate SUITE --json FILE`; `--data DIR` scores rows from elsewhere, `--calibration FILE`
predicts them by another record, as it is.

- Errors are shares of the measured value: MAPE is their mean, bias the mean of
  predicted / measured - 1.
- No row is predicted by parameters that it has helped to fit. The rows of deepbench are dealt to
  five folds, near-duplicates together; each is predicted, and its range stated, by a record that
  is fitted to the other four, the ranges by another cross-validation among these. Rows from
  elsewhere are predicted by the records of the catalog. `fitted` counts the parameters that rows
  of the kind determine.
- Published rates are scored where the software is tuned (its convolutions run on MKL2017, MKL-DNN
  or oneDNN); other software is predicted as if it were, and listed. Intel Caffe's record comes
  from deepbench alone. Stacks whose kernels nobody has measured have records of three parameters,
  one for all their networks; each network is predicted by a record fitted to the others. One
  property of a stack was concluded from rows that it is scored on: the core that MXNet 1.2 keeps
  for itself.
- Rows with a flag are listed and not scored; what the catalog has no part for, or no model exists
  of, is counted as not covered.
- The range column says how many measured values lie in the range that predictions state. Tables of
  fewer than 60 scored rows are pooled for it.
- The roofline is the baseline to beat: arithmetic at the peak of the vector clock, or every operand
  once at STREAM's rate.

Where the rows come from: [deepbench](data/deepbench/README.md), [published](data/published/README.md),
[memory](data/memory/README.md).
)";

}  // namespace

const std::vector<Suite>& suites() {
  static const std::vector<Suite> kSuites{
      {"deepbench", "Kernels and all-reduces of DeepBench", validate_deepbench},
      {"published", "Published rates of whole networks, scaling and messages", validate_published},
      {"memory", "Bandwidth and latency of memories", validate_memory}};
  return kSuites;
}

std::filesystem::path data_folder(const std::filesystem::path& option, std::string_view suite) {
  const std::filesystem::path folder =
      option.empty() ? sim::shipped_folder(OMNIPHI_INSTALLED_DATA, OMNIPHI_SOURCE_DATA) / suite
                     : option;
  std::error_code error;
  if (std::filesystem::is_directory(folder, error)) return folder;
  const Place place{std::make_shared<const std::string>(folder.string()), 0, 0};
  throw ConfigError({Diagnostic{place, "", "no such folder of data", ""}});
}

sim::Exit validate(const Suite& suite, const ValidateOptions& options, const Catalog& catalog) {
  const models::Validation validation = suite.validate(setting_of(suite, options, catalog));
  if (!options.json.empty()) sim::write_output(options.json, sim::validation_json(validation));
  if (options.json != "-") sim::write_output("-", sim::validation_text(validation));
  return sim::Exit::Done;
}

sim::Exit write_page(const PageOptions& options, const Catalog& catalog) {
  std::string page = fmt::format(kPageHead, fmt::arg("date", options.date));
  for (const Suite& suite : suites()) {
    ValidateOptions own;
    own.calibration = options.calibration;
    const models::Validation validation = suite.validate(setting_of(suite, own, catalog));
    page += fmt::format("\n## {0}\n\n{1}. `omniphi validate {0}`, calibration `{2}`\n\n{3}",
                        suite.name,
                        suite.meaning,
                        validation.calibration,
                        sim::validation_markdown(validation));
  }
  page += fmt::format(
      "\n## calibration\n\nThe record `knl-deepbench` and how well rows are predicted that its fit "
      "has not seen. "
      "`omniphi calibrate`\n\n```\n{}```\n"
      "\nThe memory model: fitted to one Xeon Phi, scored on another by the descriptions of both. "
      "`omniphi calibrate --memory`\n\n```\n{}```\n",
      calibration_text({}, catalog),
      memory_calibration_text({}, catalog));
  sim::write_output(options.output, page);
  return sim::Exit::Done;
}

}  // namespace omniphi::validation
