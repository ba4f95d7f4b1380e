#include "models/mapping/task_graph.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "models/mapping/primitives.h"

namespace omniphi::models {

namespace {

/// Gradients that are summed together.
struct Bucket {
  AllReduceTask sum;
  std::vector<std::size_t> layers;
  std::vector<TaskId> producers;
  std::vector<TaskId> done;  // the sum, where there is one
};

/// Inference normalises by the statistics that training has kept, in one pass, and drops nothing.
Complexity at_inference(const Op& op, Complexity c) {
  PhaseWork& forward = c.phase(Phase::Forward);
  if (std::holds_alternative<BatchNormalization>(op)) {
    forward.activations_read = forward.activations_written;
  } else if (std::holds_alternative<Dropout>(op)) {
    forward = {};
  }
  return c;
}

/// The least fusion that takes such a layer into the convolution before it.
std::optional<Fusion> fusion_of(const Op& op) {
  if (std::holds_alternative<Activation>(op)) return Fusion::Activations;
  if (std::holds_alternative<BatchNormalization>(op)) return Fusion::Normalizations;
  if (std::holds_alternative<ElementWise>(op)) return Fusion::Sums;
  return std::nullopt;
}

/// Adds the tasks of a step in the order in which a data-parallel framework issues them.
class DataParallelLowering {
 public:
  explicit DataParallelLowering(const Design& design)
      : design_(design),
        network_(design.workload.network.network),
        ranks_(design.cluster.ranks()) {}

  TaskGraph run() {
    // A phase of each layer on each class, a sum of gradients of each, its own sum, and the input.
    const std::size_t classes = design_.cluster.groups.size();
    graph_.tasks.reserve(network_.layers.size() * (5 * classes + 1) + classes);
    graph_.complexity.reserve(network_.layers.size());
    for (const Layer& layer : network_.layers) {
      const Complexity trained = complexity(network_, layer);
      graph_.complexity.push_back(training() ? trained : at_inference(layer.op, trained));
    }
    find_last_uses();
    for (std::size_t group = 0; group < design_.cluster.groups.size(); ++group) {
      graph_.classes.push_back({group, design_.cluster.groups[group].ranks()});
      add_input(group);
    }
    for (std::size_t layer = 0; layer < network_.layers.size(); ++layer) forward(layer);
    if (training()) {
      for (std::size_t layer = network_.layers.size(); layer-- > 0;) backward(layer);
      close_bucket();
      if (!design_.mapping.overlap) add_sums_after_backward();
      update();
    }
    graph_.footprint = footprint();
    graph_.global_batch = std::int64_t{batch()} * ranks_;
    return std::move(graph_);
  }

 private:
  [[nodiscard]] bool training() const { return design_.workload.task == TaskKind::Training; }

  [[nodiscard]] int batch() const { return design_.workload.batch_per_rank; }

  [[nodiscard]] Bytes element() const { return hw::size_of(design_.workload.precision); }

  static TaskId id(std::size_t task) { return TaskId(static_cast<std::int64_t>(task)); }

  TaskId add(Task task) {
    graph_.tasks.push_back(std::move(task));
    return id(graph_.tasks.size() - 1);
  }

  void add_input(std::size_t rank_class) {
    const DataSet& data = *design_.workload.dataset;
    if (data.stored_bytes_per_sample == Bytes(0)) return;  // made up on the spot, once
    std::int64_t elements = 0;
    for (const Layer& layer : network_.layers) {
      if (std::holds_alternative<Input>(layer.op)) elements += layer.output.elements();
    }
    add({InputTask{rank_class, batch(), data.stored_bytes_per_sample * batch(), elements * batch()},
         {}});
  }

  /// The gradient of weights that several layers use is complete with the one of them that backward
  /// comes to last.
  void find_last_uses() {
    std::vector<std::size_t> last(network_.layers.size());
    for (std::size_t layer = 0; layer < last.size(); ++layer) last[layer] = layer;
    for (std::size_t user = 0; user < last.size(); ++user) {
      if (!network_.layers[user].shares) continue;
      std::size_t& of_owner = last[network_.layers[user].shares->index()];
      of_owner = std::min(of_owner, user);
    }
    completed_.resize(last.size());
    for (std::size_t owner = 0; owner < last.size(); ++owner) {
      if (graph_.complexity[owner].parameters > 0) completed_[last[owner]].push_back(owner);
    }
  }

  /// One phase of a layer on every class, if the phase has work.
  void compute(std::size_t layer, Phase phase, const std::vector<TaskId>& after = {}) {
    const LayerId id(static_cast<std::int64_t>(layer));
    for (const auto& [primitive, count] :
         calls_of(network_, network_.layers[layer], graph_.complexity[layer], phase, batch())) {
      for (std::size_t c = 0; c < graph_.classes.size(); ++c) {
        add({ComputeTask{c, id, phase, primitive, count}, after});
      }
    }
  }

