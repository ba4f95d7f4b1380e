#include "models/compute/gpu_plan.h"

#include "tests/models/compute/gpu_fixture.h"

namespace omniphi::models {
namespace {

/// 16 images of 56 x 56, 256 channels in and out, filters that keep the size.
ConvolutionPrimitive wide(std::int64_t kernel) {
  ConvolutionPrimitive c;
  c.batch = 16;
  c.input_channels = c.output_channels = 256;
  c.input_height = c.input_width = c.output_height = c.output_width = 56;
  c.kernel_height = c.kernel_width = kernel;
  return c;
}

/// The same with 1 x 1 filters and a stride of two.
ConvolutionPrimitive strided() {
  ConvolutionPrimitive c = wide(1);
  c.output_height = c.output_width = 28;
  c.stride_height = c.stride_width = 2;
  return c;
}

class GpuPlans : public test::OnRoundGpu {
 protected:
  [[nodiscard]] Seconds time(const Primitive& primitive) const {
    return primitive_time(primitive, worker()).total;
  }

  /// At which the device's units would be full.
  static Seconds full_rate(const Primitive& primitive) {
    return work(primitive) / FlopsPerSecond(1.28e12);
  }
};

TEST_F(GpuPlans, ComputeA1x1ConvolutionAsTheProductThatItIs) {
  // 256 channels by 50176 pixels are 4 x 392 tiles of 64 x 128, 157 on the fullest of 10; of 128 x
  // 128 there would be 79 of twice the size.
  const GpuPlan plan = gpu_plan(wide(1), worker());
  EXPECT_DOUBLE_EQ(plan.busy.value(), 157 * 128 * 256e-9);
  EXPECT_DOUBLE_EQ(plan.start.value(), 10e-6);
  EXPECT_DOUBLE_EQ(plan.bytes.value(), 4.0 * (2 * 256 * 50176 + 256 * 256));
}

TEST_F(GpuPlans, GainNoMoreThan36To16FromWinogradInOneKernel) {
  const double gain = full_rate(wide(3)) / time(wide(3));
  EXPECT_LE(gain, 2.25);
  EXPECT_GT(gain, 2.2);
}

TEST_F(GpuPlans, GainNoMoreThan144To36FromWinogradByProducts) {
  kernels.winograd_by_products = true;
  gpu.memory.stream_bandwidth.value = BytesPerSecond(1e15);
  for (const ConvolutionPass pass : {ConvolutionPass::Forward,
                                     ConvolutionPass::BackwardData,
                                     ConvolutionPass::BackwardWeights}) {
    ConvolutionPrimitive c = wide(3);
    c.pass = pass;
    const double gain = full_rate(c) / time(c);
    EXPECT_LE(gain, 4);
    EXPECT_GT(gain, 3.5);
  }
}

TEST_F(GpuPlans, UseWinogradForNoOtherFilters) {
  kernels.winograd_by_products = true;
  EXPECT_LE(full_rate(wide(5)) / time(wide(5)), 1);
  ConvolutionPrimitive c = wide(3);
  c.output_height = c.output_width = 28;
  c.stride_height = c.stride_width = 2;
  EXPECT_LE(full_rate(c) / time(c), 1);
}

TEST_F(GpuPlans, SkipThePixelsOfAStrideThatNoTapMeets) {
  ConvolutionPrimitive c = strided();
  EXPECT_DOUBLE_EQ(gpu_plan(c, worker()).macs, double(c.macs()));
  // Every second row of the image is read.
  EXPECT_DOUBLE_EQ(gpu_plan(c, worker()).bytes.value(),
                   4.0 * (256 * 50176 / 2 + 256 * 50176 / 4 + 256 * 256));
  c.pass = ConvolutionPass::BackwardData;
  EXPECT_DOUBLE_EQ(gpu_plan(c, worker()).macs, double(c.macs()));
}

TEST_F(GpuPlans, CutTheSumOverPixelsOfAWeightGradient) {
  ConvolutionPrimitive c = wide(1);
  c.pass = ConvolutionPass::BackwardWeights;
  // 256 x 256 weights are 4 tiles of 128 x 128, far fewer than 10 multiprocessors hold.
  EXPECT_LT(time(c), 1.3 * full_rate(c));
}

TEST_F(GpuPlans, MoveStreamsAtTheMemorysRate) {
  const StreamPrimitive s{1'000'000, 500'000, 0, 1'000'000};
  EXPECT_DOUBLE_EQ(time(s).value(), 1e-6 + 6e6 / 1e12);
  EXPECT_EQ(primitive_time(s, worker()).limit, Limit::MemoryBandwidth);
}

TEST_F(GpuPlans, BindAMatrixVectorProductToTheMemory) {
  kernels.tiles = {{128, 128}, {32, 32}};
  const MatrixProductPrimitive gemv{1, 4096, 4096};
  const PrimitiveTime time = primitive_time(gemv, worker());
  EXPECT_LT(time.flops / time.total, FlopsPerSecond(0.2 * 1.28e12));
}

TEST_F(GpuPlans, ReachThePeakOfUnitsForSmallMatrices) {
  // 200 tiles of 128 x 128 are ten full rounds; 512 multiply-adds a cycle: 10.24 Tflop/s.
  const MatrixProductPrimitive g{1280, 2560, 8000};
  const auto half = worker(hw::NumberFormat::Fp16);
  gpu.memory.stream_bandwidth.value = BytesPerSecond(1e15);
  const PrimitiveTime time = primitive_time(g, half);
  EXPECT_NEAR((time.flops / (time.total - time.start)).value(), 10.24e12, 1e3);
  EXPECT_DOUBLE_EQ(gpu.peak(hw::NumberFormat::Fp16).value(), 10.24e12);
}

TEST_F(GpuPlans, ShareNothingBetweenThreadsOfADepthwiseConvolution) {
  ConvolutionPrimitive c = wide(3);
  c.groups = 256;
  calibration.gpu->operand_cost.value = 4;
  // Each multiply-add loads both its operands: 1 + 2 x 4 issue slots. Taps in the padding are not
  // executed, so that (3 * 56 - 2)^2 products of each image and channel are left.
  const double macs = 16.0 * 256 * 166 * 166;
  EXPECT_DOUBLE_EQ(gpu_plan(c, worker()).busy.value(), macs * 9 / 640e9);
}

TEST_F(GpuPlans, HideTheFrameworkBehindLongKernels) {
  GpuWorker w = worker();
  w.dispatch = Seconds(20e-6);
  const StreamPrimitive little{1000, 1000, 0, 0};
  EXPECT_DOUBLE_EQ(primitive_time(little, w).total.value(), 20e-6);
  EXPECT_EQ(primitive_time(little, w).limit, Limit::StartUp);
  const StreamPrimitive much{100'000'000, 0, 0, 0};
  EXPECT_DOUBLE_EQ(primitive_time(much, w).total.value(), 1e-6 + 4e8 / 1e12);
}

TEST_F(GpuPlans, TakeNoLongerOnADeviceThatIsFasterInAll) {
  const Seconds before = time(wide(3));
  gpu.clock = gpu.clock * 2;
  gpu.memory.stream_bandwidth.value = gpu.memory.stream_bandwidth.value * 2;
  EXPECT_LT(time(wide(3)), before);
}

}  // namespace
}  // namespace omniphi::models
