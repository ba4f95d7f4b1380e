#include "models/compute/gpu_plan.h"

#include <algorithm>
#include <vector>

#include "hw/base/overloaded.h"
#include "models/compute/convolution_shape.h"
#include "models/compute/tiled_product.h"
#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

/// Channels by pixels: names of cuDNN's kernels in profiles, scudnn_128x128, _128x64, _128x32.
const std::vector<Tile> kConvolutionTiles{{128, 128}, {64, 128}, {32, 128}};
/// Of gradients through a stride, which other kernels compute; chosen on DeepBench's rows.
const std::vector<Tile> kStridedGradientTiles{{64, 64}};
/// Of gradients by the weights, both dimensions being channels; chosen on DeepBench's rows.
const std::vector<Tile> kWeightGradientTiles{
    {128, 128}, {64, 128}, {128, 64}, {64, 64}, {128, 32}, {32, 128}};
constexpr std::int64_t kWeightGradientDepth = 128;  // as split_depth; chosen on the same rows

/// A block of the one-kernel Winograd: 16 products, each of 64 channels by 32 tiles, whose sums are
/// all that the registers of a multiprocessor hold.
constexpr std::int64_t kFusedProducts = 16;
const std::vector<Tile> kFusedTiles{{kFusedProducts * 64, 32}};

/// The sums and operands of one pass of a convolution, for one group of channels.
class Convolution {
 public:
  Convolution(const ConvolutionPrimitive& c, const GpuWorker& worker)
      : c_(c),
        worker_(worker),
        inputs_(c.input_channels / c.groups),
        outputs_(c.output_channels / c.groups) {
    const Bytes element = hw::size_of(worker.format);
    const auto channels = static_cast<double>(c.batch * c.input_channels);
    // Rows of the image that no tap meets, under 1 x 1 filters of a stride, are not read.
    const std::int64_t rows = std::min(c.input_height, c.output_height * c.kernel_height);
    input_ = element * channels * static_cast<double>(c.input_height * c.input_width);
    input_met_ = element * channels * static_cast<double>(rows * c.input_width);
    output_ = element * static_cast<double>(c.batch * c.output_channels) *
              static_cast<double>(c.output_height * c.output_width);
    weights_ = element * models::weights(c);
  }

  [[nodiscard]] GpuPlan fastest() const {
    if (is_depthwise(c_)) return depthwise();
    GpuPlan best = implicit_product();
    const auto consider = [&](const GpuPlan& plan) {
      if (plan.start + plan.total() < best.start + best.total()) best = plan;
    };
    if (backward_data() && taps() > 1) consider(scattered_product());
    if (winograd_fits()) {
      if (c_.pass != ConvolutionPass::BackwardWeights) consider(fused_winograd());
      if (worker_.kernels->winograd_by_products) consider(winograd_by_products());
    }
    return best;
  }

 private:
  [[nodiscard]] bool backward_data() const { return c_.pass == ConvolutionPass::BackwardData; }

  [[nodiscard]] bool strided() const { return c_.stride_height * c_.stride_width > 1; }

  [[nodiscard]] std::int64_t taps() const { return c_.kernel_height * c_.kernel_width; }

  [[nodiscard]] bool winograd_fits() const {
    return c_.kernel_height == 3 && c_.kernel_width == 3 && !strided();
  }

  [[nodiscard]] Tilings convolution_tilings() const {
    return {kConvolutionTiles, worker_.kernels->split_depth};
  }

  [[nodiscard]] GpuPlan called(GpuPlan plan) const {
    plan.start += worker_.costs().convolution_start.value - worker_.costs().kernel_start.value;
    return plan;
  }

