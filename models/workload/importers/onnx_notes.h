#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/workload/note.h"

namespace omniphi::models {

/// What the reader must say of a network beside its layers, gathered by operator: `8 Shape, the
/// first "s"`.
class OnnxNotes {
 public:
  /// `node` is one of those of which `what` is true; `subject` is what they have in common, mostly
  /// their operator. No more than a few hundred different notes are kept.
  void add(NoteKind kind, std::string_view subject, std::string_view node, std::string_view what);

  /// In the order in which they first came up.
  [[nodiscard]] std::vector<Note> all() const;

 private:
  struct Gathered {
    NoteKind kind;
    std::string subject;
    std::string first_node;
    std::string what;
    int count = 0;
  };

  std::vector<Gathered> gathered_;
};

}  // namespace omniphi::models
