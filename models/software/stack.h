#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/software/calibration.h"

namespace omniphi::models {

/// The convolution and matrix kernels of a library.
///
/// `lane_blocks`, `loop_instructions`, `product_regions`, `gradient_pixels` and `gradient_reuse`
/// have no document behind them: their defaults were chosen among variants by the errors on
/// DeepBench's Xeon Phi rows, which cross-validation of the fitted parameters does not make up for.
struct KernelLibrary {
  int channel_block = 16;         // channels are stored and computed in blocks of so many
  int accumulators = 28;          // output vectors held in registers at once
  int lane_blocks = 4;            // of these, along the lanes, at most
  double loop_instructions = 2;   // of each step beside multiply-adds and loads: prefetches, loop
  int product_regions = 2;        // parallel regions of a matrix product: pack, multiply
  int gradient_pixels = 196;      // of a pointwise weight gradient: pixels that are summed together
  int gradient_reuse = 4;         // and the blocks of channels that share their tiles, at most
  bool streaming_stores = false;  // results are written around the caches

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("channel_block",
      self.channel_block,
      "channels stored and computed together",
      required | between(1, 1024));
    v("accumulators",
      self.accumulators,
      "output vectors that a kernel holds in registers",
      required | between(1, 512));
    v("lane_blocks",
      self.lane_blocks,
      "blocks of lanes that a kernel computes together, at most",
      between(1, 64));
    v("loop_instructions",
      self.loop_instructions,
      "instructions of a step of a kernel beside its multiply-adds and loads",
      non_negative);
    v("product_regions",
      self.product_regions,
      "parallel regions of one matrix product: packing, then multiplying",
      between(1, 16));
    v("gradient_pixels",
      self.gradient_pixels,
      "pixels that a weight gradient of 1 x 1 filters sums together",
      at_least(1));
    v("gradient_reuse",
      self.gradient_reuse,
      "pairs of channel blocks that share a tile of a larger image, at most",
      at_least(1));
    v("streaming_stores",
      self.streaming_stores,
      "whether results are written around the caches; else a line is read before it is first "
      "written");
  }
};

/// The part of a product's result that one block of threads computes.
struct Tile {
  std::int64_t rows = 0;
  std::int64_t columns = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("rows", self.rows, "rows of the result", required | between(1, 4096));
    v("columns", self.columns, "columns of the result", required | between(1, 4096));
  }
};

/// The convolution and matrix kernels of a library for graphics processors.
///
/// No document lists what a generation of cuBLAS and cuDNN chooses from. Names of kernels in
/// profiles show tiles of 32 to 128 rows and columns; which generation is taken to have which, and
/// how short it cuts a sum, was chosen on DeepBench's rows of the devices that ran it, which
/// cross-validation of the fitted parameters does not make up for.
struct GpuKernelLibrary {
  std::vector<Tile> tiles;            // of matrix products
  std::int64_t split_depth = 0;       // least part of a sum that blocks of threads share
  bool winograd_by_products = false;  // tiles of 4 x 4 results, transformed through memory

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("tiles", self.tiles, "tiles that kernels for matrix products have", required);
    v("split_depth",
      self.split_depth,
      "products of a sum that a block of threads has at least, where blocks share it",
      required | at_least(1));
    v("winograd_by_products",
      self.winograd_by_products,
      "whether 3 x 3 filters may be transformed through memory, in tiles of 4 x 4 results",
      required);
  }
};

/// What inference computes within the convolution before it, each with all before it.
enum class Fusion { None, Activations, Normalizations, Sums };

constexpr auto choices(Fusion) {
  return std::array{Choice<Fusion>{"none", Fusion::None, "every operator is a call of its own"},
                    Choice<Fusion>{"activations", Fusion::Activations, "activations"},
                    Choice<Fusion>{"normalizations",
                                   Fusion::Normalizations,
                                   "batch normalisations too, folded into the weights"},
                    Choice<Fusion>{"sums", Fusion::Sums, "sums with another tensor too"}};
}

/// How the framework runs a layer and holds its tensors.
struct Framework {
  Seconds dispatch{};                     // of each operator call
  double activation_copies_training = 2;  // data and gradient
  Fusion inference_fusion = Fusion::None;
  int reserved_cores = 0;    // of a rank, for threads of its own
  bool spread_pages = true;  // of a rank over several sockets
  int input_threads = 1;
  double input_cycles_per_element = 0;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("dispatch",
      self.dispatch,
      "cost of one operator call beside its kernel",
      required | non_negative);
    v("activation_copies_training",
      self.activation_copies_training,
      "tensors held for each activation in training (2: data and gradient)",
      required | at_least(1));
    v("inference_fusion",
      self.inference_fusion,
      "what inference computes within the convolution before it");
    v("reserved_cores",
      self.reserved_cores,
      "cores of a rank that compute nothing: for the framework's own threads",
      between(0, 1024));
    v("spread_pages",
      self.spread_pages,
      "whether the tensors of a rank over several sockets lie in the memories of all; else one "
      "thread has touched them first, and they lie in its own");
    v("input_threads",
      self.input_threads,
      "threads that prepare samples",
      required | between(1, 1024));
    v("input_cycles_per_element",
      self.input_cycles_per_element,
      "core cycles that one thread needs for one element of a sample",
      required | non_negative);
  }
};

/// How the communication library moves messages.
struct CommunicationLibrary {
  Bytes rendezvous_threshold{};  // larger messages are sent by rendezvous

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("rendezvous_threshold",
      self.rendezvous_threshold,
      "messages above it are sent by rendezvous",
      required | non_negative);
  }
};

/// Which software runs the network, and how: a few documented parameters, shared by all networks.
struct SoftwareStack {
  static constexpr std::string_view folder = "software";

  std::string source;
  std::optional<KernelLibrary> kernels;
  std::optional<GpuKernelLibrary> gpu_kernels;
  Framework framework;
  CommunicationLibrary communication;
  Part<Calibration> calibration;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("source", self.source, "documents that hold for every value", required);
    v("kernels", self.kernels, "the library of kernels for many-core processors");
    v("gpu_kernels", self.gpu_kernels, "the library of kernels for graphics processors");
    v("framework", self.framework, "the framework", required);
    v("communication", self.communication, "the communication library", required);
    v("calibration", self.calibration, "measured costs of this stack", required);
  }
};

}  // namespace omniphi::models
