#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hw/system/cluster.h"
#include "models/software/stack.h"
#include "models/workload/dataset.h"
#include "models/workload/network.h"

namespace omniphi::models {

enum class TaskKind { Training, Inference };

constexpr auto choices(TaskKind) {
  return std::array{
      Choice<TaskKind>{"training", TaskKind::Training, "forward, backward and update"},
      Choice<TaskKind>{"inference", TaskKind::Inference, "forward alone"}};
}

/// A network named from the catalog, read from a file (`net.yaml`, `net.onnx` or `net.prototxt`,
/// relative to the scenario), written in place, or derived: `base:` with an id or a file, and what
/// differs (`{base: resnet-50, parameters: {resolution: 160}}`). The parameters of a file of
/// another program are what it leaves open (`{base: gpt2.onnx, parameters: {seq_len: 128}}`).
struct NetworkChoice {
  std::string id;
  ConfigNode derived;  // as written, if it is derived
  Network network;

  static void read(const ConfigNode& node,
                   const std::string& path,
                   NetworkChoice& out,
                   Rule rule,
                   ReadContext context);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;
};

/// What is computed.
struct Workload {
  NetworkChoice network;
  TaskKind task = TaskKind::Training;
  hw::NumberFormat precision = hw::NumberFormat::Fp32;
  int batch_per_rank = 1;
  Part<DataSet> dataset;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("network", self.network, "a catalog id, a file, or a description in place", required);
    v("task", self.task, "training or inference");
    v("precision", self.precision, "number format of activations and weights");
    v("batch_per_rank", self.batch_per_rank, "samples of one step on each rank", between(1, 1e9));
    v("dataset", self.dataset, "what the samples are (synthetic: made up on the spot)");
  }
};

/// Multiply-accumulates, other arithmetic and elements moved of one step on one rank may be this
/// many and no more, so that every count of a plan fits 64 bits, padding to vectors included.
constexpr std::int64_t kMostWorkOfAStep = std::int64_t{1} << 56;

/// Why a step of this batch would be larger than that; empty if it is not.
std::string excess_of_step(const Workload& workload);

enum class Optimizer { SgdMomentum };

constexpr auto choices(Optimizer) {
  return std::array{
      Choice<Optimizer>{"sgd-momentum", Optimizer::SgdMomentum, "one momentum for each weight"}};
}

/// How long a training run is.
struct TrainingSchedule {
  static constexpr std::string_view folder = "schedules";
  double epochs = 0;
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("epochs", self.epochs, "passes over the training samples", required | positive);
    v("source", self.source, "document and page", required);
  }
};

struct Training {
  Optimizer optimizer = Optimizer::SgdMomentum;
  std::optional<Part<TrainingSchedule>> schedule;
  std::int64_t seed = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("optimizer", self.optimizer, "rule of the update");
    v("schedule", self.schedule, "length of a run, for time, energy and cost to accuracy");
    v("seed", self.seed, "of everything random in a run");
  }
};

enum class Strategy { DataParallel };

constexpr auto choices(Strategy) {
  return std::array{
      Choice<Strategy>{"data-parallel",
                       Strategy::DataParallel,
                       "each rank has all weights and its own samples; gradients are summed"}};
}

/// Name of an all-reduce schedule, or `auto`: of those that libraries have, the one predicted to be
/// fastest.
struct AllReduceChoice {
  std::string name = "auto";

  [[nodiscard]] bool automatic() const { return name == "auto"; }

  static void read(const ConfigNode& node,
                   const std::string& path,
                   AllReduceChoice& out,
                   Rule rule,
                   ReadContext context);
  static ConfigNode schema(Rule rule, SchemaContext context);

  [[nodiscard]] ConfigNode write() const { return ConfigNode::text(name); }
};

enum class PlacementOrder { Block, Cyclic, Random, Listed };

constexpr auto choices(PlacementOrder) {
  using O = PlacementOrder;
  return std::array{
      Choice<O>{"block", O::Block, "ranks fill one host after the other"},
      Choice<O>{"cyclic", O::Cyclic, "ranks go round the hosts"},
      Choice<O>{"random", O::Random, "as block, on hosts of the fabric drawn at random"},
      Choice<O>{"listed", O::Listed, "as block, on the hosts in the order they are listed"},
  };
}

/// Names of hosts: a list, or a file with one a line, as MPI launchers take it (relative to the
/// scenario; what follows the name on its line is not read).
struct HostList {
  std::vector<std::string> names;

  static void read(const ConfigNode& node,
                   const std::string& path,
                   HostList& out,
                   Rule rule,
                   ReadContext context);
  static ConfigNode schema(Rule rule, SchemaContext context);
  [[nodiscard]] ConfigNode write() const;
};

/// Which host of the fabric each rank runs on.
struct PlacementChoice {
  PlacementOrder order = PlacementOrder::Block;
  HostList hosts;
  std::int64_t seed = 1;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("order", self.order, "how ranks are laid out over the hosts");
    v("hosts", self.hosts, "the hosts, if they are listed: names or the name of a file");
    v("seed", self.seed, "of a random order");
  }
};

/// How the network is laid over the cluster.
struct Mapping {
  Strategy strategy = Strategy::DataParallel;
  AllReduceChoice all_reduce;
  Bytes bucket{25e6};
  bool overlap = true;
  PlacementChoice placement;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("strategy", self.strategy, "what is split over the ranks");
    v("all_reduce", self.all_reduce, "schedule that sums the gradients, or auto");
    v("bucket", self.bucket, "gradients are summed in pieces of at least this size", positive);
    v("overlap", self.overlap, "whether sums start while backward still computes");
    v("placement", self.placement, "which host each rank runs on");
  }
};

struct Software {
  Part<SoftwareStack> stack;
  std::optional<Part<SoftwareStack>> gpu_stack;
  std::optional<Part<Calibration>> calibration;

  /// The stack with the calibration that the scenario chose for it.
  [[nodiscard]] SoftwareStack effective() const;

  /// The stack that runs nodes with graphics processors: `stack`, unless another is named.
  [[nodiscard]] SoftwareStack effective_on_gpus() const;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("stack", self.stack, "libraries and framework", required);
    v("gpu_stack",
      self.gpu_stack,
      "libraries and framework of nodes with graphics processors, where they are others");
    v("calibration", self.calibration, "measured costs to use instead of the stack's own");
  }
};

/// What running costs beside the machine.
struct Prices {
  static constexpr std::string_view folder = "prices";
  Figure<UsdPerJoule> electricity;
  Figure<double> facility_overhead;
  std::string source;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("electricity", self.electricity, "price of energy", required | non_negative);
    v("facility_overhead",
      self.facility_overhead,
      "facility power for each watt of equipment",
      required | at_least(1));
    v("source", self.source, "document and page", required);
  }
};

/// Everything that a prediction depends on, as values. The seam between whoever asks (scenario,
/// explorer, validation, GUI) and whoever answers (the executors).
struct Design {
  Workload workload;
  Training training;
  hw::Cluster cluster;
  Mapping mapping;
  Software software;
  Part<Prices> prices;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("workload", self.workload, "what is computed", required);
    v("training", self.training, "how a network is trained");
    v("cluster", self.cluster, "what computes it", required);
    v("mapping", self.mapping, "how the one is laid over the other");
    v("software", self.software, "what runs it", required);
    v("prices", self.prices, "prices of running");
  }
};

}  // namespace omniphi::models
