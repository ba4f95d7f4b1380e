#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/workload/importers/caffe.h"

namespace omniphi::models {

/// A training run as a Caffe solver describes it.
struct CaffeSolver {
  /// The file that says the network; nothing where the solver does (in place, by level or stages).
  std::optional<std::filesystem::path> network_file;
  CaffeNetwork network;
  std::string type = "SGD";
  std::int64_t steps = 0;        // 0: the file does not say
  std::int64_t accumulated = 1;  // batches whose gradients make one step
  std::optional<std::int64_t> seed;
  std::vector<std::string> remarks;  // settings without a counterpart here, one sentence each
};

/// Whether the file is a solver rather than a network.
bool is_caffe_solver(const std::filesystem::path& file);

/// Reads a solver and the network it trains; nothing if the file is no solver. The path in `net:`
/// counts from Caffe's own root; the file is looked for beside the solver by its name, then as the
/// only other network in that folder.
/// Throws ConfigError for a fault in either file, or where there is no such network.
std::optional<CaffeSolver> read_caffe_solver(const std::filesystem::path& file,
                                             const CaffeOptions& options = {});

}  // namespace omniphi::models
