#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/catalog.h"
#include "hw/node/node.h"
#include "models/report/validation.h"
#include "models/software/calibration.h"
#include "sim/run/run.h"

/// The suites. Each reads the files it knows from a folder, passes over those that are not there,
/// predicts every row that the catalog has the parts for, and scores the rows without a flag.
namespace omniphi::validation {

struct Setting {
  const Catalog& catalog;
  std::filesystem::path data;  // the folder of the suite's files
  /// These are rows that records of the catalog were fitted to.
  bool fitted_rows = false;
  /// Used instead of the calibration of each stack.
  std::optional<Part<models::Calibration>> calibration;
  sim::Fidelity fidelity = sim::Fidelity::Analytical;
};

/// A measured row, and the model of it under any calibration.
struct Observation {
  models::ValidationRow row;  // not yet predicted
  bool rate = false;          // the more, the less time it took
  std::string family;         // near-duplicates of a row share it
  models::OperationClass operation = models::OperationClass::ElementWise;
  std::string_view node_kind = hw::ManyCoreCpu::kind;  // that it was measured on
  std::string record;                                  // the one fitted to rows of this table
  std::optional<models::Calibration> calibration;      // that a fit starts from
  std::function<double(const models::Calibration&)>
      predict;  // in the row's unit; null: not covered, or predicted already
};

/// Kernels (matrix products, convolutions) and all-reduces of DeepBench. With a convolution, the
/// flag of a row speaks of the phases that bear one of their own or, where none does, of all.
/// Throws ConfigError with every fault of the files.
std::vector<Observation> deepbench_observations(const Setting& setting);

/// Rates of whole networks on one node and on many, and messages between two nodes. Rates of many
/// nodes are compared per node, relative to the smallest run of their series. Rows that nobody has
/// read in their source, and those of untuned software, are not scored. Rows of a stack whose
/// record is fitted to them have a model (of closed forms), and their network as family; others are
/// predicted already. Throws ConfigError with every fault of the files.
std::vector<Observation> published_observations(const Setting& setting);

/// A measured figure of a memory, and the model of it on any description of the machine.
struct MemoryObservation {
  models::ValidationRow row;  // not yet predicted
  std::string machine;        // catalog id
  bool fitted = false;        // the memory parameters of Xeon Phi were fitted to it
  std::function<Outcome<double>(const hw::ManyCoreCpu&)> predict;  // in base units
};

/// The rows of `validate_memory`, for whoever fits the memory model to them.
/// Throws ConfigError with every fault of the files.
std::vector<MemoryObservation> memory_observations(const std::filesystem::path& folder);

/// Bandwidth, latency and latency under load of memories by mode and threads. Rows that parameters
/// were fitted to make groups of their own.
/// Throws ConfigError with every fault of the files.
models::Validation validate_memory(const Setting& setting);

/// The calibration named or described by a file.
/// Throws ConfigError where there is none, or for what is wrong with it.
Part<models::Calibration> chosen_calibration(const std::string& id_or_file, const Catalog& catalog);

}  // namespace omniphi::validation
