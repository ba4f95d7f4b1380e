#include "models/compute/tiled_product.h"

#include "tests/models/compute/gpu_fixture.h"

namespace omniphi::models {
namespace {

class TiledProducts : public test::OnRoundGpu {
 protected:
  [[nodiscard]] GpuPlan plan(const TiledProduct& product) const {
    return tiled_product_plan(product, {kernels.tiles, kernels.split_depth}, 1, worker());
  }
};

TEST_F(TiledProducts, TakeTheCyclesOfOneTile) {
  // 128 x 128 results on 64 lanes: 256 cycles for each of 800 products, at 1 GHz.
  const GpuPlan one = plan({128, 128, 800});
  EXPECT_DOUBLE_EQ(one.busy.value(), 256 * 800e-9);
  EXPECT_DOUBLE_EQ(one.start.value(), 1e-6);
  EXPECT_DOUBLE_EQ(one.macs, 128 * 128 * 800);
}

TEST_F(TiledProducts, RunInRoundsOfWhatRegistersHold) {
  // 32768 sums are two tiles: a round is 20 tiles. One more than that is a tile on top of two.
  EXPECT_DOUBLE_EQ(plan({128 * 20, 128, 800}).busy.value(), 2 * 256 * 800e-9);
  EXPECT_DOUBLE_EQ(plan({128 * 21, 128, 800}).busy.value(), 3 * 256 * 800e-9);
}

TEST_F(TiledProducts, StallOnceARoundAndFourTimesAsLongWithTwiceTheLanes) {
  calibration.gpu->loop_stall.value = 16;
  EXPECT_DOUBLE_EQ(plan({128 * 21, 128, 800}).busy.value(), (3 * 256 + 2 * 16) * 800e-9);
  gpu.flop_per_cycle["fp32"] = 256;
  EXPECT_DOUBLE_EQ(plan({128, 128, 800}).busy.value(), (128 + 4 * 16) * 800e-9);
}

TEST_F(TiledProducts, PayForTheOperandsOfATile) {
  // (128 x 64 results + 2 x (128 + 64) operand elements) / 64 lanes = 134 cycles.
  kernels.tiles = {{128, 64}};
  calibration.gpu->operand_cost.value = 2;
  EXPECT_DOUBLE_EQ(plan({128, 64, 800}).busy.value(), 134 * 800e-9);
}

TEST_F(TiledProducts, TakeTheSmallerTileWhereItWastesLess) {
  kernels.tiles = {{128, 128}, {128, 32}};
  EXPECT_DOUBLE_EQ(plan({128, 32, 800}).busy.value(), 64 * 800e-9);
}

TEST_F(TiledProducts, CutALongSumIntoSlicesThatAreAddedUp) {
  // 8 slices of 5120 products; 16 would be shorter than 4096. Their 64 KiB each are written, read
  // and summed: 9 of them moved at 1 TB/s, by a second kernel.
  const GpuPlan cut = plan({128, 128, 40960});
  EXPECT_DOUBLE_EQ(cut.busy.value(), 256 * 5120e-9);
  EXPECT_DOUBLE_EQ(cut.serial.value(), 9 * 65536e-12);
  EXPECT_DOUBLE_EQ(cut.start.value(), 2e-6);
}

TEST_F(TiledProducts, ReadAgainWhatTheL2DoesNotHold) {
  // 40 rows of tiles by 4 columns, a wave of 20: A of 14 MB is met in four waves a column, each
  // column anew: 10 MB beyond the L2 three times more.
  TiledProduct product{128 * 40, 128 * 4, 683};
  product.left = Bytes(14e6);
  EXPECT_DOUBLE_EQ(plan(product).bytes.value(), 14e6 + 3 * 10e6);
  product.left = Bytes(3e6);
  EXPECT_DOUBLE_EQ(plan(product).bytes.value(), 3e6);
}

TEST_F(TiledProducts, ReadATransposedOperandAgainRowByRow) {
  // 30 MB in sectors of 32 bytes, a row opened for each, every 8 ns on each of 10 channels.
  TiledProduct product{128 * 40, 128 * 4, 8};
  product.left = Bytes(14e6);
  product.left_transposed = true;
  EXPECT_DOUBLE_EQ(plan(product).moved.value(), 30e6 / 32 * 8e-9 / 10);
}

TEST_F(TiledProducts, NeverExceedThePeak) {
  kernels.tiles = {{128, 128}, {128, 64}, {64, 64}, {32, 32}};
  kernels.split_depth = 64;
  for (const std::int64_t m : {1, 33, 128, 1000, 5000}) {
    for (const std::int64_t n : {1, 64, 129, 7000}) {
      for (const std::int64_t k : {1, 100, 100000}) {
        const GpuPlan p = plan({m, n, k});
        EXPECT_LE(2 * p.macs / p.total().value(), 1.28e12) << m << ' ' << n << ' ' << k;
      }
    }
  }
}

TEST_F(TiledProducts, TakeTwiceAsLongOnHalfTheMultiprocessors) {
  const Seconds whole = plan({128 * 40, 128 * 10, 800}).busy;
  gpu.multiprocessors = 5;
  EXPECT_DOUBLE_EQ(plan({128 * 40, 128 * 10, 800}).busy / whole, 2);
}

}  // namespace
}  // namespace omniphi::models
