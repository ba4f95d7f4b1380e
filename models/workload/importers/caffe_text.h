#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/text_format.h>

#include "models/workload/network.h"

namespace omniphi::models {

/// A text file of protocol buffers, as Caffe uses them, with the place of everything in it.
class CaffeText {
 public:
  /// Throws ConfigError if the file cannot be read, is something else (empty, a web page, a Git LFS
  /// pointer, binary), or would cost too much to parse (nesting, number of messages).
  explicit CaffeText(const std::filesystem::path& file);

  /// Reads it as `message`. Fields that the schema does not list are ignored and noted, except in
  /// messages that say what an operator computes (caffe.proto).
  /// Throws ConfigError with line and column where it cannot be read so.
  void parse(google::protobuf::Message& message);

  /// Where the field stands that was parsed as number `index` of `message`'s field `name`.
  [[nodiscard]] Place place(const google::protobuf::TextFormat::ParseInfoTree& tree,
                            const google::protobuf::Message& message,
                            const char* name,
                            int index = -1) const;

  [[nodiscard]] Place whole_file() const { return {file_, 0, 0}; }

  [[nodiscard]] const google::protobuf::TextFormat::ParseInfoTree& tree() const { return *tree_; }

  [[nodiscard]] const std::vector<Note>& notes() const { return notes_; }

 private:
  std::shared_ptr<const std::string> file_;
  std::string text_;
  std::unique_ptr<google::protobuf::TextFormat::ParseInfoTree> tree_;
  std::vector<Note> notes_;
};

}  // namespace omniphi::models
