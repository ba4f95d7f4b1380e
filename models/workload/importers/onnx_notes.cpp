#include "models/workload/importers/onnx_notes.h"

#include <algorithm>

#include <fmt/format.h>

#include "hw/base/error.h"

namespace omniphi::models {

void OnnxNotes::add(NoteKind kind,
                    std::string_view subject,
                    std::string_view node,
                    std::string_view what) {
  constexpr std::size_t kMostKinds = 300;
  const auto known = std::ranges::find_if(gathered_, [&](const Gathered& g) {
    return g.kind == kind && g.subject == subject && g.what == what;
  });
  if (known != gathered_.end()) {
    ++known->count;
  } else if (gathered_.size() < kMostKinds) {
    gathered_.push_back({kind, std::string(subject), std::string(node), std::string(what), 1});
  }
}

std::vector<Note> OnnxNotes::all() const {
  std::vector<Note> notes;
  for (const Gathered& g : gathered_) {
    const std::string subject =
        g.count == 1
            ? fmt::format("{} {}", g.subject, in_quotes(g.first_node))
            : fmt::format("{} {}, the first {}", g.count, g.subject, in_quotes(g.first_node));
    notes.push_back({g.kind, subject, g.what});
  }
  return notes;
}

}  // namespace omniphi::models
