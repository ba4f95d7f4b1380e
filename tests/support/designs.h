#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace omniphi::test {

/// The quick-start scenario with changes, each "path=value".
sim::Scenario quick_start(const std::vector<std::string>& changes = {});

/// A scenario written in a test, named "test.yaml" in messages.
sim::Scenario scenario(const std::string& yaml, const std::vector<std::string>& changes = {});

}  // namespace omniphi::test
