#include "models/workload/importers/caffe_text.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>

#include "hw/base/mistaken_file.h"
#include "hw/base/yaml_reader.h"

namespace omniphi::models {

namespace {

using google::protobuf::TextFormat;

/// Ten times the largest network published as text; a parsed message takes up to a kilobyte.
constexpr std::size_t kLargestFile = std::size_t{4} << 20;
constexpr int kMostMessages = 100'000;
constexpr int kDeepest = 32;

/// Known to choose only how an operator is computed, not what.
constexpr std::array kHarmless{"engine", "conv_algorithm", "force_nd_im2col", "visualize"};

[[noreturn]] void fail(const Place& place, std::string message) {
  throw ConfigError({Diagnostic{place, "", std::move(message), ""}});
}

/// Where a quoted text ends that begins at `at`; at the end of its line if it does not, which the
/// parser refuses.
std::size_t end_of_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at;
}

/// Protobuf's parser descends as deep as the text does, and its messages are far larger than their
/// text.
void check_cost(std::string_view text, Place place) {
  int depth = 0;
  int messages = 0;
  const auto fail_here = [&](std::size_t at, std::string message) {
    place.line = 1 + static_cast<int>(std::count(text.begin(), text.begin() + at, '\n'));
    fail(place, std::move(message));
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"' || c == '\'') at = end_of_quotes(text, at);
    if (c == '#') at = std::min(text.find('\n', at), text.size());
    if (c == '{' || c == '<' || c == '[') ++depth, ++messages;
    if (c == '}' || c == '>' || c == ']') --depth;
    if (depth > kDeepest) fail_here(at, fmt::format("nested more than {} deep", kDeepest));
    if (messages > kMostMessages) {
      fail_here(at, fmt::format("holds more than {} messages", kMostMessages));
    }
  }
}

/// The words in double quotes of one of protobuf's sentences.
std::vector<std::string> quoted_words(std::string_view sentence) {
  std::vector<std::string> words;
  for (std::size_t open; (open = sentence.find('"')) != std::string_view::npos;) {
    const std::size_t close = sentence.find('"', open + 1);
    if (close == std::string_view::npos) break;
    words.emplace_back(sentence.substr(open + 1, close - open - 1));
    sentence.remove_prefix(close + 1);
  }
  return words;
}

/// What the parser complains of, turned into diagnostics and notes.
class Collector : public google::protobuf::io::ErrorCollector {
 public:
  explicit Collector(std::shared_ptr<const std::string> file) : file_(std::move(file)) {}

  void AddError(int line, int column, const std::string& message) override {
    faults_.push_back({{file_, line + 1, column + 1}, "", message, ""});
  }

  /// `Message type "omniphi.models.caffe.Net" has no field named "x".`
  void AddWarning(int line, int column, const std::string& message) override {
    const std::vector<std::string> words = quoted_words(message);
    if (words.size() != 2) return;
    const bool harmless =
        std::find(kHarmless.begin(), kHarmless.end(), words[1]) != kHarmless.end();
    if (words[0].ends_with("Parameter") && !harmless) {
      if (faults_.size() < Diagnostics::kMaximum) {
        AddError(line,
                 column,
                 fmt::format("the field {} is not known, and may change what the layer computes",
                             in_quotes(words[1])));
      }
      return;
    }
    constexpr std::size_t kMostDifferent = 100;
    const auto found = unknown_.find(words[1]);
    if (found != unknown_.end()) {
      ++found->second.times;
    } else if (unknown_.size() < kMostDifferent) {
      unknown_.emplace(words[1], Unknown{line + 1, 1});
    }
  }

  [[nodiscard]] std::vector<Diagnostic>& faults() { return faults_; }

  [[nodiscard]] std::vector<Note> notes() const {
    std::vector<Note> notes;
    for (const auto& [name, seen] : unknown_) {
      const std::string times = seen.times > 1 ? fmt::format(", {} times", seen.times) : "";
      notes.push_back(
          {NoteKind::NotModelled,
           fmt::format("field {}", in_quotes(name)),
           fmt::format("not known, and ignored (first in line {}{})", seen.line, times)});
    }
    return notes;
  }

 private:
  struct Unknown {
    int line = 0;
    int times = 0;
  };

  std::shared_ptr<const std::string> file_;
  std::vector<Diagnostic> faults_;
  std::map<std::string, Unknown> unknown_;
};

/// The name of the layer that a line belongs to, as far as the text was read; "" if none.
std::string layer_at(int line,
                     const google::protobuf::Message& message,
                     const TextFormat::ParseInfoTree& tree) {
  std::string name;
  int nearest = 0;
  for (const char* list : {"layer", "layers"}) {
    const auto* field = message.GetDescriptor()->FindFieldByName(list);
    if (!field) continue;
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      const int begin = tree.GetLocation(field, i).line + 1;
      if (begin > line || begin < nearest) continue;
      const auto& layer = reflection.GetRepeatedMessage(message, field, i);
      name =
          layer.GetReflection()->GetString(layer, layer.GetDescriptor()->FindFieldByName("name"));
      nearest = begin;
    }
  }
  return name;
}

}  // namespace

CaffeText::CaffeText(const std::filesystem::path& file)
    : file_(std::make_shared<const std::string>(file.string())),
      text_(read_text_file(file, kLargestFile)) {
  if (const std::string mistake = mistaken_file(text_, "Caffe prototxt"); !mistake.empty()) {
    fail(whole_file(), mistake);
  }
  if (text_.find('\0') != std::string::npos) {
    fail(whole_file(), "is binary, no Caffe prototxt (a .caffemodel holds weights)");
  }
  check_cost(text_, whole_file());
}

void CaffeText::parse(google::protobuf::Message& message) {
  Collector collector(file_);
  tree_ = std::make_unique<TextFormat::ParseInfoTree>();
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(tree_.get());
  parser.AllowUnknownField(true);
  parser.SetRecursionLimit(kDeepest);
  parser.ParseFromString(text_, &message);
  for (Diagnostic& fault : collector.faults()) {
    fault.path = layer_at(fault.place.line, message, *tree_);
  }
  if (!collector.faults().empty()) throw ConfigError(std::move(collector.faults()));
  notes_ = collector.notes();
}

Place CaffeText::place(const TextFormat::ParseInfoTree& tree,
                       const google::protobuf::Message& message,
                       const char* name,
                       int index) const {
  const auto location = tree.GetLocation(message.GetDescriptor()->FindFieldByName(name), index);
  return {file_, location.line + 1, location.column + 1};
}

}  // namespace omniphi::models
