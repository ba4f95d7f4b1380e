#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hw/base/parameters.h"
#include "models/workload/tensor.h"

/// Operators over sequences, [T, features].
namespace omniphi::models {

enum class Cell { Rnn, Lstm, Gru };

constexpr auto choices(Cell) {
  return std::array{Choice<Cell>{"rnn", Cell::Rnn, "h = f(W x + R h)"},
                    Choice<Cell>{"lstm", Cell::Lstm, "long short-term memory: four gates"},
                    Choice<Cell>{"gru", Cell::Gru, "gated recurrent unit: three gates"}};
}

/// Products of input and of state in each step.
constexpr std::int64_t gates(Cell cell) {
  return cell == Cell::Lstm ? 4 : cell == Cell::Gru ? 3 : 1;
}

enum class Returned { Sequence, Last };

constexpr auto choices(Returned) {
  return std::array{Choice<Returned>{"sequence", Returned::Sequence, "the state after each step"},
                    Choice<Returned>{"last", Returned::Last, "the state after the last step"}};
}

/// Recurrent layers stacked, each over the output of the one below: [T, features] to [T, D hidden],
/// with D = 2 directions side by side if bidirectional. Further inputs are initial states.
struct Recurrent {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "recurrent";
  Cell cell = Cell::Lstm;
  std::int64_t hidden = 0;
  std::int64_t layers = 1;
  bool bidirectional = false;
  std::int64_t biases = 2;
  bool peepholes = false;
  Returned returns = Returned::Sequence;

  [[nodiscard]] std::int64_t directions() const { return bidirectional ? 2 : 1; }

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("cell", self.cell, "what a step computes", required);
    v("hidden", self.hidden, "size of the state of one direction", required | at_least(1));
    v("layers", self.layers, "how many are stacked", at_least(1));
    v("bidirectional", self.bidirectional, "whether each also reads the sequence backwards");
    v("biases",
      self.biases,
      "bias vectors of each gate: 2 as cuDNN and PyTorch have it, 1 as papers do, or none",
      between(0, 2));
    v("peepholes", self.peepholes, "whether an LSTM's gates see the cell's state");
    v("returns", self.returns, "what the layer gives");
  }
};

/// Scaled dot-product attention of several heads: softmax(Q K^T) V. Inputs are queries [T, heads
/// d], keys [S, key_value_heads d] and values [S, key_value_heads dv]; one input holds the three
/// side by side. Projections before and after are inner products of their own. Every score is
/// computed, masked or not, as dense kernels do.
struct Attention {
  static constexpr std::string_view kind_key = "op";
  static constexpr std::string_view kind = "attention";
  std::int64_t heads = 1;
  std::int64_t key_value_heads = 0;
  bool causal = false;
  std::int64_t past = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("heads", self.heads, "heads of the queries", required | at_least(1));
    v("key_value_heads", self.key_value_heads, "heads of keys and values; 0: as many", at_least(0));
    v("causal", self.causal, "whether a position sees none that follow it");
    v("past", self.past, "positions whose keys and values are kept from before", at_least(0));
  }
};

TensorShape shape_of(const Recurrent& op, const std::vector<TensorShape>& inputs);
TensorShape shape_of(const Attention& op, const std::vector<TensorShape>& inputs);

/// The sizes of an attention, for inputs that it can take.
struct AttentionSizes {
  std::int64_t heads = 1;
  std::int64_t queries = 1;    // T
  std::int64_t positions = 1;  // S, with those of the past
  std::int64_t key_size = 1;   // d, of one head
  std::int64_t value_size = 1;

  [[nodiscard]] std::int64_t scores() const { return heads * queries * positions; }

  [[nodiscard]] std::int64_t macs() const { return scores() * (key_size + value_size); }
};

AttentionSizes attention_sizes(const Attention& op, const std::vector<TensorShape>& inputs);

}  // namespace omniphi::models
