#include "models/compute/tiled_product.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/compute/whole_numbers.h"

namespace omniphi::models {

namespace {

constexpr std::int64_t kStepOfSum = 8;     // products that a block fetches operands for together
constexpr double kMostResident = 16;       // blocks of a multiprocessor, of tiles however small
constexpr std::int64_t kMostSlices = 128;  // of a sum
constexpr double kReferenceLanes = 64;     // that loop_stall is stated for
constexpr Bytes kRegister{4};              // a sum of half precision takes one, too
constexpr Bytes kSector{32};               // the least that is fetched [NvidiaForum2016]

/// What all tilings on a device have in common.
struct Multiprocessor {
  double lanes = 1;
  double stall = 0;  // cycles of a step

  explicit Multiprocessor(const GpuWorker& worker)
      : lanes(worker.gpu->matrix_lanes(worker.format)) {
    const double width = worker.gpu->lanes(hw::NumberFormat::Fp32) / kReferenceLanes;
    stall = worker.costs().loop_stall.value * width * width;
  }
};

/// One way to cut a product.
class Tiling {
 public:
  Tiling(const TiledProduct& product,
         const Tile& tile,
         std::int64_t slices,
         const Multiprocessor& multiprocessor,
         const GpuWorker& w)
      : p_(product), tile_(tile), slices_(slices), multiprocessor_(multiprocessor), worker_(w) {
    const Bytes element = hw::size_of(w.format);
    row_tiles_ = static_cast<double>(ceil_div(p_.rows, tile.rows));
    column_tiles_ = static_cast<double>(ceil_div(p_.columns, tile.columns));
    blocks_ = row_tiles_ * column_tiles_ * static_cast<double>(p_.products * slices);
    const double sums = w.gpu->register_file / std::max(element, kRegister) / 2;
    resident_ = std::clamp(std::floor(sums / area()), 1.0, kMostResident);
  }

  [[nodiscard]] GpuPlan plan(double efficiency) const {
    const Bytes again = read_again(p_.left, column_tiles_ / columns_at_once() - 1);
    const Bytes bytes = p_.left + again + p_.right +
                        read_again(p_.right, row_tiles_ * split() / wave() - 1) + p_.result;
    GpuPlan plan;
    plan.busy = busy(efficiency);
    plan.moved = bytes / worker_.bandwidth();
    if (p_.left_transposed) {
      const GpuKernelCosts& costs = worker_.costs();
      plan.moved = std::max(
          plan.moved, again / kSector * costs.row_interval.value / worker_.gpu->memory.channels);
    }
    plan.bytes = bytes;
    plan.start = worker_.costs().kernel_start.value;
    plan.macs = static_cast<double>(p_.rows * p_.columns) * static_cast<double>(p_.sum) *
                static_cast<double>(p_.products);
    if (slices_ > 1) add_up_parts(plan);
    return plan;
  }

 private:
  [[nodiscard]] double split() const { return static_cast<double>(slices_); }

  [[nodiscard]] double area() const { return static_cast<double>(tile_.rows * tile_.columns); }

  /// Cycles of one product of the sum in each of so many blocks that share a multiprocessor.
  [[nodiscard]] double cycles(double blocks) const {
    if (blocks == 0) return 0;
    const auto edge = static_cast<double>(tile_.rows + tile_.columns);
    const double slots = area() + worker_.costs().operand_cost.value * edge;
    return blocks * slots / multiprocessor_.lanes + multiprocessor_.stall;
  }

  [[nodiscard]] Seconds busy(double efficiency) const {
    const double each = std::ceil(blocks_ / worker_.gpu->multiprocessors);
    const double rounds = std::floor(each / resident_);
    const auto depth =
        static_cast<double>(ceil_div(ceil_div(p_.sum, slices_), kStepOfSum) * kStepOfSum);
    return (rounds * cycles(resident_) + cycles(each - rounds * resident_)) * depth /
           (worker_.gpu->working_clock() * efficiency);
  }

  /// Blocks that run at the same time.
  [[nodiscard]] double wave() const {
    return std::min(blocks_, worker_.gpu->multiprocessors * resident_);
  }

  /// Columns of tiles that a wave covers.
  [[nodiscard]] double columns_at_once() const {
    return std::max(1.0, wave() / (row_tiles_ * split()));
  }

  /// Of an operand that is met so many times more, what the L2 does not hold.
  [[nodiscard]] Bytes read_again(Bytes operand, double times) const {
    return std::max(times, 0.0) * std::max(operand - worker_.gpu->l2, Bytes(0));
  }

  /// Each slice leaves its part; a kernel reads them all and writes the sum.
  void add_up_parts(GpuPlan& plan) const {
    const Bytes result = hw::size_of(worker_.format) * static_cast<double>(p_.rows * p_.columns) *
                         static_cast<double>(p_.products);
    const Bytes moved = result * (split() + 1);
    plan.serial += moved / worker_.bandwidth();
    plan.bytes += moved;
    plan.start += worker_.costs().kernel_start.value;
  }

  const TiledProduct& p_;
  const Tile& tile_;
  std::int64_t slices_;
  const Multiprocessor& multiprocessor_;
  const GpuWorker& worker_;
  double row_tiles_ = 1;
  double column_tiles_ = 1;
  double blocks_ = 1;
  double resident_ = 1;
};

}  // namespace

GpuPlan tiled_product_plan(const TiledProduct& product,
                           const Tilings& tilings,
                           double efficiency,
                           const GpuWorker& worker) {
  const Multiprocessor multiprocessor(worker);
  std::optional<GpuPlan> best;
  for (const Tile& tile : tilings.tiles) {
    for (std::int64_t slices = 1; slices <= kMostSlices; slices *= 2) {
      if (slices > 1 && product.sum / slices < tilings.split_depth) break;
      const GpuPlan plan = Tiling(product, tile, slices, multiprocessor, worker).plan(efficiency);
      if (!best || plan.start + plan.total() < best->start + best->total()) best = plan;
    }
  }
  return *best;
}

}  // namespace omniphi::models
