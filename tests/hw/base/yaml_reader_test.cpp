#include "hw/base/yaml_reader.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/faults.h"

namespace omniphi {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string faults_of(std::string_view text, const YamlLimits& limits = {}) {
  Diagnostics diagnostics;
  read_yaml(text, "t.yaml", diagnostics, limits);
  return test::faults(diagnostics);
}

ConfigNode tree(std::string_view text) {
  Diagnostics diagnostics;
  ConfigNode node = read_yaml(text, "t.yaml", diagnostics);
  EXPECT_EQ(test::faults(diagnostics), "");
  return node;
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string text;
  while (text.size() + piece.size() <= bytes) text += piece;
  return text;
}

TEST(YamlReader, KeepsThePlaceOfEveryKeyAndValue) {
  const ConfigNode node = tree("# a comment\nfabric:\n  link: {bandwidth: 12.5 GB/s}\n");
  const ConfigNode* link = node.find("fabric")->find("link");
  EXPECT_EQ(node.entries[0].place.text(), "t.yaml:2:1");
  EXPECT_EQ(link->entries[0].place.text(), "t.yaml:3:10");
  EXPECT_EQ(link->find("bandwidth")->place.text(), "t.yaml:3:21");
  EXPECT_EQ(link->find("bandwidth")->scalar, "12.5 GB/s");
}

TEST(YamlReader, ReadsEveryKindOfNode) {
  const ConfigNode node = tree("text: a b\nquoted: \"12\"\nlist: [1, {a: 2}]\nnone: ~\nempty:\n");
  EXPECT_FALSE(node.find("text")->quoted);
  EXPECT_TRUE(node.find("quoted")->quoted);
  EXPECT_EQ(node.find("list")->items[1].find("a")->scalar, "2");
  EXPECT_EQ(node.find("none")->kind, ConfigNode::Kind::Null);
  EXPECT_EQ(node.find("empty")->kind, ConfigNode::Kind::Null);
}

TEST(YamlReader, LeavesScalarsAsWritten) {
  const ConfigNode node = tree("[010, yes, 1_000, 1e3, 0x10]");
  EXPECT_EQ(node.items[0].scalar, "010");
  EXPECT_EQ(node.items[1].scalar, "yes");
  EXPECT_EQ(node.items[2].scalar, "1_000");
}

TEST(YamlReader, ReportsDuplicateKeys) {
  EXPECT_EQ(faults_of("a: 1\nb: 2\na: 3\n"), "t.yaml:3:1: the key \"a\" is there twice");
  EXPECT_EQ(faults_of("x: {k: 1, k: 2}\n"), "t.yaml:1:11: the key \"k\" is there twice");
  EXPECT_EQ(faults_of("- a: 1\n- a: 2\n"), "") << "two maps may share a key";
}

TEST(YamlReader, ReportsEveryFaultAtOnce) {
  EXPECT_EQ(faults_of("a: 1\na: 2\nb: !tag 3\n? [x]\n: 4\n"),
            "t.yaml:2:1: the key \"a\" is there twice\n"
            "t.yaml:3:4: the tag \"!tag\" is not accepted here\n"
            "t.yaml:4:3: a key must be a plain word, got a list");
}

TEST(YamlReader, RefusesAnchorsAndAliases) {
  const std::string message =
      "anchors and aliases are not accepted here; name a catalog entry with \"base:\" or repeat "
      "the value";
  EXPECT_EQ(faults_of("a: &x 1\nb: *x\n"), "t.yaml:1:4: " + message + "\nt.yaml:2:4: " + message);
  EXPECT_EQ(faults_of("a: &x [*x]\n"), "t.yaml:1:4: " + message + "\nt.yaml:1:8: " + message)
      << "a cycle is no exception";
  EXPECT_EQ(faults_of("a: *x\n"), "t.yaml:1:4: the referenced anchor is not defined");
}

TEST(YamlReader, RefusesTags) {
  EXPECT_EQ(faults_of("a: !!int 3\n"),
            "t.yaml:1:4: the tag \"tag:yaml.org,2002:int\" is not accepted here");
  EXPECT_EQ(faults_of("a: !x {b: 1}\n"), "t.yaml:1:4: the tag \"!x\" is not accepted here");
  EXPECT_EQ(faults_of("a: !x [b]\n"), "t.yaml:1:4: the tag \"!x\" is not accepted here");
}

TEST(YamlReader, RefusesKeysThatAreNoShortWord) {
  EXPECT_EQ(faults_of("~: 1\n"), "t.yaml:1:1: a key must be a plain word, got nothing");
  EXPECT_EQ(faults_of("{a: 1}: 1\n"), "t.yaml:1:1: a key must be a plain word, got a map");
  EXPECT_EQ(faults_of(std::string(201, 'k') + ": 1\n"),
            "t.yaml:1:1: a key must be a plain word, got \"" + std::string(60, 'k') + "...\"");
  EXPECT_EQ(faults_of(std::string(200, 'k') + ": 1\n"), "");
}

TEST(YamlReader, RefusesASecondDocument) {
  EXPECT_EQ(faults_of("a: 1\n---\nb: 2\n"), "t.yaml:3:1: a second document in one file");
  EXPECT_EQ(faults_of("---\na: 1\n...\n"), "") << "one document with its markers is fine";
}

TEST(YamlReader, RefusesNothing) {
  EXPECT_EQ(faults_of(""), "t.yaml: empty: expected a map of keys and values");
  EXPECT_EQ(faults_of("# only a comment\n"), "t.yaml: empty: expected a map of keys and values");
}

TEST(YamlReader, RefusesAZeroByte) {
  EXPECT_EQ(faults_of(std::string_view("a: 1\0b", 6)),
            "t.yaml: not a YAML text: it holds a zero byte");
}

TEST(YamlReader, ReportsBrokenSyntaxWithItsPlace) {
  EXPECT_EQ(faults_of("a: 1\nb: [1, 2\n"), "t.yaml:3:1: end of sequence flow not found");
  EXPECT_EQ(faults_of("a: b: c\n"), "t.yaml:1:5: illegal map value");
}

TEST(YamlReader, RefusesTooMuchOfEverything) {
  const YamlLimits small{.bytes = 100, .nodes = 10, .depth = 3};
  EXPECT_EQ(faults_of(std::string(101, 'x'), small), "t.yaml: larger than 100 bytes");
  EXPECT_EQ(faults_of("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]", small),
            "t.yaml:1:29: more than 10 values in one file");
  EXPECT_EQ(faults_of("[1, 2, 3, 4, 5, 6, 7, 8, 9]", small), "");
  EXPECT_EQ(faults_of("a: {b: {c: {d: 1}}}", small), "t.yaml:1:12: nested more than 3 deep");
  EXPECT_EQ(faults_of("a:\n b:\n  c:\n   d: 1\n", small), "t.yaml:4:4: nested more than 3 deep");
  EXPECT_EQ(faults_of("- - - - 1\n", small), "t.yaml:1:7: nested more than 3 deep");
  EXPECT_EQ(faults_of("a: {b: {c: 1}}", small), "");
}

TEST(YamlReader, FindsExcessBeforeTheParserSpendsMemoryOnIt) {
  EXPECT_EQ(faults_of(repeated("[", 1000)), "t.yaml: nested more than 64 deep");
  EXPECT_EQ(faults_of(repeated("[],", 90), {.nodes = 10}),
            "t.yaml: more than 10 values in one file");
}

// Two megabytes of each shape that a parser may stumble over: a quadratic one would take hours.
TEST(YamlReader, EndsSoonOnHostileTexts) {
  constexpr std::size_t kBytes = 2u << 20;
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view piece :
       {"[",  "{",  "- ", "? ",  "a: ",  "a:\n a:\n", "&a ", "*a ",   "\"",      "['']['", "x",
        "\t", "\n", ": ", "[1,", "\xff", "---\n",     "!",   "{a: [", "[\"]\",", "[#]\n"}) {
    Diagnostics diagnostics;
    read_yaml(repeated(piece, kBytes), "t.yaml", diagnostics);
    EXPECT_LE(test::faults(diagnostics).size(), 20'000u) << piece;
  }
  std::string staircase;
  for (std::string indent; staircase.size() < 1u << 20; indent += ' ') staircase += indent + "a:\n";
  EXPECT_EQ(faults_of(staircase), "t.yaml:65:65: nested more than 64 deep");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

TEST(YamlReader, IsNotQuadraticInTheKeysOfAMap) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "key" + std::to_string(i) + ": 1\n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(tree(text).entries.size(), 100'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

class TextFile : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::filesystem::path written(const std::string& text) const {
    std::ofstream(folder_ / "t.yaml", std::ios::binary) << text;
    return folder_ / "t.yaml";
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("omniphi-yaml-" + std::to_string(::getpid()));
};

std::string file_faults(const std::filesystem::path& file, std::size_t largest = 100) {
  Diagnostics diagnostics;
  read_yaml_file(file, diagnostics, {.bytes = largest});
  return test::faults(diagnostics);
}

TEST_F(TextFile, IsReadWhole) {
  EXPECT_EQ(read_text_file(written("a: 1\r\n"), 6), "a: 1\r\n");
  EXPECT_EQ(read_text_file(written(""), 6), "");
}

TEST_F(TextFile, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(file_faults(folder_ / "none.yaml"),
            (folder_ / "none.yaml").string() + ": no such file");
  EXPECT_EQ(file_faults(folder_), folder_.string() + ": not a regular file");
  EXPECT_EQ(file_faults("/dev/zero"), "/dev/zero: not a regular file");
  const std::filesystem::path file = written("a: 1234567");
  EXPECT_EQ(file_faults(file, 9), file.string() + ": larger than 9 bytes");
  EXPECT_EQ(file_faults(file, 10), "");
}

TEST_F(TextFile, IsNotTrustedToBeAsLongAsItSays) {
  const std::filesystem::path file = "/proc/self/maps";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no /proc here";
  EXPECT_EQ(file_faults(file, 10), "/proc/self/maps: larger than 10 bytes");
}

TEST_F(TextFile, TellsWhatAFailedDownloadLeftInItsPlace) {
  const std::string name = (folder_ / "t.yaml").string();
  EXPECT_EQ(file_faults(written("")), name + ": is empty");
  EXPECT_EQ(file_faults(written("\n<!DOCTYPE html>")), name + ": is a web page, no YAML");
  EXPECT_EQ(file_faults(written("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")),
            name + ": is a Git LFS pointer, not the file it stands for");
}

TEST_F(TextFile, NamesItselfInFaultsOfItsText) {
  const std::filesystem::path file = written("a: 1\na: 2\n");
  EXPECT_EQ(file_faults(file), file.string() + ":2:1: the key \"a\" is there twice");
}

void expect_equal(const ConfigNode& a, const ConfigNode& b) {
  ASSERT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.scalar, b.scalar);
  ASSERT_EQ(a.items.size(), b.items.size());
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) expect_equal(a.items[i], b.items[i]);
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    EXPECT_EQ(a.entries[i].key, b.entries[i].key);
    expect_equal(a.entries[i].value, b.entries[i].value);
  }
}

