#include <array>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "hw/base/parameter_writer.h"
#include "models/workload/complexity.h"
#include "sim/cli/description.h"
#include "sim/report/table.h"

namespace omniphi::sim {

namespace {

/// What one phase of a layer, or of all, does in one step of a rank.
struct PhaseCost {
  double macs = 0;
  double flop = 0;  // multiply-accumulates as two
  Bytes moved{};    // each operand and result once

  PhaseCost& operator+=(const PhaseCost& other) {
    macs += other.macs;
    flop += other.flop;
    moved += other.moved;
    return *this;
  }

  /// Flop per byte; nothing where no byte moves.
  [[nodiscard]] std::optional<double> intensity() const {
    return moved > Bytes(0) ? std::optional(flop / moved.value()) : std::nullopt;
  }
};

using PhaseCosts = std::array<PhaseCost, models::kPhases.size()>;

/// All that a layer reads and writes is taken to be stored in one format: its own, or the
/// workload's. Work on activations grows with the batch, that on weights alone does not.
PhaseCost phase_cost(const models::PhaseWork& work, bool of_samples, int batch, Bytes element) {
  const double samples = of_samples ? batch : 1;
  const auto activations = static_cast<double>(work.activations_read + work.activations_written);
  const auto weights = static_cast<double>(work.weights_read + work.weights_written);
  const double macs = samples * static_cast<double>(work.macs);
  return {macs,
          2 * macs + samples * static_cast<double>(work.operations),
          (samples * activations + weights) * element};
}

PhaseCosts phase_costs(const models::Layer& layer,
                       const models::Complexity& complexity,
                       const models::Workload& workload) {
  const Bytes element =
      layer.format ? models::size_of(*layer.format) : hw::size_of(workload.precision);
  PhaseCosts costs;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    const models::Phase phase = models::kPhases[i];
    costs[i] = phase_cost(
        complexity.phase(phase), phase != models::Phase::Update, workload.batch_per_rank, element);
  }
  return costs;
}

/// The phases that the task has.
std::span<const models::Phase> phases_of(const models::Workload& workload) {
  const bool training = workload.task == models::TaskKind::Training;
  return {models::kPhases.data(), training ? models::kPhases.size() : 1};
}

ConfigNode phase_tree(const models::PhaseWork& work, const PhaseCost& cost) {
  ConfigNode tree = ConfigNode::map();
  put(tree, "macs", work.macs);
  put(tree, "operations", work.operations);
  put(tree, "activations_read", work.activations_read);
  put(tree, "activations_written", work.activations_written);
  put(tree, "weights_read", work.weights_read);
  put(tree, "weights_written", work.weights_written);
  put_number(tree, "step_flop", cost.flop);
  put_number(tree, "step_bytes", cost.moved.value());
  if (const auto intensity = cost.intensity()) put_number(tree, "flop_per_byte", *intensity);
  return tree;
}

ConfigNode phases_tree(const models::Complexity& complexity,
                       const PhaseCosts& costs,
                       const models::Workload& workload) {
  ConfigNode tree = ConfigNode::map();
  for (const models::Phase phase : phases_of(workload)) {
    const auto index = static_cast<std::size_t>(phase);
    tree.set(models::phase_name(phase), phase_tree(complexity.phase(phase), costs[index]));
  }
  return tree;
}

ConfigNode layer_tree(const models::Network& network,
                      const models::Layer& layer,
                      const models::Complexity& c) {
  ConfigNode row = ConfigNode::map();
  put_text(row, "name", layer.name);
  put_text(row, "op", std::string(models::op_name(layer.op)));
  std::vector<std::string> inputs;
  for (const models::LayerId input : layer.inputs) inputs.push_back(network.layer(input).name);
  row.set("inputs", written(inputs));
  row.set("output", written(layer.output.dimensions));
  if (layer.format) row.set("format", written(*layer.format));
  if (layer.shares) put_text(row, "shares", network.layer(*layer.shares).name);
  put(row, "parameters", c.parameters);
  put(row, "activations_per_sample", c.activations);
  put(row, "macs_per_sample", c.macs());
  return row;
}

/// Millions, in four digits or all of them.
std::string mega(double number) {
  const double millions = number / 1e6;
  return millions < 1e4 ? fmt::format("{:.4g}", millions) : fmt::format("{:.0f}", millions);
}

std::string intensity_text(const PhaseCost& cost) {
  const auto intensity = cost.intensity();
  return intensity ? fmt::format("{:.3g}", *intensity) : "";
}

/// A name that leaves room for the figures beside it; JSON has the whole of it.
std::string short_name(const std::string& name) {
  constexpr std::size_t kLongest = 48;
  return name.size() <= kLongest ? name : name.substr(0, kLongest - 3) + "...";
}

/// The operator, and the format where the network itself says it.
std::string op_text(const models::Layer& layer) {
  const std::string op(models::op_name(layer.op));
  return layer.format ? fmt::format("{} {}", op, choice_name(*layer.format)) : op;
}

/// Cells of a layer, or of all of them.
std::vector<std::string> row(std::array<std::string, 3> names,
                             const models::Complexity& complexity,
                             const PhaseCosts& costs,
                             std::span<const models::Phase> phases) {
  std::vector<std::string> cells(names.begin(), names.end());
  cells.push_back(std::to_string(complexity.parameters));
  cells.push_back(std::to_string(complexity.activations));
  cells.push_back(mega(static_cast<double>(complexity.macs())));
  for (const models::Phase phase : phases) {
    const PhaseCost& cost = costs[static_cast<std::size_t>(phase)];
    cells.push_back(mega(cost.moved.value()));
    cells.push_back(intensity_text(cost));
  }
  return cells;
}

std::vector<std::string> heading(std::span<const models::Phase> phases) {
  constexpr std::array kWords{"forward MB", "back. data MB", "back. weights MB", "update MB"};
  std::vector<std::string> cells{"layer", "op", "output", "parameters", "activations", "MMAC"};
  for (const models::Phase phase : phases) {
    cells.emplace_back(kWords[static_cast<std::size_t>(phase)]);
    cells.emplace_back("flop/B");
  }
  return cells;
}

std::string phase_table(const PhaseCosts& costs, std::span<const models::Phase> phases) {
  Rows rows{{"phase", "MMAC", "Mflop", "MB", "flop/B"}};
  for (const models::Phase phase : phases) {
    const PhaseCost& cost = costs[static_cast<std::size_t>(phase)];
    rows.push_back({std::string(models::phase_name(phase)),
                    mega(cost.macs),
                    mega(cost.flop),
                    mega(cost.moved.value()),
                    intensity_text(cost)});
  }
  return text_table(rows);
}

/// A line each, after an empty one.
std::string notes_text(const std::vector<models::Note>& notes) {
  std::string text;
  for (const models::Note& note : notes) {
    text += fmt::format(
        "{}{}: {} {}\n", text.empty() ? "\n" : "", choice_name(note.kind), note.subject, note.text);
  }
  return text;
}

bool costs_nothing(const models::Complexity& complexity) {
  return complexity.parameters == 0 && complexity.phases == models::Complexity{}.phases;
}

/// Layers that only handle shapes or constants, told in one line.
class FreeLayers {
 public:
  void add(const models::Layer& layer) {
    if (std::holds_alternative<models::Input>(layer.op)) return;
    if (count_++ == 0) first_ = fmt::format("{} ({})", layer.name, models::op_name(layer.op));
  }

