#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/report/validation.h"
#include "tests/support/catalog_parts.h"
#include "validation/compare/suite.h"

namespace omniphi::test {

/// A folder of measured files, written by the test and gone with it.
class DataFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("omniphi-") + info->test_suite_name() + info->name() +
               std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }

  validation::Setting setting() { return {catalog(), folder_, {}, sim::Fidelity::Analytical}; }

  std::filesystem::path folder_;
};

}  // namespace omniphi::test
