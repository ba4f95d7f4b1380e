#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hw/base/catalog.h"
#include "sim/cli/open_sizes.h"
#include "sim/cli/program.h"
#include "sim/run/run.h"

/// What each command does, once its options are known. Results go to stdout (or the file asked
/// for), nothing else does.
namespace omniphi::sim {

struct PredictOptions {
  std::filesystem::path scenario;
  Fidelity fidelity = Fidelity::Analytical;
  std::vector<std::string> overrides;  // path=value
  std::string json;                    // file, "-" for stdout, "" for none
};

/// Of options --set PATH=VALUE. Throws ConfigError for another text.
std::vector<Override> parsed_overrides(const std::vector<std::string>& texts);

/// Throws ConfigError for wrong input.
Exit predict(const PredictOptions& options, const Catalog& catalog);

struct CheckOptions {
  std::filesystem::path scenario;
  std::vector<std::string> overrides;
};

/// Throws ConfigError with everything wrong with the scenario.
Exit check(const CheckOptions& options, const Catalog& catalog);

struct DescribeOptions {
  std::string subject;  // catalog id, "this-machine", or a file: scenario, network, part, fabric or
                        // hwloc XML
  std::vector<std::string> overrides;  // path=value, of a network or a scenario
  OpenSizes sizes;
  std::string json;
  std::string
      dot;  // file for the graph of a network's layers or a fabric, "-" for stdout, "" for none
};

/// Throws ConfigError for a subject that is neither known nor readable.
Exit describe(const DescribeOptions& options, const Catalog& catalog);

struct ImportOptions {
  std::filesystem::path file;
  OpenSizes sizes;
  std::string output;  // file; "" for stdout
};

/// A network from ONNX or Caffe, a scenario from a Caffe solver, a node from hwloc's XML, a fabric
/// from Omni-Path's or SimGrid's files. Throws ConfigError for a file that cannot be read as what
/// its name says.
Exit import_file(const ImportOptions& options, const Catalog& catalog);

struct SchemaOptions {
  std::string name;    // "scenario", "node", ...; "": all of them
  std::string output;  // file, or folder for all; "" for stdout
};

/// Throws ConfigError for a name that no schema has.
Exit print_schema(const SchemaOptions& options);

}  // namespace omniphi::sim
