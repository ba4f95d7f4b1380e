#pragma once

#include "models/report/report.h"

/// The one list of what a report's JSON holds: each key with its value and what it means, in the
/// order written. The writer and the schema are its visitors. A key of a quantity ends in its base
/// unit, or stands in a list whose key does.
namespace omniphi::sim {

template <class Visitor>
void visit_keys(const models::TimeShare& share, Visitor&& v) {
  v("part", share.name, "what takes the time");
  v("value", share.time, "its time in seconds");
}

template <class Visitor>
void visit_keys(const models::EnergyShare& share, Visitor&& v) {
  v("part", share.name, "what takes the energy");
  v("figure", share.energy, "its energy in joules, all nodes");
}

template <class Visitor>
void visit_keys(const models::PriceShare& share, Visitor&& v) {
  v("part", share.name, "what is bought");
  v("count", share.count, "how many of it");
  v("figure", share.price, "price of all of them in US dollars");
}

template <class Visitor>
void visit_keys(const models::MemoryShare& share, Visitor&& v) {
  v("part", share.name, "what is held");
  v("value", share.bytes, "its bytes");
}

/// The step in parts, which JSON keeps together.
struct Breakdown {
  const models::Report& report;
};

template <class Visitor>
void visit_keys(const Breakdown& parts, Visitor&& v) {
  v("time_s", parts.report.time, "the step's time; adds up to it");
  v("energy_per_step_j",
    parts.report.energy,
    "the step's energy; adds up to power times step time");
  v("price_usd", parts.report.price, "the bill of materials; adds up to the capital cost");
  v("memory_bytes", parts.report.memory, "what one rank holds; adds up to the footprint");
}

template <class Visitor>
void visit_keys(const models::LayerReport& layer, Visitor&& v) {
  v("name", layer.name, "the layer's name in the network");
  v("op", layer.op, "its operator");
  v("output", layer.output.dimensions, "shape of its output for one sample");
  v("parameters", layer.parameters, "weights that it learns");
  v("macs_per_sample", layer.macs_per_sample, "multiply-accumulates of one sample's forward pass");
  v("forward_s", layer.forward, "time of the forward pass");
  v("backward_data_s", layer.backward_data, "time of the gradient of its inputs");
  v("backward_weights_s", layer.backward_weights, "time of the gradient of its weights");
  v("update_s", layer.update, "time of the weights' update");
  v("memory_traffic_bytes", layer.bytes, "moved to and from memory, all phases");
  v("limited_by", layer.limited_by, "what takes the larger part of its time");
}

template <class Visitor>
void visit_keys(const models::CollectiveReport& sum, Visitor&& v) {
  v("payload_bytes", sum.payload, "gradients that are summed");
  v("start_s", sum.start, "when it starts, from the start of the step");
  v("finish_s", sum.finish, "when it is done, from the start of the step");
  v("algorithm", sum.algorithm, "the schedule it follows");
  v("limited_by", sum.limited_by, "what takes the larger part of its time");
}

template <class Visitor>
void visit_keys(const models::Report& report, Visitor&& v) {
  v("omniphi_report", models::Report::kVersion, "version of this format");
  v("name", report.name, "title of the scenario");
  v("executor", report.executor, "who answered");
  models::Report::visit_figures(report, v);
  v("limited_by", report.limited_by, "what takes the largest part of the step's time");
  v("limited_by_share", report.limited_by_share, "that part, of the step's time");
  v("nodes", report.nodes, "nodes of the cluster");
  v("ranks", report.ranks, "processes of all nodes");
  v("global_batch", report.global_batch, "samples of one step, all ranks");
  v("parameters", report.parameters, "weights of the network");
  v("macs_per_sample", report.macs_per_sample, "multiply-accumulates of one sample's forward pass");
  v("achieved_flop_per_s", report.achieved, "the network's own arithmetic, all ranks");
  v("fast_memory_bytes",
    report.fast_memory,
    "memory on the package that one rank may use; 0: none");
  v("main_memory_bytes", report.main_memory, "memory on the board that one rank may use");
  v("fast_memory_share", report.fast_memory_share, "of the footprint, held by the fast memory");
  v("all_reduce",
    report.all_reduce,
    "schedule that sums the gradients; empty without communication");
  v("fabric", report.fabric, "the fabric in one line");
  v("ports_per_node", report.ports_per_node, "cables from each node");
  v("breakdown", Breakdown{report}, "the step in parts");
  v("layers", report.layers, "each layer on the rank that the step waits for");
  v("collectives", report.collectives, "each sum of gradients");
  v("notes", report.notes, "what the reader should know");
  v("sources", report.sources, "documents behind the parts");
  v("scenario", report.scenario, "the scenario as used, every default written out");
}

}  // namespace omniphi::sim