  [[nodiscard]] GpuPlan implicit_product() const {
    const GpuKernelCosts& costs = worker_.costs();
    const std::int64_t pixels = c_.batch * c_.output_height * c_.output_width;
    switch (c_.pass) {
      case ConvolutionPass::Forward:
        return called(tiled_product_plan(
            {outputs_, pixels, inputs_ * taps(), c_.groups, weights_, input_met_, output_},
            convolution_tilings(),
            costs.gather_efficiency.value,
            worker_));
      case ConvolutionPass::BackwardData:
        return implicit_data_gradient();
      case ConvolutionPass::BackwardWeights:
        break;
    }
    return called(tiled_product_plan(
        {outputs_, inputs_ * taps(), pixels, c_.groups, output_, input_met_, weights_},
        {kWeightGradientTiles, kWeightGradientDepth},
        (taps() == 1 ? costs.pointwise_gradient_efficiency : costs.gather_efficiency).value,
        worker_));
  }

  /// Pixels of the input fall into phases by their place within a stride, each with taps of its
  /// own.
  [[nodiscard]] GpuPlan implicit_data_gradient() const {
    const GpuKernelCosts& costs = worker_.costs();
    const std::int64_t phases =
        std::min(c_.kernel_height, c_.stride_height) * std::min(c_.kernel_width, c_.stride_width);
    const std::int64_t pixels = c_.batch * ceil_div(c_.input_height, c_.stride_height) *
                                ceil_div(c_.input_width, c_.stride_width);
    const TiledProduct product{inputs_,
                               pixels,
                               ceil_div(outputs_ * taps(), phases),
                               c_.groups * phases,
                               weights_,
                               output_,
                               input_};
    if (!strided()) {
      return called(tiled_product_plan(
          product, convolution_tilings(), costs.gather_efficiency.value, worker_));
    }
    return called(tiled_product_plan(product,
                                     {kStridedGradientTiles, convolution_tilings().split_depth},
                                     costs.strided_gradient_efficiency.value,
                                     worker_));
  }

  /// Every tap's product is added to its pixel in memory, after a kernel has cleared them.
  [[nodiscard]] GpuPlan scattered_product() const {
    const std::int64_t pixels = c_.batch * c_.output_height * c_.output_width;
    const Bytes scattered = hw::size_of(worker_.format) *
                            static_cast<double>(c_.input_channels * taps()) *
                            static_cast<double>(pixels);
    GpuPlan plan = called(tiled_product_plan(
        {inputs_ * taps(), pixels, outputs_, c_.groups, weights_, output_, scattered * 2 + input_},
        convolution_tilings(),
        worker_.costs().gather_efficiency.value,
        worker_));
    plan.start += worker_.costs().convolution_start.value;
    return plan;
  }

  /// The image whose tiles are results of the pass, in tiles of `edge` x `edge`.
  [[nodiscard]] std::int64_t tiles(std::int64_t edge) const {
    const std::int64_t height = backward_data() ? c_.input_height : c_.output_height;
    const std::int64_t width = backward_data() ? c_.input_width : c_.output_width;
    return c_.batch * ceil_div(height, edge) * ceil_div(width, edge);
  }

  [[nodiscard]] GpuPlan fused_winograd() const {
    const std::int64_t rows = backward_data() ? inputs_ : outputs_;
    const std::int64_t sum = backward_data() ? outputs_ : inputs_;
    return called(tiled_product_plan({kFusedProducts * rows,
                                      tiles(2),
                                      sum,
                                      c_.groups,
                                      weights_,
                                      backward_data() ? output_ : input_,
                                      backward_data() ? input_ : output_},
                                     {kFusedTiles, sum + 1},
                                     worker_.costs().winograd_efficiency.value,
                                     worker_));
  }