  void forward(std::size_t layer) {
    fused_.push_back(!training() && is_fused(network_.layers[layer]));
    if (!fused_.back()) compute(layer, Phase::Forward);
  }

  /// Whether the layer runs within a convolution before it, whose result nobody else needs.
  [[nodiscard]] bool is_fused(const Layer& layer) const {
    const std::optional<Fusion> needed = fusion_of(layer.op);
    if (!needed || *needed > design_.software.stack->framework.inference_fusion) return false;
    return std::any_of(layer.inputs.begin(), layer.inputs.end(), [&](LayerId input) {
      const Layer& before = network_.layer(input);
      return before.users == 1 &&
             (std::holds_alternative<Convolution>(before.op) || fused_[input.index()]);
    });
  }

  void backward(std::size_t layer) {
    add_up_gradients(layer);
    const std::size_t before = graph_.tasks.size();
    compute(layer, Phase::BackwardWeights);
    // A gradient is complete with the weights' pass: its sum may start before the data's pass runs.
    for (const std::size_t owner : completed_[layer]) {
      open_.sum.payload += element() * static_cast<double>(graph_.complexity[owner].parameters);
      open_.sum.layers += 1;
      open_.layers.push_back(owner);
    }
    if (!completed_[layer].empty()) {
      for (std::size_t t = before; t < graph_.tasks.size(); ++t) open_.producers.push_back(id(t));
      if (open_.sum.payload >= design_.mapping.bucket) close_bucket();
    }
    compute(layer, Phase::BackwardData);
  }

  /// An output with several users receives a gradient from each: all are read, and the sum is
  /// written to a tensor of its own, as Caffe's split layer does.
  void add_up_gradients(std::size_t at) {
    const Layer& layer = network_.layers[at];
    if (layer.users < 2 || !layer.needs_gradient) return;
    const std::int64_t elements = layer.output.elements() * batch();
    const StreamPrimitive sum{layer.users * elements, elements, 0, (layer.users - 1) * elements};
    for (std::size_t c = 0; c < graph_.classes.size(); ++c) {
      add({ComputeTask{c, LayerId(static_cast<std::int64_t>(at)), Phase::BackwardData, sum}, {}});
    }
  }

  void close_bucket() {
    if (open_.layers.empty()) return;
    buckets_.push_back(std::exchange(open_, {}));
    if (design_.mapping.overlap) add_sum(buckets_.back());
  }

  void add_sum(Bucket& bucket) {
    if (ranks_ == 1) return;
    bucket.done = {add({bucket.sum, bucket.producers})};
    largest_bucket_ = std::max(largest_bucket_, bucket.sum.payload);
  }

  /// Without overlap no sum starts before backward has ended: the last tasks of all classes.
  void add_sums_after_backward() {
    const std::size_t tasks = graph_.tasks.size();
    for (Bucket& bucket : buckets_) {
      bucket.producers.clear();
      for (std::size_t c = 1; c <= graph_.classes.size(); ++c)
        bucket.producers.push_back(id(tasks - c));
      add_sum(bucket);
    }
  }

  void update() {
    for (const Bucket& bucket : buckets_) {
      for (const std::size_t layer : bucket.layers) compute(layer, Phase::Update, bucket.done);
    }
  }

  [[nodiscard]] MemoryFootprint footprint() const {
    Complexity sum;
    std::int64_t inputs = 0;
    for (std::size_t layer = 0; layer < network_.layers.size(); ++layer) {
      sum += graph_.complexity[layer];
      if (std::holds_alternative<Input>(network_.layers[layer].op))
        inputs += network_.layers[layer].output.elements();
    }
    const Framework& framework = design_.software.stack->framework;
    const Bytes parameters = element() * static_cast<double>(sum.parameters);
    MemoryFootprint bytes;
    bytes.weights = parameters + element() * static_cast<double>(sum.statistics);
    const double copies = training() ? framework.activation_copies_training : 1;
    bytes.activations = element() * static_cast<double>(sum.activations) * batch() * copies;
    bytes.input = element() * static_cast<double>(inputs) * batch() * 2;
    if (training()) {
      bytes.gradients = parameters;
      bytes.optimizer = parameters;  // one momentum for each weight
      bytes.communication = largest_bucket_;
    }
    return bytes;
  }

  const Design& design_;
  const Network& network_;
  int ranks_;
  TaskGraph graph_;
  std::vector<std::vector<std::size_t>> completed_;  // layers whose gradient each one completes
  std::vector<bool> fused_;  // layers so far
  Bucket open_;
  std::vector<Bucket> buckets_;  // in backward order
  Bytes largest_bucket_{};
};

}  // namespace

TaskGraph lowered(const Design& design) {
  return DataParallelLowering(design).run();
}

}  // namespace omniphi::models
