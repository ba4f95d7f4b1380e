#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hw/base/config_node.h"
#include "hw/base/figure.h"
#include "models/workload/complexity.h"

/// What every executor answers with.
namespace omniphi::models {

/// The time, energy, price and memory of a step in parts, in the order they are printed.
struct TimeShare {
  std::string name;  // "compute", "memory bandwidth", "exposed communication", ...
  Seconds time{};
};

struct EnergyShare {
  std::string name;
  Figure<Joules> energy;  // of one step, all nodes
  bool at_rest = false;   // grows with the time and not with the work
};

struct PriceShare {
  std::string name;
  int count = 0;
  Figure<Usd> price;  // of all of them
};

struct MemoryShare {
  std::string name;
  Bytes bytes{};  // of one rank
};

/// One layer on the rank that the step waits for.
struct LayerReport {
  std::string name;
  std::string op;
  TensorShape output;
  std::int64_t parameters = 0;
  std::int64_t macs_per_sample = 0;
  Seconds forward{};
  Seconds backward_data{};
  Seconds backward_weights{};
  Seconds update{};
  Bytes bytes{};  // moved to and from memory in all phases
  std::string limited_by;

  [[nodiscard]] Seconds total() const {
    return forward + backward_data + backward_weights + update;
  }
};

/// One sum of gradients.
struct CollectiveReport {
  Bytes payload{};
  Seconds start{};
  Seconds finish{};
  std::string algorithm;
  std::string limited_by;
};

/// A prediction or a measurement of one step, and what follows from it.
struct Report {
  static constexpr int kVersion = 1;  // of the schema

  std::string name;
  std::string executor;  // "analytical", ...
  ConfigNode scenario;   // as used: every default written out

  // The figures of merit.
  Figure<Hertz> throughput;  // samples a second, all ranks
  Figure<Seconds> step_time;
  Figure<Seconds> exposed_communication;
  Figure<Joules> energy_per_sample;
  Figure<Watts> power;
  Figure<Usd> capital_cost;
  Figure<double> accuracy;
  Figure<Bytes> memory_footprint;
  Figure<Hertz> throughput_per_node;
  Figure<Seconds> time_to_train;
  Figure<Joules> energy_to_train;
  Figure<Usd> energy_cost_to_train;

  std::string limited_by;
  double limited_by_share = 0;  // of the step time

  std::int64_t ranks = 0;
  std::int64_t nodes = 0;
  std::int64_t global_batch = 0;
  std::int64_t parameters = 0;
  std::int64_t macs_per_sample = 0;
  FlopsPerSecond achieved{};  // model flop a second, all ranks

  Bytes fast_memory{};  // that one rank may use; 0: none
  Bytes main_memory{};
  double fast_memory_share = 0;  // of the footprint that it holds

  std::string all_reduce;  // schedule in force, or "" without communication
  std::string fabric;      // one line
  int ports_per_node = 1;

  std::vector<TimeShare> time;      // of the step; adds up to it
  std::vector<EnergyShare> energy;  // of one step; adds up to power * step
  std::vector<PriceShare> price;    // adds up to the capital cost
  std::vector<MemoryShare> memory;  // adds up to the footprint
  std::vector<LayerReport> layers;
  std::vector<CollectiveReport> collectives;
  std::vector<std::string> notes;    // what the reader should know
  std::vector<std::string> sources;  // documents behind the parts

  /// Each figure once: key, value and meaning, for whoever prints or stores them. A key ends in the
  /// suffix of its base unit.
  template <class Self, class Visitor>
  static void visit_figures(Self& self, Visitor&& v) {
    v("throughput_samples_per_s", self.throughput, "samples a second of all ranks together");
    v("throughput_per_node_samples_per_s",
      self.throughput_per_node,
      "samples a second of one node");
    v("step_time_s", self.step_time, "time from one step to the next");
    v("exposed_communication_s",
      self.exposed_communication,
      "time in a step that computing waits for communication");
    v("energy_per_sample_j", self.energy_per_sample, "energy of nodes and fabric for one sample");
    v("power_w", self.power, "average power of nodes and fabric");
    v("capital_cost_usd", self.capital_cost, "price of nodes and fabric");
    v("accuracy", self.accuracy, "top-1 accuracy on the data set, as a share");
    v("memory_footprint_bytes",
      self.memory_footprint,
      "memory that one rank needs at the worst moment");
    v("time_to_train_s", self.time_to_train, "time of the whole schedule");
    v("energy_to_train_j", self.energy_to_train, "energy of the whole schedule, facility apart");
    v("energy_cost_to_train_usd",
      self.energy_cost_to_train,
      "price of that energy with the facility's share");
  }
};

}  // namespace omniphi::models
