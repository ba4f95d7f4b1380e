#include "hw/base/yaml_reader.h"

#include <array>
#include <fstream>
#include <sstream>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "hw/base/mistaken_file.h"

namespace omniphi {

namespace {

/// A fault after which reading on would only cost memory.
struct TooLarge {
  Place place;
  std::string message;
};

/// Builds the tree from yaml-cpp's events, which is the one place where duplicate keys, aliases and
/// the cost of a document can still be seen.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::shared_ptr<const std::string> file,
              Diagnostics& diagnostics,
              const YamlLimits& limits)
      : file_(std::move(file)), diagnostics_(diagnostics), limits_(limits) {}

  ConfigNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(mark, anchor, ConfigNode::Kind::Null));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse_alias(mark);
    add(make(mark, 0, ConfigNode::Kind::Null));
  }

  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    ConfigNode node = make(mark, anchor, ConfigNode::Kind::Scalar);
    node.scalar = value;
    node.quoted = tag == "!";
    refuse_tag(mark, tag);
    add(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(make(mark, anchor, ConfigNode::Kind::Sequence));
  }

  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(make(mark, anchor, ConfigNode::Kind::Map));
  }

  void OnMapEnd() override { close(); }

 private:
  struct Open {
    ConfigNode node;
    bool has_key = false;
    std::string key;
    Place key_place;
    bool keep = true;                      // false: the value of a key that cannot be stored
    std::unordered_set<std::string> keys;  // searching the entries would cost their number squared
  };

  [[nodiscard]] Place place(const YAML::Mark& mark) const {
    return {file_, mark.line + 1, mark.column + 1};
  }

  void refuse_alias(const YAML::Mark& mark) {
    diagnostics_.error(place(mark),
                       "",
                       "anchors and aliases are not accepted here; name a catalog entry with "
                       "\"base:\" or repeat the value");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    diagnostics_.error(
        place(mark), "", fmt::format("the tag {} is not accepted here", in_quotes(tag)));
  }

  ConfigNode make(const YAML::Mark& mark, YAML::anchor_t anchor, ConfigNode::Kind kind) {
    if (anchor != 0) refuse_alias(mark);
    if (++nodes_ > limits_.nodes) {
      throw TooLarge{place(mark), fmt::format("more than {} values in one file", limits_.nodes)};
    }
    ConfigNode node;
    node.kind = kind;
    node.place = place(mark);
    return node;
  }

  void open(ConfigNode node) {
    if (static_cast<int>(stack_.size()) >= limits_.depth) {
      throw TooLarge{node.place, fmt::format("nested more than {} deep", limits_.depth)};
    }
    stack_.push_back({std::move(node), false, {}, {}, true, {}});
  }

  void close() {
    ConfigNode node = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(node));
  }

  void add(ConfigNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& top = stack_.back();
    if (top.node.is_sequence()) {
      top.node.items.push_back(std::move(node));
    } else if (!top.has_key) {
      take_key(top, node);
    } else {
      if (top.keep) top.node.entries.push_back({top.key, top.key_place, std::move(node)});
      top.has_key = false;
    }
  }

  void take_key(Open& top, const ConfigNode& key) {
    top.has_key = true;
    // Keys end up in the path of every value below them, so long ones would cost their length each.
    constexpr std::size_t kLongestKey = 200;
    top.keep = false;
    if (!key.is_scalar() || key.scalar.size() > kLongestKey) {
      diagnostics_.error(key.place, "", "a key must be a plain word, got " + key.described());
    } else if (!top.keys.insert(key.scalar).second) {
      diagnostics_.error(
          key.place, "", fmt::format("the key {} is there twice", in_quotes(key.scalar)));
    } else {
      top.keep = true;
    }
    top.key = key.scalar;
    top.key_place = key.place;
  }

  std::shared_ptr<const std::string> file_;
  Diagnostics& diagnostics_;
  const YamlLimits& limits_;
  std::vector<Open> stack_;
  ConfigNode root_;
  std::size_t nodes_ = 0;
};

/// What is wrong with a text that would cost too much before its first event; "" if nothing is.
/// yaml-cpp scans a flow collection (or a run of brackets or anchors) that stands on one line to
/// its end before it reports the first value of it, at some 200 bytes a token. Characters in
/// comments and quotes count too: no honest text comes near the limits.
std::string excess(std::string_view text, const YamlLimits& limits) {
  constexpr std::string_view kTokens = "[{,:?&*";  // at most two for each value
  int depth = 0;
  std::size_t tokens = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && depth > 0) --depth;
    if (kTokens.find(c) != std::string_view::npos) ++tokens;
    if (depth > 8 * limits.depth) return fmt::format("nested more than {} deep", limits.depth);
  }
  if (tokens <= 2 * limits.nodes) return "";
  return fmt::format("more than {} values in one file", limits.nodes);
}

