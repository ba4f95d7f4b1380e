#include <algorithm>
#include <bit>

#include "models/compute/convolution_shape.h"
#include "models/compute/fastest_plan.h"
#include "models/compute/register_kernel.h"
#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

/// Threads along the three loops that they may share.
struct Teams {
  std::int64_t sums = 1;  // images, or rows of images
  std::int64_t outputs = 1;
  std::int64_t inputs = 1;
};

class WeightGradient {
 public:
  WeightGradient(const ConvolutionPrimitive& c, const Worker& worker)
      : c_(c), worker_(worker), kernel_(*worker.cpu, worker.format, *worker.stack->kernels) {
    const std::int64_t lane_count = lanes(worker);
    const bool depthwise = is_depthwise(c);
    const std::int64_t inputs = c.input_channels / c.groups;
    const std::int64_t groups = depthwise ? 1 : c.groups;
    const std::int64_t outputs = depthwise ? c.groups : c.output_channels / c.groups;
    input_block_ = std::min<std::int64_t>(inputs, worker.stack->kernels->channel_block);
    output_blocks_ = groups * ceil_div(outputs, lane_count);
    input_blocks_ = ceil_div(inputs, input_block_);
    pointwise_ = c.kernel_height == 1 && c.kernel_width == 1;
    sums_ = pointwise_ ? c.batch * c.output_height : c.batch;
    const auto pixels = static_cast<double>(c.output_height * c.output_width);
    output_elements_ = pixels * static_cast<double>(lane_count);
    const double read = pointwise_ ? pixels : static_cast<double>(c.input_height * c.input_width);
    input_elements_ = read * static_cast<double>(input_block_);
    weights_ = weights(c);
    const TapsInside inside(c);
    rows_ = static_cast<double>(inside.rows);
    taps_ = static_cast<double>(inside.columns) / static_cast<double>(c.output_width);
    macs_ = inside.macs(c);
    pair_cycles_ = pair_cycles();
    tile_reuse_ = pointwise_ ? tile_reuse() : 1;
  }

  [[nodiscard]] KernelPlan fastest_split() const {
    FastestPlan fastest(worker_);
    const std::int64_t threads = worker_.threads;
    for (std::int64_t sums = 1; sums <= std::min(sums_, threads); ++sums) {
      const std::int64_t most = std::min(output_blocks_, threads / sums);
      for (std::int64_t outputs = 1; outputs <= most; ++outputs) {
        fastest.consider(
            split({sums, outputs, std::min(input_blocks_, threads / (sums * outputs))}));
      }
    }
    return fastest.plan();
  }

 private:
  /// Input channels whose sums are in registers together: a power of two, so that they divide a
  /// block.
  [[nodiscard]] std::int64_t channels_together() const {
    const std::int64_t room = std::max<std::int64_t>(kernel_.accumulators / c_.kernel_width, 1);
    return std::min<std::int64_t>(
        static_cast<std::int64_t>(std::bit_floor(static_cast<std::uint64_t>(room))), input_block_);
  }

  /// Cycles of one pair of blocks over one image (one row, for 1 x 1 filters).
  [[nodiscard]] double pair_cycles() const {
    const auto together = static_cast<double>(channels_together());
    const auto passes = static_cast<double>(ceil_div(input_block_, channels_together()));
    const auto width = static_cast<double>(c_.output_width);
    const double row = passes * width * kernel_.step(1, together * taps_);
    if (pointwise_) return row;
    // Each row of the filter takes its sums from the cache and puts them back: a load and a store,
    // two instructions at the issue width.
    const double sums = together * static_cast<double>(c_.kernel_width);
    return rows_ * (row + passes * sums * 2 / kernel_.issue_width);
  }

  /// Pairs of blocks that share a tile before it leaves the L1: images above `gradient_pixels` are
  /// cut, and the cut pieces are reused; a gathered image is not.
  [[nodiscard]] double tile_reuse() const {
    if (c_.stride_height * c_.stride_width > 1) return 1;
    const KernelLibrary& kernels = *worker_.stack->kernels;
    const double images = static_cast<double>(c_.output_height * c_.output_width) /
                          static_cast<double>(kernels.gradient_pixels);
    return std::clamp(images, 1.0, static_cast<double>(kernels.gradient_reuse));
  }

  [[nodiscard]] KernelPlan split(const Teams& teams) const {
    const Bytes element = hw::size_of(worker_.format);
    const hw::Cache& l2 = worker_.cpu->l2;
    const auto sums = static_cast<double>(ceil_div(sums_, teams.sums));
    const auto outputs = static_cast<double>(ceil_div(output_blocks_, teams.outputs));
    const auto inputs = static_cast<double>(ceil_div(input_blocks_, teams.inputs));
    const double images = pointwise_ ? sums / static_cast<double>(c_.output_height) : sums;

    const double image = outputs * output_elements_ + inputs * input_elements_;
    const double first = images * image;
    const double all = images * outputs * inputs * (output_elements_ + input_elements_);
    // An image that its L2 cannot hold is read again for every pair of blocks; 1 x 1 filters take
    // it in pieces that fit.
    const double again = pointwise_ ? 0 : miss_share(element * (image * l2.cores), l2.size);
    double fetched = first + again * (all - first);
    if (worker_.warm) {
      const double own = first + weights_ / static_cast<double>(teams.outputs * teams.inputs);
      fetched *= miss_share(element * (own * l2.cores), l2.size);
    }
    KernelPlan plan;
    plan.macs = macs_;
    plan.cycles = sums * outputs * inputs * pair_cycles_;
    plan.l2_elements = std::max(all - fetched, 0.0) / tile_reuse_;
    plan.streamed =
        fetched * static_cast<double>(worker_.threads) + copies_moved(teams.sums) * weights_;
    return plan;
  }

  const ConvolutionPrimitive& c_;
  const Worker& worker_;
  RegisterKernel kernel_;
  std::int64_t input_block_ = 1;
  std::int64_t output_blocks_ = 1;  // of all groups
  std::int64_t input_blocks_ = 1;
  bool pointwise_ = false;
  std::int64_t sums_ = 1;
  double output_elements_ = 0;  // of one block of channels of one image
  double input_elements_ = 0;
  double weights_ = 0;
  double rows_ = 0;  // rows of filters that meet the image, for one image
  double taps_ = 0;  // taps of a filter row that meet the image, a pixel of the output
  double macs_ = 0;
  double pair_cycles_ = 0;  // these two are the same for every split
  double tile_reuse_ = 1;
};

}  // namespace

KernelPlan weight_gradient_plan(const ConvolutionPrimitive& convolution, const Worker& worker) {
  return WeightGradient(convolution, worker).fastest_split();
}

}  // namespace omniphi::models
