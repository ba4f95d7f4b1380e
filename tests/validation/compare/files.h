#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "models/report/validation.h"
#include "tests/support/catalog_parts.h"
#include "tests/support/scratch_directory.h"
#include "validation/compare/suite.h"

namespace omniphi::test {

/// A folder of measured files, written by the test and gone with it.
class DataFolder : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    return scratch_.write(name, text).string();
  }

  validation::Setting setting() { return {catalog(), folder_, false, {}, sim::Fidelity::Analytical}; }

  const ScratchDirectory scratch_;
  const std::filesystem::path folder_ = scratch_.path();
};

}  // namespace omniphi::test
