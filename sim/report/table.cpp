#include "sim/report/table.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "hw/base/quantity_text.h"

namespace omniphi::sim {

namespace {

constexpr std::size_t kLayersShown = 10;

/// A number or a range of them, and no phrase that begins with one.
bool looks_numeric(const std::string& cell) {
  if (cell.empty()) return true;
  return std::isdigit(static_cast<unsigned char>(cell.front())) != 0 && cell.find_first_of(",;(") == std::string::npos;
}

template <class D>
std::string text(Quantity<D> quantity) {
  return short_text(quantity);
}

std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

/// One line of the head: name, value, range, basis.
template <class Q, class Text>
std::vector<std::string> figure_row(std::string name, const Figure<Q>& figure, Text in_words) {
  const std::string basis(choice_name(figure.basis));
  if (!figure.known()) return {std::move(name), "unknown", "", ""};
  const bool exact = figure.low == figure.high;
  return {std::move(name),
          in_words(figure.value),
          exact ? "" : fmt::format("{} .. {}", in_words(figure.low), in_words(figure.high)),
          basis};
}

std::string head(const models::Report& r) {
  const auto rate = [](Hertz f) {
    return f < Hertz(1000) ? fmt::format("{:.4g} samples/s", f.value())
                           : fmt::format("{:.0f} samples/s", f.value());
  };
  const auto quantity = [](auto q) { return text(q); };
  const auto hours = [](Seconds s) {
    return s < Seconds(3600) ? text(s) : fmt::format("{:.4g} h", s.value() / 3600);
  };
  const auto megawatt_hours = [](Joules e) { return fmt::format("{:.4g} kWh", e.value() / 3.6e6); };
  const auto dollars = [](Usd price) { return fmt::format("{:.0f} USD", price.value()); };
  std::vector<std::vector<std::string>> rows{{"", "value", "range", "basis"}};
  rows.push_back(figure_row("throughput", r.throughput, rate));
  rows.push_back(figure_row("  of one node", r.throughput_per_node, rate));
  rows.push_back(figure_row("step time", r.step_time, quantity));
  rows.push_back(figure_row("exposed communication", r.exposed_communication, quantity));
  rows.push_back(figure_row("energy per sample", r.energy_per_sample, quantity));
  rows.push_back(figure_row("power", r.power, quantity));
  rows.push_back(figure_row("capital cost", r.capital_cost, dollars));
  rows.push_back(figure_row("memory of a rank", r.memory_footprint, quantity));
  rows.push_back(figure_row("accuracy (top-1)", r.accuracy, percent));
  if (r.time_to_train.known()) {
    rows.push_back(figure_row("time to train", r.time_to_train, hours));
    rows.push_back(figure_row("energy to train", r.energy_to_train, megawatt_hours));
    rows.push_back(figure_row("  its price", r.energy_cost_to_train, dollars));
  }
  return text_table(rows);
}

std::string facts(const models::Report& r) {
  std::string out =
      fmt::format("limited by {} ({} of the step)\n", r.limited_by, percent(r.limited_by_share));
  out += fmt::format(
      "network    {} parameters, {:.4g} GMAC a sample, {} samples a step on {} rank{}\n",
      r.parameters,
      static_cast<double>(r.macs_per_sample) / 1e9,
      r.global_batch,
      r.ranks,
      r.ranks > 1 ? "s" : "");
  out += fmt::format("arithmetic {} of all ranks together\n", text(r.achieved));
  const std::string fast =
      r.fast_memory > Bytes(0) ? fmt::format(" {} fast and", text(r.fast_memory)) : "";
  const std::string share = r.fast_memory_share > 0 ? fmt::format("; {} of it in the fast memory",
                                                                  percent(r.fast_memory_share))
                                                    : "";
  out += fmt::format("memory     {} of{} {} main{}\n",
                     text(r.memory_footprint.value),
                     fast,
                     text(r.main_memory),
                     share);
  out += fmt::format(
      "fabric     {}{}\n", r.fabric, r.all_reduce.empty() ? "" : "; all-reduce by " + r.all_reduce);
  return out;
}

/// "time of a step   compute 60 %, memory bandwidth 30 %, ..."
template <class Share, class Amount>
std::string parts(std::string_view title, const std::vector<Share>& shares, Amount amount) {
  std::string out = fmt::format("{:<10} ", title);
  double sum = 0;
  for (const Share& share : shares) sum += amount(share);
  bool first = true;
  for (const Share& share : shares) {
    if (amount(share) <= 0) continue;
    out += fmt::format("{}{} {}", first ? "" : ", ", share.name, percent(amount(share) / sum));
    first = false;
  }
  return out + '\n';
}

std::string costly_layers(const models::Report& r) {
  std::vector<models::LayerReport> layers = r.layers;
  std::stable_sort(layers.begin(), layers.end(), [](const auto& a, const auto& b) {
    return a.total() > b.total();
  });
  layers.resize(std::min(layers.size(), kLayersShown));
  std::vector<std::vector<std::string>> rows{{"layer",
                                              "op",
                                              "output",
                                              "MMAC",
                                              "forward",
                                              "back. data",
                                              "back. weights",
                                              "update",
                                              "of step",
                                              "limited by"}};
  for (const models::LayerReport& layer : layers) {
    rows.push_back({layer.name,
                    layer.op,
                    layer.output.text(),
                    fmt::format("{:.4g}", static_cast<double>(layer.macs_per_sample) / 1e6),
                    text(layer.forward),
                    text(layer.backward_data),
                    text(layer.backward_weights),
                    text(layer.update),
                    percent(layer.total() / r.step_time.value),
                    layer.limited_by});
  }
  return text_table(rows);
}

}  // namespace

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  std::vector<bool> right(widths.size(), true);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      widths[c] = std::max(widths[c], rows[r][c].size());
      if (r > 0 && !looks_numeric(rows[r][c])) right[c] = false;
    }
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      line += right[c] ? fmt::format("{:>{}}", row[c], widths[c])
                       : fmt::format("{:<{}}", row[c], widths[c]);
      line += "  ";
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string report_text(const models::Report& r) {
  std::string out;
  if (!r.name.empty()) out += r.name + "\n\n";
  out += head(r) + '\n' + facts(r);
  out += parts("time", r.time, [](const auto& share) { return share.time.value(); });
  out += parts("energy", r.energy, [](const auto& share) { return share.energy.value.value(); });
  out += parts("price", r.price, [](const auto& share) { return share.price.value.value(); });
  out += parts("memory", r.memory, [](const auto& share) { return share.bytes.value(); });
  out += "\nlayers that cost most\n" + costly_layers(r);
  if (!r.notes.empty()) out += '\n';
  for (const std::string& note : r.notes) out += "note: " + note + '\n';
  return out;
}

}  // namespace omniphi::sim
