#pragma once

#include <array>
#include <string>

#include "hw/base/parameters.h"

namespace omniphi::models {

/// What a reader did with a part of a model that has no layer of its own.
enum class NoteKind { Folded, Approximated, NotModelled, Free };

constexpr auto choices(NoteKind) {
  return std::array{
      Choice<NoteKind>{"folded", NoteKind::Folded, "its work is part of another layer"},
      Choice<NoteKind>{"approximated", NoteKind::Approximated, "its cost is not counted exactly"},
      Choice<NoteKind>{"not-modelled", NoteKind::NotModelled, "its cost is left out"},
      Choice<NoteKind>{"free", NoteKind::Free, "it only handles shapes or constants"}};
}

/// One sentence on how a network differs from the model it was read from.
struct Note {
  NoteKind kind = NoteKind::Folded;
  std::string subject;  // a layer, an operator, or several of one kind
  std::string text;

  template <class Self, class Visitor>
  static void visit(Self& self, Visitor&& v) {
    v("kind", self.kind, "what was done with it", required);
    v("subject", self.subject, "the layer or operator", required);
    v("text", self.text, "one sentence", required);
  }
};

}  // namespace omniphi::models
