#include "hw/base/catalog.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "hw/base/parameter_reader.h"
#include "hw/base/yaml_reader.h"
#include "tests/hw/base/machine.h"
#include "tests/support/faults.h"

namespace omniphi {
namespace {

using test::Rack;

class CatalogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    add("boxes/small.yaml", "rate: 1 GB/s\ncount: 2\n");
    add("boxes/red.yaml", "base: small\npaint: red\n");
    add("boxes/red-ten.yaml", "base: red\ncount: 10\n");
  }

  void TearDown() override { std::filesystem::remove_all(root_); }

  void add(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }

  [[nodiscard]] std::string file(const std::string& name) const { return (root_ / name).string(); }

  /// Reads a rack from `text`; what is wrong with it is in faults_.
  Rack read(const std::string& text) {
    Diagnostics diagnostics;
    Rack rack;
    const ConfigNode node = read_yaml(text, "t.yaml", diagnostics);
    read_parameters(node, "", rack, {Catalog(root_), diagnostics});
    faults_ = test::faults(diagnostics);
    return rack;
  }

  std::string faults_of(const std::string& text) {
    read(text);
    return faults_;
  }

  std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("omniphi-catalog-" + std::to_string(::getpid()));
  std::string faults_;
};

TEST_F(CatalogTest, ListsItsEntriesInOrder) {
  add("boxes/notes.txt", "");
  const Catalog catalog(root_);
  EXPECT_EQ(catalog.ids("boxes"), (std::vector<std::string>{"red", "red-ten", "small"}));
  EXPECT_TRUE(catalog.ids("racks").empty());
  EXPECT_TRUE(catalog.has("boxes", "red"));
  EXPECT_FALSE(catalog.has("boxes", "green"));
  EXPECT_FALSE(catalog.has("boxes", "../boxes/red"));
}

TEST_F(CatalogTest, ReadsAPartByItsId) {
  const Rack rack = read("box: small");
  EXPECT_EQ(faults_, "");
  EXPECT_EQ(rack.box.id, "small");
  EXPECT_EQ(rack.box->rate, BytesPerSecond(1e9));
}

TEST_F(CatalogTest, ReadsAPartWrittenInPlace) {
  const Rack rack = read("box: {rate: 5 B/s}");
  EXPECT_EQ(faults_, "");
  EXPECT_EQ(rack.box.id, "");
  EXPECT_EQ(rack.box->rate, BytesPerSecond(5));
}

TEST_F(CatalogTest, DerivesAPartFromAnother) {
  const Rack rack = read("box: {base: small, count: 7}");
  EXPECT_EQ(faults_, "");
  EXPECT_EQ(rack.box->rate, BytesPerSecond(1e9));
  EXPECT_EQ(rack.box->count, 7);
}

TEST_F(CatalogTest, DerivesEntriesFromEntries) {
  const Rack rack = read("box: red-ten");
  EXPECT_EQ(faults_, "");
  EXPECT_EQ(rack.box->rate, BytesPerSecond(1e9));
  EXPECT_EQ(rack.box->paint, test::Paint::Red);
  EXPECT_EQ(rack.box->count, 10);
}

TEST_F(CatalogTest, LoadsAnEntryWithItsBasesMergedIn) {
  Diagnostics diagnostics;
  const ConfigNode tree = Catalog(root_).load("boxes", "red-ten", {}, "", diagnostics);
  EXPECT_EQ(write_yaml(tree), "rate: 1 GB/s\ncount: 10\npaint: red\n");
}

TEST_F(CatalogTest, NamesTheNearestOfAnUnknownId) {
  EXPECT_EQ(faults_of("box: smal"),
            "t.yaml:1:6: box: no \"smal\" among the catalog's boxes (did you mean \"small\"?)");
  EXPECT_EQ(
      faults_of("box: {base: giant}"),
      "t.yaml:1:13: box: no \"giant\" among the catalog's boxes (there are: red, red-ten, small)");
}

TEST_F(CatalogTest, NeverLeavesItsFolder) {
  add("secret.yaml", "rate: 1 B/s\n");
  for (const std::string id :
       {"../secret", "/etc/passwd", "..", ".", ".hidden", "a/b", "Small", "''"}) {
    const std::string faults = faults_of("box: " + id);
    EXPECT_TRUE(faults.starts_with("t.yaml:1:6: box: no \"" + (id == "''" ? "" : id) +
                                   "\" among the catalog's boxes"))
        << faults;
  }
}

TEST_F(CatalogTest, SaysWhoIncludedAFaultyFile) {
  add("boxes/bad.yaml", "rate: 1 GB\nextra: 1\n");
  const std::string note = " (included from t.yaml:1:6)";
  EXPECT_EQ(faults_of("box: bad"),
            file("boxes/bad.yaml") +
                ":1:7: box.rate: expected a data rate such as \"12.5 GB/s\", got \"1 GB\"" + note +
                "\n" + file("boxes/bad.yaml") +
                ":2:1: box: unknown key \"extra\" (known: rate, count, share, on, name, paint)" +
                note);
}

TEST_F(CatalogTest, SaysWhoIncludedAFileOfBrokenSyntax) {
  add("boxes/bad.yaml", "a: [\n");
  EXPECT_EQ(
      faults_of("box: bad"),
      file("boxes/bad.yaml") + ":2:1: end of sequence flow not found (included from t.yaml:1:6)");
}

TEST_F(CatalogTest, BlamesTheBaseForItsOwnFaultsOnly) {
  add("boxes/bad.yaml", "rate: 1 GB\n");
  EXPECT_EQ(faults_of("box: {base: bad, count: 0}"),
            file("boxes/bad.yaml") +
                ":1:7: box.rate: expected a data rate such as \"12.5 GB/s\", got \"1 GB\" "
                "(included from t.yaml:1:6)\n"
                "t.yaml:1:25: box.count: must be at least 1, got \"0\"");
}

TEST_F(CatalogTest, RefusesABaseThatIsNoId) {
  EXPECT_EQ(faults_of("box: {base: [small]}"),
            "t.yaml:1:13: box: base: expected a catalog id, got a list");
}

TEST_F(CatalogTest, BreaksACycleOfBases) {
  add("boxes/a.yaml", "base: b\n");
  add("boxes/b.yaml", "base: a\n");
  EXPECT_EQ(faults_of("box: a"),
            file("boxes/a.yaml") +
                ":1:7: box: base: \"b\" is derived from itself, or too many times over "
                "(included from t.yaml:1:6)");
}

}  // namespace
}  // namespace omniphi
