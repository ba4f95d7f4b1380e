#pragma once

#include <gtest/gtest.h>

#include "models/compute/compute_time.h"
#include "tests/support/catalog_parts.h"

namespace omniphi::test {

/// A Xeon Phi 7250 whose tensors are in MCDRAM, with the parameters that are worked out and not
/// fitted: 1.4 GHz, two instructions a cycle, 28 sums, 0.59 cycles a multiply-add, latency 6, two
/// instructions of loop, 421.7 GB/s, 154 ns with 10 lines in flight, 17 cycles of L2 half exposed.
class On7250 : public testing::Test {
 protected:
  hw::ManyCoreCpu cpu = test::cpu("knl-7250");
  models::SoftwareStack stack = test::stack("intel-caffe-mlsl");

  [[nodiscard]] models::Worker worker(int threads, bool warm = true) const {
    models::Worker w;
    w.cpu = &cpu;
    w.stack = &stack;
    w.memory = models::memory_service(
        cpu, hw::MemoryMode::Flat, hw::ClusterMode::Quadrant, threads, 1, Bytes(1e9));
    w.threads = threads;
    w.warm = warm;
    return w;
  }
};

}  // namespace omniphi::test
