#include "hw/base/error.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace omniphi {

namespace {

std::string joined(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) {
    if (!text.empty()) text += '\n';
    text += d.text();
  }
  return text;
}

/// Levenshtein distance: insertions, deletions and substitutions that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

}  // namespace

std::string Place::text() const {
  if (!file) return {};
  if (line == 0) return *file;
  return column > 0 ? fmt::format("{}:{}:{}", *file, line, column)
                    : fmt::format("{}:{}", *file, line);
}

std::string Diagnostic::text() const {
  std::string line = place.text();
  if (!line.empty()) line += ": ";
  if (!path.empty()) line += path + ": ";
  line += message;
  if (!note.empty()) line += " (" + note + ")";
  return line;
}

ConfigError::ConfigError(std::vector<Diagnostic> diagnostics)
    : std::runtime_error(joined(diagnostics)), diagnostics_(std::move(diagnostics)) {}

void Diagnostics::error(const Place& place, std::string_view path, std::string message) {
  ++size_;
  if (full()) return;
  found_.push_back({place, std::string(path), std::move(message), {}});
}

void Diagnostics::annotate(std::size_t first, const Place& from) {
  for (std::size_t i = first; i < found_.size(); ++i) {
    const Place& place = found_[i].place;
    const bool elsewhere = place.file && from.file && *place.file != *from.file;
    if (elsewhere && found_[i].note.empty()) found_[i].note = "included from " + from.text();
  }
}

void Diagnostics::throw_if_any() {
  if (found_.empty()) return;
  const std::size_t dropped = std::exchange(size_, 0) - found_.size();
  if (dropped > 0) found_.push_back({{}, "", fmt::format("and {} more faults", dropped), ""});
  throw ConfigError(std::exchange(found_, {}));
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::size_t length = std::min(text.size(), kLongest);
  const auto continues_character = [](char c) { return (c & 0xC0) == 0x80; };  // in UTF-8
  while (length < text.size() && length > 0 && continues_character(text[length])) --length;
  std::string line = '"' + std::string(text.substr(0, length));
  const auto is_control = [](unsigned char c) { return c < ' ' || c == 127; };
  std::replace_if(line.begin(), line.end(), is_control, '?');
  return line + (length < text.size() ? "...\"" : "\"");
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongestWord = 64;  // the distance costs length squared
  std::string_view best;
  if (word.size() > kLongestWord) return best;
  // One slip in a short word; more would make any two of them neighbours.
  const std::size_t slips = word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3);
  std::size_t best_distance = slips + 1;
  for (const std::string_view candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view best = nearest(word, known);
  return best.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", best);
}

}  // namespace omniphi
