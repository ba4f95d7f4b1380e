#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "hw/system/cluster.h"
#include "models/software/stack.h"
#include "validation/compare/suite.h"

namespace omniphi::validation {

/// The catalog's parts by id, each read once. A part that the catalog does not have is null.
/// Throws ConfigError for a part that is wrong.
class Parts {
 public:
  explicit Parts(const Setting& setting) : setting_(setting) {}

  const Part<hw::Node>* node(const std::string& id);
  const Part<hw::Switch>* switches(const std::string& id);
  /// With the calibration of the setting, if it has one.
  const Part<models::SoftwareStack>* stack(const std::string& id);

  /// Probability that the ranges of the stacks read so far state, and their calibrations' names.
  [[nodiscard]] double level() const { return level_; }

  [[nodiscard]] std::string calibrations() const;

 private:
  template <class T>
  using Known = std::map<std::string, std::optional<Part<T>>>;

  template <class T>
  const Part<T>* found(Known<T>& known, const std::string& id);

  const Setting& setting_;
  Known<hw::Node> nodes_;
  Known<hw::Switch> switches_;
  Known<models::SoftwareStack> stacks_;
  std::set<std::string> calibrations_;
  double level_ = 0;
};

/// The processor of a node, or null for another kind of node (or none).
const hw::ManyCoreCpu* cpu_of(const Part<hw::Node>* node);

/// An entry of the catalog that must be there.
template <class T>
T catalog_entry(std::string_view id, const Catalog& catalog) {
  Diagnostics diagnostics;
  T entry;
  read_part(id, {}, "", entry, {catalog, diagnostics});
  diagnostics.throw_if_any();
  return entry;
}

/// Makes a row covered: predicted, with the range of its class of operation.
void predict(models::ValidationRow& row, double predicted, const models::Residual& residual);

/// Says why a row is not scored; the first reason counts.
void set_aside(models::ValidationRow& row, const std::string& why);

/// The rows' tables, with what the validation was made from: names of calibrations, and the
/// probability that their ranges state.
models::Validation validation(std::string suite,
                              const Setting& setting,
                              std::string calibrations,
                              double level,
                              std::vector<models::ValidationRow> rows);

}  // namespace omniphi::validation
