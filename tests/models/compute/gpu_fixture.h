#pragma once

#include <gtest/gtest.h>

#include "models/compute/compute_time.h"

namespace omniphi::test {

/// A device with round numbers: 10 multiprocessors of 64 lanes and 32768 sums at 1 GHz (1.28
/// Tflop/s), 4 MB of L2, 1 TB/s; and kernels that cost nothing beyond its rates but their start.
class OnRoundGpu : public testing::Test {
 protected:
  OnRoundGpu() {
    gpu.multiprocessors = 10;
    gpu.clock = Hertz(1e9);
    gpu.flop_per_cycle = {{"fp32", 128}, {"fp16", 256}, {"fp16-tensor", 1024}};
    gpu.register_file = Bytes(65536 * 4);
    gpu.l2 = Bytes(4e6);
    gpu.memory.channels = 10;
    gpu.memory.stream_bandwidth.value = BytesPerSecond(1e12);
    kernels.tiles = {{128, 128}};
    kernels.split_depth = 4096;
    calibration.stream_efficiency.value = 1;
    calibration.flop_energy_factor.value = 1;
    models::GpuKernelCosts costs;
    costs.kernel_start.value = Seconds(1e-6);
    costs.convolution_start.value = Seconds(10e-6);
    costs.row_interval.value = Seconds(8e-9);
    costs.gather_efficiency.value = 1;
    costs.strided_gradient_efficiency.value = 1;
    costs.pointwise_gradient_efficiency.value = 1;
    costs.winograd_efficiency.value = 1;
    calibration.gpu = costs;
  }

  [[nodiscard]] models::GpuWorker worker(hw::NumberFormat format = hw::NumberFormat::Fp32) const {
    return {&gpu, &kernels, &calibration, Seconds(0), format};
  }

  hw::Gpu gpu;
  models::GpuKernelLibrary kernels;
  models::Calibration calibration;
};

}  // namespace omniphi::test