  /// Appends to `notes` unless there are none.
  void tell(std::vector<models::Note>& notes) const {
    if (count_ == 0) return;
    const std::string others = count_ > 1 ? fmt::format(" and {} other layers", count_ - 1) : "";
    notes.push_back({models::NoteKind::Free,
                     first_ + others,
                     "only handle shapes or constants: no arithmetic, and no byte is moved"});
  }

 private:
  std::size_t count_ = 0;
  std::string first_;
};

/// In double quotes as Graphviz reads them; `text` may hold the escape \n.
std::string dot_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return quoted + '"';
}

}  // namespace

std::string network_dot(const models::Network& network) {
  std::string text = fmt::format("digraph {} {{\n  node [shape=box];\n", dot_quoted(network.name));
  for (const models::Layer& layer : network.layers) {
    const models::Complexity c = models::complexity(network, layer);
    std::string label =
        fmt::format("{}\n{}\n{}", layer.name, models::op_name(layer.op), layer.output.text());
    if (c.parameters > 0) label += fmt::format("\n{} parameters", c.parameters);
    if (c.macs() > 0) label += fmt::format("\n{} MMAC", mega(static_cast<double>(c.macs())));
    text += fmt::format("  {} [label={}];\n", dot_quoted(layer.name), dot_quoted(label));
    for (const models::LayerId input : layer.inputs) {
      text += fmt::format(
          "  {} -> {};\n", dot_quoted(network.layer(input).name), dot_quoted(layer.name));
    }
    if (layer.shares) {
      text += fmt::format("  {} -> {} [style=dashed, label=weights, constraint=false];\n",
                          dot_quoted(network.layer(*layer.shares).name),
                          dot_quoted(layer.name));
    }
  }
  return text + "}\n";
}

