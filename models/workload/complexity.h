#pragma once

#include <array>
#include <cstdint>

#include "models/workload/network.h"

namespace omniphi::models {

enum class Phase { Forward, BackwardData, BackwardWeights, Update };

inline constexpr std::array kPhases{
    Phase::Forward, Phase::BackwardData, Phase::BackwardWeights, Phase::Update};

/// "forward", "backward-data", "backward-weights", "update"
std::string_view phase_name(Phase phase);

/// Work of one phase. Activation figures are for one sample; weight figures do not grow with the
/// batch. Elements are counted, not bytes: the number format is the mapping's business.
struct PhaseWork {
  std::int64_t macs = 0;                 // multiply-accumulates of convolutions and matrix products
  std::int64_t operations = 0;           // other arithmetic, in flop
  std::int64_t activations_read = 0;     // elements, activations and their gradients
  std::int64_t activations_written = 0;  // elements
  std::int64_t weights_read = 0;         // elements, weights and their gradients
  std::int64_t weights_written = 0;      // elements

  PhaseWork& operator+=(const PhaseWork& other);
  friend bool operator==(const PhaseWork&, const PhaseWork&) = default;
};

/// What one layer costs. A MAC is one multiply-accumulate of a convolution, inner product or matrix
/// product, padding taps included (the convention of published figures); biases, normalisation,
/// pooling and activations are `operations`.
struct Complexity {
  std::int64_t parameters = 0;        // learnt: weights, biases, scales and shifts
  std::int64_t weights = 0;           // of them, or of a layer shared: matrices, filters and tables
  std::int64_t statistics = 0;        // kept but not learnt: running means and variances
  std::array<PhaseWork, 4> phases{};  // by Phase
  std::int64_t activations = 0;       // elements of the output that backward needs, for one sample

  [[nodiscard]] const PhaseWork& phase(Phase p) const {
    return phases[static_cast<std::size_t>(p)];
  }

  [[nodiscard]] PhaseWork& phase(Phase p) { return phases[static_cast<std::size_t>(p)]; }

  [[nodiscard]] std::int64_t macs() const { return phase(Phase::Forward).macs; }

  Complexity& operator+=(const Complexity& other);
};

/// Complexity of one layer. Backward-data of a layer fed only by the network's input is not needed
/// and costs nothing, as every framework has it; update is one pass of SGD with momentum over the
/// layer's parameters (reads weight, gradient and momentum; writes weight and momentum).
Complexity complexity(const Network& network, const Layer& layer);

/// Sum over all layers.
Complexity complexity(const Network& network);

}  // namespace omniphi::models