TEST(WriteYaml, ReadsBackToTheSameTree) {
  const ConfigNode node = tree(
      "plain: a b\nnumber: 12.5 GB/s\nquoted: '12'\nnone: ~\nlist: [1, [2], {a: 3, b: [4]}, []]\n"
      "map: {x: {y: {z: 1}}, empty: {}}\n\"odd: key\": 1\n\"\": 2\n\"~\": 3\n");
  const ConfigNode again = tree(write_yaml(node));
  expect_equal(node, again);
  EXPECT_TRUE(again.find("quoted")->quoted);
  EXPECT_FALSE(again.find("number")->quoted);
}

TEST(WriteYaml, KeepsTextsThatLookLikeSomethingElse) {
  for (const std::string text :
       {"~",    "null",     "",  " ",    "a: b", "# no",  "- no", "*no", "&no",
        "!no",  "{",        "[", "a\nb", "a\n",  "\ttab", "\"",   "'",   "\\",
        "\x01", "\xc3\xa9", "%", "@",    "`",    ",",     "? a"}) {
    ConfigNode node = ConfigNode::map();
    node.set("text", ConfigNode::text(text));
    EXPECT_EQ(tree(write_yaml(node)).find("text")->scalar, text);
    node.entries[0].value.quoted = true;
    EXPECT_EQ(tree(write_yaml(node)).find("text")->scalar, text);
  }
}

}  // namespace
}  // namespace omniphi