Description described_network(const models::Workload& workload) {
  const models::Network& network = workload.network.network;
  const std::span<const models::Phase> phases = phases_of(workload);
  models::Complexity total;
  PhaseCosts total_costs;
  FreeLayers free;
  Rows rows{heading(phases)};
  ConfigNode layers = ConfigNode::sequence();
  for (const models::Layer& layer : network.layers) {
    const models::Complexity c = models::complexity(network, layer);
    const PhaseCosts costs = phase_costs(layer, c, workload);
    rows.push_back(
        row({short_name(layer.name), op_text(layer), layer.output.text()}, c, costs, phases));
    ConfigNode tree = layer_tree(network, layer, c);
    tree.set("phases", phases_tree(c, costs, workload));
    layers.items.push_back(std::move(tree));
    if (costs_nothing(c)) free.add(layer);
    total += c;
    for (std::size_t i = 0; i < costs.size(); ++i) total_costs[i] += costs[i];
  }
  rows.push_back(row({"total", "", ""}, total, total_costs, phases));
  std::vector<models::Note> notes = network.notes;
  free.tell(notes);

  Description d;
  put_text(d.tree, "network", network.name);
  put_text(d.tree, "source", network.source);
  put(d.tree, "parameters", total.parameters);
  put(d.tree, "statistics", total.statistics);
  put(d.tree, "macs_per_sample", total.macs());
  put(d.tree, "activations_per_sample", total.activations);
  put(d.tree, "batch_per_rank", std::int64_t{workload.batch_per_rank});
  d.tree.set("precision", written(workload.precision));
  d.tree.set("phases", phases_tree(total, total_costs, workload));
  d.tree.set("layers", std::move(layers));
  d.tree.set("notes", written(notes));
  d.dot = network_dot(network);
  d.text = fmt::format(
      "network {}: {} parameters, {} kept statistics, {} MACs and {} activations a sample\n{}\n"
      "a step of {} {} in {}\n{}\n"
      "parameters, activations and MMAC of a sample; MB and flop/B of the step\n{}{}",
      network.name,
      total.parameters,
      total.statistics,
      total.macs(),
      total.activations,
      network.source.empty() ? "" : "source: " + network.source + '\n',
      workload.batch_per_rank,
      workload.batch_per_rank == 1 ? "sample" : "samples",
      choice_name(workload.precision),
      phase_table(total_costs, phases),
      text_table(rows),
      notes_text(notes));
  return d;
}

}  // namespace omniphi::sim
