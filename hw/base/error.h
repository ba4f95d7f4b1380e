#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace omniphi {

/// Where a piece of configuration stands. Lines and columns count from 1; line 0 means "not in a
/// text", column 0 the whole line.
struct Place {
  std::shared_ptr<const std::string> file;  // as the user named it; null: none
  int line = 0;
  int column = 0;

  /// "scenarios/torus.yaml:12:16", or "" without a file.
  [[nodiscard]] std::string text() const;
};

/// One fault of the input.
struct Diagnostic {
  Place place;
  std::string path;     // "fabric.link.bandwidth", or "" for the whole file
  std::string message;  // one sentence
  std::string note;     // "included from scenarios/x.yaml:3:9", or ""

  /// One line, like a compiler: "file:line:column: path: message".
  [[nodiscard]] std::string text() const;
};

/// Bad input: everything wrong with it, in the order found. Its what() is one line a fault.
class ConfigError : public std::runtime_error {
 public:
  explicit ConfigError(std::vector<Diagnostic> diagnostics);

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// Collects faults so that all of them are reported at once.
class Diagnostics {
 public:
  /// At most this many are kept; a hostile file must not fill memory with complaints.
  static constexpr std::size_t kMaximum = 100;

  void error(const Place& place, std::string_view path, std::string message);

  [[nodiscard]] bool empty() const { return found_.empty(); }

  /// All faults, those that are no longer kept too.
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Whether further faults are only counted, so that no effort should go into their words.
  [[nodiscard]] bool full() const { return found_.size() >= kMaximum; }

  /// Says of every fault from number `first` on that lies in another file than `from`, and does not
  /// say so yet, that `from` included it.
  void annotate(std::size_t first, const Place& from);
  /// Throws ConfigError if anything was found.
  void throw_if_any();

 private:
  std::vector<Diagnostic> found_;
  std::size_t size_ = 0;
};

/// `text` in double quotes on one line, for messages: at most 60 bytes, control characters as '?'.
std::string in_quotes(std::string_view text);

/// The entry of `known` that is spelled most like `word`, or "" if none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

/// ` (did you mean "x"?)` for the nearest known word, or "" if none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace omniphi
