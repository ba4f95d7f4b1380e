#include "validation/compare/parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "hw/base/yaml_reader.h"
#include "validation/compare/statistics.h"

namespace omniphi::validation {

namespace {

using models::Calibration;
using models::SoftwareStack;

}  // namespace

template <class T>
const Part<T>* Parts::found(Known<T>& known, const std::string& id) {
  auto entry = known.find(id);
  if (entry == known.end()) {
    std::optional<Part<T>> part;
    if (setting_.catalog.has(T::folder, id)) part = {id, catalog_entry<T>(id, setting_.catalog)};
    entry = known.emplace(id, std::move(part)).first;
  }
  return entry->second ? &*entry->second : nullptr;
}

const Part<hw::Node>* Parts::node(const std::string& id) {
  return found(nodes_, id);
}

const Part<hw::Switch>* Parts::switches(const std::string& id) {
  return found(switches_, id);
}

const Part<SoftwareStack>* Parts::stack(const std::string& id) {
  const bool known = stacks_.contains(id);
  found(stacks_, id);
  std::optional<Part<SoftwareStack>>& stack = stacks_.at(id);
  if (!stack) return nullptr;
  if (!known) {
    if (setting_.calibration) stack->value.calibration = *setting_.calibration;
    level_ = stack->value.calibration->level;
    calibrations_.insert(stack->value.calibration.id);
  }
  return &*stack;
}

std::string Parts::calibrations() const {
  if (setting_.calibration) return setting_.calibration->id;
  return fmt::format("{}", fmt::join(calibrations_, ", "));
}

const hw::ManyCoreCpu* cpu_of(const Part<hw::Node>* node) {
  return node ? std::get_if<hw::ManyCoreCpu>(&node->value.kind) : nullptr;
}

void predict(models::ValidationRow& row, double predicted, const models::Residual& residual) {
  row.covered = true;
  row.scored = row.note.empty();
  row.predicted = predicted;
  row.low = predicted * residual.low;
  row.high = predicted * residual.high;
}

void set_aside(models::ValidationRow& row, const std::string& why) {
  if (why.empty()) return;
  row.scored = false;
  if (row.note.empty()) row.note = why;
}

models::Validation validation(std::string suite,
                              const Setting& setting,
                              std::string calibrations,
                              double level,
                              std::vector<models::ValidationRow> rows) {
  models::Validation validation;
  validation.suite = std::move(suite);
  validation.data = setting.data.string();
  validation.calibration = std::move(calibrations);
  validation.fidelity = choice_name(setting.fidelity);
  validation.tables = tabulated(rows, level);
  validation.rows = std::move(rows);
  return validation;
}

Part<Calibration> chosen_calibration(const std::string& id_or_file, const Catalog& catalog) {
  Diagnostics diagnostics;
  Part<Calibration> part{id_or_file, {}};
  if (!std::filesystem::exists(id_or_file)) {
    part.value = catalog_entry<Calibration>(id_or_file, catalog);
    return part;
  }
  ConfigNode tree = read_yaml_file(id_or_file, diagnostics);
  diagnostics.throw_if_any();
  tree = catalog.derived(Calibration::folder, std::move(tree), "", diagnostics);
  diagnostics.throw_if_any();
  read_parameters(tree, "", part.value, {catalog, diagnostics});
  diagnostics.throw_if_any();
  return part;
}

}  // namespace omniphi::validation
