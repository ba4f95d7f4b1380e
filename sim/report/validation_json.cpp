#include <nlohmann/json.hpp>

#include "sim/report/validation.h"

namespace omniphi::sim {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json table_json(const models::ValidationTable& table) {
  return {{"table", table.table},
          {"phase", or_null(table.phase)},
          {"group", or_null(table.subset.empty() ? table.group : table.subset)},
          {"subset", !table.subset.empty()},
          {"rows", table.rows},
          {"scored", table.scored},
          {"not_covered", table.not_covered},
          {"mape", or_null(table.mape)},
          {"median_ape", or_null(table.median_ape)},
          {"max_ape", or_null(table.max_ape)},
          {"bias", or_null(table.bias)},
          {"interval",
           {{"level", table.interval.level},
            {"coverage", or_null(table.interval.coverage)},
            {"rows", table.interval.rows}}},
          {"fitted_parameters", table.fitted_parameters},
          {"baseline_mape", or_null(table.baseline_mape)}};
}

Json row_json(const models::ValidationRow& row) {
  const auto predicted = [&](double value) { return row.covered ? Json(value) : Json(nullptr); };
  return {{"table", row.table},
          {"phase", or_null(row.phase)},
          {"group", or_null(row.group)},
          {"source_row", row.source_row},
          {"label", row.label},
          {"measured", row.measured},
          {"predicted", predicted(row.predicted)},
          {"low", predicted(row.low)},
          {"high", predicted(row.high)},
          {"baseline", or_null(row.baseline)},
          {"unit", row.unit},
          {"covered", row.covered},
          {"scored", row.scored},
          {"note", or_null(row.note)}};
}

}  // namespace

std::string validation_json(const models::Validation& validation) {
  Json json{{"suite", validation.suite},
            {"data", validation.data},
            {"calibration", validation.calibration},
            {"refits", or_null(validation.refits)},
            {"fidelity", validation.fidelity},
            {"tables", Json::array()},
            {"rows", Json::array()}};
  for (const models::ValidationTable& table : validation.tables) {
    json["tables"].push_back(table_json(table));
  }
  for (const models::ValidationRow& row : validation.rows) json["rows"].push_back(row_json(row));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace omniphi::sim
