#pragma once

#include <string_view>

#include "hw/node/node.h"
#include "models/software/stack.h"

/// Parts of the shipped catalog, for tests of what is computed with them.
namespace omniphi::test {

const Catalog& catalog();

/// Throws ConfigError if the catalog's entry is wrong.
hw::ManyCoreCpu cpu(std::string_view id);
/// With the calibration that is worked out and not fitted, so that hand-worked times do not move
/// with a fit.
models::SoftwareStack stack(std::string_view id);

}  // namespace omniphi::test
