// Holds the code to its layout: which folder may include which, and which library has its one door
// where.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

/// What a folder may include of our own code; the first row that a file lies under is its own.
struct Arrow {
  std::string_view from;
  std::vector<std::string_view> to;
};

const std::vector<Arrow> kArrows{
    {"hw/base/", {"hw/base/"}},
    {"hw/", {"hw/"}},
    {"models/", {"models/", "hw/"}},
    {"sim/", {"sim/", "models/", "hw/"}},
    {"validation/", {"validation/", "sim/", "models/", "hw/"}},
    {"gui/", {"gui/", "sim/", "models/", "hw/"}},
};

/// The only places that may include a library's headers, known by how their names begin.
struct Door {
  std::string_view header;
  std::vector<std::string_view> places;
};

const std::vector<Door> kDoors{
    {"yaml-cpp/", {"hw/base/yaml_reader.cpp"}},
    {"boost/graph/", {"hw/fabric/", "models/workload/"}},
    {"hwloc", {"hw/node/", "validation/engine/"}},
    {"pugixml", {"hw/fabric/", "models/workload/importers/"}},
    {"onnx/", {"models/workload/importers/"}},
    {"google/protobuf/", {"models/workload/importers/"}},
    {"muParser", {"models/workload/expression.cpp"}},
    {"CLI/", {"sim/cli/", "validation/cli/"}},
    {"libfccp/", {"validation/compare/csv.cpp"}},
    {"nlohmann/", {"sim/report/", "sim/cli/"}},
    {"valijson/", {"tests/sim/schema/"}},
    {"sqlite3", {"sim/explore/"}},
    {"pagmo/", {"sim/explore/"}},
    {"mpi.h", {"validation/engine/", "sim/explore/"}},
    {"systemc", {"sim/systemc/"}},
    {"tlm", {"sim/systemc/"}},
    {"dnnl", {"validation/engine/"}},
    {"oneapi/dnnl", {"validation/engine/"}},
    {"memkind", {"validation/engine/"}},
    {"ceres/", {"validation/calibrate/"}},
    {"Eigen/", {"validation/calibrate/"}},
    {"Q", {"gui/"}},
};

/// Slow to compile, so never in a header.
constexpr std::string_view kSourceOnly[] = {"fmt/", "nlohmann/", "spdlog/", "CLI/"};

struct Include {
  std::string header;
  bool ours = false;  // in quotes
};

std::optional<Include> parsed_include(const std::string& line) {
  const std::size_t hash = line.find_first_not_of(" \t");
  if (hash == std::string::npos || line[hash] != '#') return std::nullopt;
  const std::size_t word = line.find_first_not_of(" \t", hash + 1);
  if (word == std::string::npos || line.compare(word, 7, "include") != 0) return std::nullopt;
  const std::size_t open = line.find_first_of("\"<", word);
  if (open == std::string::npos) return std::nullopt;
  const std::size_t close = line.find_first_of("\">", open + 1);
  return Include{line.substr(open + 1, close - open - 1), line[open] == '"'};
}

bool lies_under_any(std::string_view name, const std::vector<std::string_view>& places) {
  return std::any_of(
      places.begin(), places.end(), [&](std::string_view p) { return name.starts_with(p); });
}

/// Why `file` may not include this; "" if it may.
std::string objection(std::string_view file, const Include& include) {
  if (include.ours) {
    const auto arrow = std::find_if(
        kArrows.begin(), kArrows.end(), [&](const Arrow& a) { return file.starts_with(a.from); });
    if (arrow == kArrows.end() || lies_under_any(include.header, arrow->to)) return "";
    return std::string(arrow->from) + " may not include \"" + include.header + "\"";
  }
  for (const Door& door : kDoors) {
    if (include.header.starts_with(door.header) && !lies_under_any(file, door.places)) {
      return "<" + include.header + "> has its door in " + std::string(door.places.front());
    }
  }
  for (const std::string_view library : kSourceOnly) {
    if (file.ends_with(".h") && include.header.starts_with(library)) {
      return "<" + include.header + "> belongs in sources only";
    }
  }
  return "";
}

std::string objection(std::string_view file, const std::string& line) {
  const auto include = parsed_include(line);
  return include ? objection(file, *include) : "";
}

/// Sources and headers under `folder` of the repository, named from its root.
std::vector<std::string> code_files(const std::string& folder) {
  std::vector<std::string> files;
  const fs::path root = OMNIPHI_SOURCE_DIR;
  if (!fs::exists(root / folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".h" || extension == ".cpp")
      files.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class Folder : public ::testing::TestWithParam<const char*> {};

TEST_P(Folder, IncludesOnlyWhatItMay) {
  for (const std::string& file : code_files(GetParam())) {
    std::ifstream stream(fs::path(OMNIPHI_SOURCE_DIR) / file);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
      const std::string reason = objection(file, line);
      if (!reason.empty()) ADD_FAILURE_AT(file.c_str(), number) << reason;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Architecture,
                         Folder,
                         ::testing::Values("hw", "models", "sim", "validation", "gui"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Architecture, FindsItsCode) {
  const std::vector<std::string> files = code_files("hw");
  EXPECT_NE(std::find(files.begin(), files.end(), "hw/base/quantity.h"), files.end());
}

TEST(Architecture, PointsDownwards) {
  EXPECT_EQ(objection("models/cost/cost.cpp", "#include \"hw/node/node.h\""), "");
  EXPECT_EQ(objection("hw/node/node.cpp", "#include \"models/cost/cost.h\""),
            "hw/ may not include \"models/cost/cost.h\"");
  EXPECT_EQ(objection("hw/base/error.cpp", "#include \"hw/node/node.h\""),
            "hw/base/ may not include \"hw/node/node.h\"");
  EXPECT_EQ(objection("gui/main.cpp", "#include \"validation/compare/compare.h\""),
            "gui/ may not include \"validation/compare/compare.h\"");
}

TEST(Architecture, IncludesFromTheRoot) {
  EXPECT_EQ(objection("hw/node/node.cpp", "  #  include \"node.h\""),
            "hw/ may not include \"node.h\"");
  EXPECT_EQ(objection("hw/node/node.cpp", "#include \"../base/error.h\""),
            "hw/ may not include \"../base/error.h\"");
}

TEST(Architecture, HasOneDoorForEachLibrary) {
  EXPECT_EQ(objection("hw/base/yaml_reader.cpp", "#include <yaml-cpp/parser.h>"), "");
  EXPECT_EQ(objection("hw/base/catalog.cpp", "#include <yaml-cpp/parser.h>"),
            "<yaml-cpp/parser.h> has its door in hw/base/yaml_reader.cpp");
  EXPECT_EQ(objection("sim/run/run.cpp", "#include <QString>"), "<QString> has its door in gui/");
}

TEST(Architecture, KeepsSlowHeadersOutOfHeaders) {
  EXPECT_EQ(objection("hw/base/error.cpp", "#include <fmt/format.h>"), "");
  EXPECT_EQ(objection("hw/base/error.h", "#include <fmt/format.h>"),
            "<fmt/format.h> belongs in sources only");
}

TEST(Architecture, MindsIncludesOnly) {
  EXPECT_EQ(objection("hw/node/node.cpp", "// #include \"sim/cli/main.h\""), "");
  EXPECT_EQ(objection("hw/node/node.cpp", "#define X \"sim/cli/main.h\""), "");
  EXPECT_EQ(objection("hw/node/node.cpp", ""), "");
}

}  // namespace