  /// Transforms of both operands and of the result are kernels of their own, as is the product.
  [[nodiscard]] GpuPlan winograd_by_products() const {
    constexpr std::int64_t kEdge = 4;
    constexpr std::int64_t kProducts = 36;  // (4 + 3 - 1)^2
    const Bytes element = hw::size_of(worker_.format) * static_cast<double>(kProducts);
    const auto count = static_cast<double>(tiles(kEdge));
    const Bytes input = element * count * static_cast<double>(c_.input_channels);
    const Bytes output = element * count * static_cast<double>(c_.output_channels);
    const Bytes weights = weights_ * (static_cast<double>(kProducts) / static_cast<double>(taps()));
    const std::int64_t products = kProducts * c_.groups;
    const auto product = [&]() -> TiledProduct {
      switch (c_.pass) {
        case ConvolutionPass::Forward:
          return {outputs_, tiles(kEdge), inputs_, products, weights, input, output};
        case ConvolutionPass::BackwardData:
          return {inputs_, tiles(kEdge), outputs_, products, weights, output, input};
        case ConvolutionPass::BackwardWeights:
          break;
      }
      return {outputs_, inputs_, tiles(kEdge), products, output, input, weights};
    }();
    GpuPlan plan = called(tiled_product_plan(
        product, {worker_.kernels->tiles, worker_.kernels->split_depth}, 1, worker_));
    const Bytes transformed = input_met_ + output_ + weights_ + input + output + weights;
    plan.bytes += transformed;
    plan.serial += transformed / worker_.bandwidth();
    plan.start += 3 * worker_.costs().kernel_start.value;
    return plan;
  }

  [[nodiscard]] GpuPlan depthwise() const {
    const double slots = 1 + 2 * worker_.costs().operand_cost.value;
    const double lanes = worker_.gpu->multiprocessors * worker_.gpu->lanes(worker_.format);
    GpuPlan plan;
    plan.macs = TapsInside(c_).macs(c_);
    plan.busy = plan.macs * slots / (lanes * worker_.gpu->working_clock());
    plan.bytes = input_met_ + output_ + weights_;
    plan.moved = plan.bytes / worker_.bandwidth();
    plan.start = worker_.costs().convolution_start.value;
    return plan;
  }

  const ConvolutionPrimitive& c_;
  const GpuWorker& worker_;
  std::int64_t inputs_;  // channels of a group
  std::int64_t outputs_;
  Bytes input_{};
  Bytes input_met_{};  // the part of it that taps meet
  Bytes output_{};
  Bytes weights_{};
};

GpuPlan product_plan(const MatrixProductPrimitive& g, const GpuWorker& worker) {
  const Bytes element = hw::size_of(worker.format) * static_cast<double>(g.products);
  const auto m = static_cast<double>(g.m);
  const auto n = static_cast<double>(g.n);
  const auto k = static_cast<double>(g.k);
  const GpuKernelLibrary& library = *worker.kernels;
  return tiled_product_plan({g.m,
                             g.n,
                             g.k,
                             g.products,
                             element * (m * k),
                             element * (k * n),
                             2 * element * (m * n),
                             g.left_transposed},
                            {library.tiles, library.split_depth},
                            1,
                            worker);
}

GpuPlan stream_plan(const StreamPrimitive& s, const GpuWorker& worker) {
  GpuPlan plan;
  plan.bytes =
      hw::size_of(worker.format) * static_cast<double>(s.elements_read + s.elements_written);
  plan.moved = plan.bytes / worker.bandwidth();
  plan.operations = static_cast<double>(s.operations);
  plan.busy = Flops(plan.operations) /
              (Flops(2 * worker.gpu->multiprocessors * worker.gpu->lanes(worker.format)) *
               worker.gpu->working_clock()) *
              2;  // an operation that is no multiply-add fills a slot for two
  plan.start = worker.costs().kernel_start.value;
  return plan;
}

}  // namespace

GpuPlan gpu_convolution_plan(const ConvolutionPrimitive& convolution, const GpuWorker& worker) {
  return Convolution(convolution, worker).fastest();
}

GpuPlan gpu_plan(const Primitive& primitive, const GpuWorker& worker) {
  return std::visit(
      Overloaded{[&](const ConvolutionPrimitive& c) { return gpu_convolution_plan(c, worker); },
                 [&](const MatrixProductPrimitive& g) { return product_plan(g, worker); },
                 [&](const StreamPrimitive& s) { return stream_plan(s, worker); }},
      primitive);
}

}  // namespace omniphi::models
