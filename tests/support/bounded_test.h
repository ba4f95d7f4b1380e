#pragma once

#include <ctime>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace omniphi {

/// A test of what bad input may cost: a second of the processor (others may share it) and 256 MB of
/// memory, the program's own included.
class BoundedTest : public testing::Test {
 protected:
  ~BoundedTest() override {
    EXPECT_LT(static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC, 1.0);
#ifndef __SANITIZE_ADDRESS__  // which keeps what was freed
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    EXPECT_LT(used.ru_maxrss, 256'000) << "kB";
#endif
  }

 private:
  std::clock_t begin_ = std::clock();
};

}  // namespace omniphi
