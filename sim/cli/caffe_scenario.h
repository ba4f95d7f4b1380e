#pragma once

#include <filesystem>
#include <string>

#include "hw/base/catalog.h"
#include "models/workload/importers/caffe_solver.h"

namespace omniphi::sim {

/// Where a solver was read from, how, and where its scenario will lie.
struct CaffeRun {
  std::filesystem::path solver;
  ConfigNode parameters;  // of the network's file, as network_file.h has them; Null for none
  std::filesystem::path scenario;
};

/// The scenario of a Caffe training run, as YAML whose comments tell what the files say that a
/// scenario cannot, and what no file says. The network stays in its own file, or is written in
/// place where the solver holds it.
///
/// Nodes come from the folder's name ("alexnet_4nodes"), ranks of a node from a README beside the
/// solver ("-ppn 8"), both else 1; the run's epochs follow from its steps, its batch and these:
///     epochs = steps x accumulated batches x batch x ranks / samples of the data set
/// Throws ConfigError where the scenario would not be valid.
std::string caffe_scenario(const models::CaffeSolver& solver,
                           const CaffeRun& run,
                           const Catalog& catalog);

}  // namespace omniphi::sim
