#include "validation/compare/roofline.h"

#include <gtest/gtest.h>

#include "tests/support/catalog_parts.h"

namespace omniphi::validation {
namespace {

TEST(Roofline, IsThePeakAtTheVectorClockForALargeProduct) {
  // 2 x 4096^3 flop over 68 x 64 x 1.4e9 = 6.0928e12 flop/s; 268 MB over 421.7 GB/s take far less.
  const models::MatrixProductPrimitive product{4096, 4096, 4096};
  EXPECT_NEAR(roofline_time(product, test::cpu("knl-7250")).value(), 22.5576e-3, 1e-6);
}

TEST(Roofline, IsTheFastMemoryForAThinProduct) {
  // A, B, and C read and written: 4 x (1760 x 1760 + 2 x 1760 + ...) bytes; one column of work is
  // little. 1760 x 1760 + 1760 + 1760 + 1760 elements = 3102880 x 4 B = 12.41 MB over 421.7 GB/s
  // = 29.43 us; 2 x 1760^2 flop take 1.2 us.
  const models::MatrixProductPrimitive product{1760, 1, 1760};
  EXPECT_NEAR(roofline_time(product, test::cpu("knl-7250")).value(), 29.43e-6, 0.01e-6);
}

}  // namespace
}  // namespace omniphi::validation