void emit(YAML::Emitter& out, const ConfigNode& node) {
  switch (node.kind) {
    case ConfigNode::Kind::Null:
      out << YAML::Null;
      break;
    case ConfigNode::Kind::Scalar:
      if (node.quoted) out << YAML::DoubleQuoted;
      out << node.scalar;
      break;
    case ConfigNode::Kind::Sequence: {
      const bool table = !node.items.empty() && node.items[0].is_map();  // a line for each item
      if (!table) out << YAML::Flow;
      out << YAML::BeginSeq;
      for (const ConfigNode& item : node.items) {
        if (table) out << YAML::Flow;
        emit(out, item);
      }
      out << YAML::EndSeq;
      break;
    }
    case ConfigNode::Kind::Map:
      out << YAML::BeginMap;
      for (const ConfigNode::Entry& entry : node.entries) {
        out << YAML::Key << entry.key << YAML::Value;
        emit(out, entry.value);
      }
      out << YAML::EndMap;
      break;
  }
}

}  // namespace

ConfigNode read_yaml(std::string_view text,
                     const std::string& name,
                     Diagnostics& diagnostics,
                     const YamlLimits& limits) {
  const auto file = std::make_shared<const std::string>(name);
  const Place whole{file, 0, 0};
  if (text.size() > limits.bytes) {
    diagnostics.error(whole, "", fmt::format("larger than {} bytes", limits.bytes));
    return {};
  }
  if (text.find('\0') != std::string_view::npos) {
    diagnostics.error(whole, "", "not a YAML text: it holds a zero byte");
    return {};
  }
  if (const std::string message = excess(text, limits); !message.empty()) {
    diagnostics.error(whole, "", message);
    return {};
  }
  TreeBuilder builder(file, diagnostics, limits);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      diagnostics.error(whole, "", "empty: expected a map of keys and values");
      return {};
    }
    ConfigNode tree = builder.take();
    TreeBuilder rest(file, diagnostics, limits);
    if (parser.HandleNextDocument(rest)) {
      diagnostics.error(rest.take().place, "", "a second document in one file");
    }
    return tree;
  } catch (const TooLarge& fault) {
    diagnostics.error(fault.place, "", fault.message);
  } catch (const YAML::Exception& fault) {
    diagnostics.error({file, fault.mark.line + 1, fault.mark.column + 1}, "", fault.msg);
  }
  return {};
}

std::string read_text_file(const std::filesystem::path& file, std::size_t largest) {
  const Place place{std::make_shared<const std::string>(file.string()), 0, 0};
  const auto fail = [&](const std::string& message) {
    throw ConfigError({Diagnostic{place, "", message, ""}});
  };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) fail("no such file");
  if (error) fail("cannot be read: " + error.message());
  if (!std::filesystem::is_regular_file(status)) fail("not a regular file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail("cannot be read");
  if (std::filesystem::file_size(file, error) > largest && !error) {
    fail(fmt::format("larger than {} bytes", largest));
  }
  // Block by block: the size that the system tells need not be true (in /proc it is 0).
  std::string text;
  std::array<char, 1 << 16> block{};
  while (stream.read(block.data(), block.size()), stream.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > largest) fail(fmt::format("larger than {} bytes", largest));
  }
  return text;
}

ConfigNode read_yaml_file(const std::filesystem::path& file,
                          Diagnostics& diagnostics,
                          const YamlLimits& limits) {
  try {
    const std::string text = read_text_file(file, limits.bytes);
    if (const std::string mistake = mistaken_file(text, "YAML"); !mistake.empty()) {
      diagnostics.error({std::make_shared<const std::string>(file.string()), 0, 0}, "", mistake);
      return {};
    }
    return read_yaml(text, file.string(), diagnostics, limits);
  } catch (const ConfigError& fault) {
    for (const Diagnostic& d : fault.diagnostics()) diagnostics.error(d.place, d.path, d.message);
    return {};
  }
}

std::string write_yaml(const ConfigNode& tree) {
  YAML::Emitter out;
  emit(out, tree);
  return std::string(out.c_str()) + "\n";
}

}  // namespace omniphi
