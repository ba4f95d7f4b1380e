#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hw/base/quantity.h"

namespace omniphi::sim {

/// Events by time; those of one time in the order in which they were added, so that a run is the
/// same on every machine. A heap with four children a node: half as deep as a binary one, and the
/// children of a node lie side by side.
template <class Event>
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }

  [[nodiscard]] std::size_t size() const { return heap_.size(); }

  [[nodiscard]] Seconds next_time() const { return heap_.front().time; }

  void push(Seconds time, Event event) {
    heap_.push_back({time, added_++, event});
    rise(heap_.size() - 1);
  }

  /// Takes the first event. There must be one.
  Event pop() {
    const Event first = heap_.front().event;
    const Entry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sink(last);
    return first;
  }

 private:
  struct Entry {
    Seconds time;
    std::uint64_t order;
    Event event;

    [[nodiscard]] bool before(const Entry& other) const {
      return time < other.time || (time == other.time && order < other.order);
    }
  };

  static constexpr std::size_t kChildren = 4;

  void rise(std::size_t at) {
    const Entry entry = heap_[at];
    while (at > 0) {
      const std::size_t parent = (at - 1) / kChildren;
      if (!entry.before(heap_[parent])) break;
      heap_[at] = heap_[parent];
      at = parent;
    }
    heap_[at] = entry;
  }

  /// Puts the entry in the place of the first and lets it sink. The hole is led down to a leaf
  /// first, as the entry comes from there and mostly belongs there.
  void sink(const Entry& entry) {
    std::size_t at = 0;
    for (std::size_t child = 1; child < heap_.size(); child = kChildren * at + 1) {
      const std::size_t least = earliest(child, std::min(child + kChildren, heap_.size()));
      heap_[at] = heap_[least];
      at = least;
    }
    heap_[at] = entry;
    rise(at);
  }

  [[nodiscard]] std::size_t earliest(std::size_t begin, std::size_t end) const {
    std::size_t least = begin;
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (heap_[i].before(heap_[least])) least = i;
    }
    return least;
  }

  std::vector<Entry> heap_;
  std::uint64_t added_ = 0;
};

}  // namespace omniphi::sim
