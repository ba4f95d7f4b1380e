#include "tests/models/compute/worker_fixture.h"

namespace omniphi::models {
namespace {

class PrimitiveTimeOn7250 : public test::On7250 {
 protected:
  [[nodiscard]] Worker worker() const { return test::On7250::worker(66, false); }

  /// The same, on a node without fast memory.
  [[nodiscard]] Worker in_main_memory() {
    without_.fast_memory.reset();
    Worker slow = worker();
    slow.cpu = &without_;
    slow.memory = memory_service(
        without_, hw::MemoryMode::Flat, hw::ClusterMode::Quadrant, 66, 1, Bytes(1e9));
    return slow;
  }

 private:
  hw::ManyCoreCpu without_ = cpu;
};

TEST_F(PrimitiveTimeOn7250, OfAStreamIsItsBytesOverTheBandwidthAndTheStart) {
  const StreamPrimitive copy{1'000'000'000, 1'000'000'000, 0, 0};
  const PrimitiveTime time = primitive_time(copy, worker());
  EXPECT_DOUBLE_EQ(time.bytes.value(), 12e9);  // each line is read before it is written
  EXPECT_DOUBLE_EQ(time.memory.value(), 12e9 / 421.7e9);
  EXPECT_DOUBLE_EQ(time.total.value(),
                   12e9 / 421.7e9 + 23e-6);  // 20 us of dispatch, 3 us of region start
  EXPECT_EQ(time.limit, Limit::MemoryBandwidth);
}

TEST_F(PrimitiveTimeOn7250, DoesNotReadWhatStreamingStoresWrite) {
  stack.kernels->streaming_stores = true;
  EXPECT_DOUBLE_EQ(
      primitive_time(StreamPrimitive{1'000'000'000, 1'000'000'000, 0, 0}, worker()).bytes.value(),
      8e9);
  // C of a matrix product is read anyway.
  const auto product = [&] {
    return primitive_time(MatrixProductPrimitive{2560, 200, 300}, worker()).bytes.value();
  };
  const double around = product();
  stack.kernels->streaming_stores = false;
  EXPECT_DOUBLE_EQ(around, product());
}

TEST_F(PrimitiveTimeOn7250, OfALargeMatrixProductIsBoundByThePowerOfItsArithmetic) {
  // 30 pJ a flop and 135 W above rest are 4.5 Tflop/s; with the power to spare, the units bind.
  const PrimitiveTime time = primitive_time(MatrixProductPrimitive{2560, 7000, 2560}, worker());
  EXPECT_EQ(time.limit, Limit::Power);
  EXPECT_NEAR((time.flops / time.total).value(), 4.5e12, 0.02e12);
  cpu.power.limit = Watts(400);
  EXPECT_EQ(primitive_time(MatrixProductPrimitive{2560, 7000, 2560}, worker()).limit,
            Limit::Compute);
  EXPECT_DOUBLE_EQ(time.flops.value(), 2.0 * 2560 * 7000 * 2560);
}

TEST_F(PrimitiveTimeOn7250, OfAMatrixVectorProductIsBoundByMemory) {
  // One row or one column of C: each weight is used once, so its 4 bytes bound the 2 flop,
  // whichever side it is on; and the full product of the same n and k is bound by arithmetic.
  for (const MatrixProductPrimitive& vector :
       {MatrixProductPrimitive{1, 25600, 25600}, MatrixProductPrimitive{25600, 1, 25600}}) {
    const PrimitiveTime time = primitive_time(vector, worker());
    EXPECT_EQ(time.limit, Limit::MemoryBandwidth);
    EXPECT_LT(time.flops / time.total / cpu.peak(hw::NumberFormat::Fp32), 0.05);
    EXPECT_GT(time.total, Seconds(25600.0 * 25600 * 4 / 421.7e9));
  }
  const PrimitiveTime full = primitive_time(MatrixProductPrimitive{2560, 25600, 25600}, worker());
  EXPECT_NE(full.limit, Limit::MemoryBandwidth);
  EXPECT_GT(full.flops / full.total / cpu.peak(hw::NumberFormat::Fp32), 0.6);
}

TEST_F(PrimitiveTimeOn7250, OfASmallStreamIsDominatedByStartAndGainsNothingFromFastMemory) {
  // 64 Ki elements of a layer that the one before has just written: 256 KiB in, 256 KiB out, in the
  // L2s. 2979 elements a thread are 186 lines of 17 cycles, half exposed: 1.1 us after 23 us.
  const StreamPrimitive small{65536, 65536, 65536, 65536, true};
  const PrimitiveTime time = primitive_time(small, worker());
  EXPECT_EQ(time.limit, Limit::StartUp);
  EXPECT_EQ(time.bytes, Bytes(0));
  EXPECT_NEAR(time.total.value(), 23e-6 + 131072.0 / 66 / 16 * 17 * 0.5 / 1.4e9, 0.05e-6);
  EXPECT_EQ(time.total, primitive_time(small, in_main_memory()).total);
  // 64 Mi elements are in no cache.
  EXPECT_EQ(primitive_time(StreamPrimitive{1 << 26, 1 << 26, 1 << 26, 0, true}, worker()).bytes,
            Bytes(8.0 * (1 << 26)));
}

TEST_F(PrimitiveTimeOn7250, GainsFromFastMemoryOnlyWhereMemoryLimits) {
  const Worker slow = in_main_memory();
  const StreamPrimitive stream{1'000'000'000, 1'000'000'000, 0, 0};
  const double gain = primitive_time(stream, slow).memory / primitive_time(stream, worker()).memory;
  EXPECT_NEAR(gain, 421.7 / 88.39, 1e-9);
  const ConvolutionPrimitive busy{
      ConvolutionPass::Forward, 64, 256, 28, 28, 256, 28, 28, 3, 3, 1, 1, 1};
  EXPECT_NEAR(primitive_time(busy, slow).total / primitive_time(busy, worker()).total, 1, 0.01);
}

TEST_F(PrimitiveTimeOn7250, IsLengthenedWhereThePackageWouldDrawTooMuch) {
  Worker limited = worker();
  hw::ManyCoreCpu capped = cpu;
  capped.power.limit = Watts(100);  // 20 W above rest
  limited.cpu = &capped;
  const PrimitiveTime time = primitive_time(MatrixProductPrimitive{2560, 7000, 2560}, limited);
  EXPECT_EQ(time.limit, Limit::Power);
  EXPECT_NEAR((time.energy / time.total).value(), 20, 1e-9);
}

}  // namespace
}  // namespace omniphi::models
