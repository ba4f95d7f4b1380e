#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "hw/base/yaml_reader.h"
#include "sim/schema/schema.h"
#include "tests/sim/schema/validator.h"

namespace omniphi::test {
namespace {

const std::filesystem::path kFolder = OMNIPHI_SOURCE_DIR "/configs/schemas";

TEST(SchemaFiles, AreWhatTheProgramGenerates) {
  for (const sim::SchemaDocument& document : sim::schema_documents()) {
    const auto file = kFolder / (std::string(document.name) + ".json");
    ASSERT_TRUE(std::filesystem::exists(file)) << file;
    EXPECT_TRUE(read_text_file(file, 8u << 20) == sim::schema_json(document))
        << file << " is out of date. To renew all: omniphi schema -o configs/schemas";
  }
}

TEST(SchemaFiles, AreNoMoreThanTheProgramGenerates) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder))
    files += entry.path().extension() == ".json";
  EXPECT_EQ(files, sim::schema_documents().size());
}

TEST(SchemaFiles, AreNamedByEveryShippedScenario) {
  for (const auto& file : yaml_files("scenarios")) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    const std::string key = "# yaml-language-server: $schema=";
    ASSERT_TRUE(line.starts_with(key)) << file << " begins with: " << line;
    const auto schema = file.parent_path() / line.substr(key.size());
    EXPECT_TRUE(std::filesystem::equivalent(schema, kFolder / "scenario.json"))
        << file << ": " << schema;
  }
}

TEST(SchemaDocument, SaysWhichThereAreIfThereIsNoneOfTheName) {
  try {
    sim::schema_document("fabrics");
    FAIL() << "there is such a schema";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(),
                 "there is no schema \"fabrics\" (there are: scenario, report, network, dataset, "
                 "node, fabric, director, switch, adapter, "
                 "cable, software, calibration, schedule, prices)");
  }
}

}  // namespace
}  // namespace omniphi::test
