#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hw/base/quantity.h"

namespace omniphi::sim {

/// Events by time; those of one time in the order in which they were added, so that a run is the
/// same on every machine. Time does not go back: what is added is not before what was taken last.
///
/// A radix heap [Ahuja1990]: times that are not negative sort as the integers of their bits, and an
/// event lies in the bucket of the highest bit in which it differs from the last time taken. Taking
/// deals the events of the lowest bucket to lower ones, so that each moves at most 64 times, and
/// between neighbouring places of memory.
template <class Event>
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }

  [[nodiscard]] std::size_t size() const { return size_; }

  /// Not before the last `next_time`.
  void push(Seconds time, Event event) {
    const std::uint64_t key = std::bit_cast<std::uint64_t>(time.value() + 0.0);  // -0 becomes 0
    assert(key >= now_);
    add({key, event});
    ++size_;
  }

  /// Goes on to the time of the first event, which there must be.
  Seconds next_time() {
    if (at_now_ == buckets_[0].size()) refill();
    return Seconds(std::bit_cast<double>(now_));
  }

  /// Whether there are further events at the last `next_time`.
  [[nodiscard]] bool more_now() const { return at_now_ < buckets_[0].size(); }

  /// Takes the first event. There must be one.
  Event pop() {
    next_time();
    --size_;
    return buckets_[0][at_now_++].event;
  }

 private:
  struct Entry {
    std::uint64_t key;
    Event event;
  };

  void add(const Entry& entry) {
    const int bucket = 64 - std::countl_zero(entry.key ^ now_);
    buckets_[bucket].push_back(entry);
    if (bucket > 0) occupied_ |= std::uint64_t{1} << (bucket - 1);
  }

  void refill() {
    buckets_[0].clear();
    at_now_ = 0;
    const int lowest = std::countr_zero(occupied_) + 1;
    std::vector<Entry>& bucket = buckets_[lowest];
    now_ = std::min_element(bucket.begin(), bucket.end(), [](const Entry& a, const Entry& b) {
             return a.key < b.key;
           })->key;
    for (const Entry& entry : bucket) add(entry);  // all into lower buckets
    bucket.clear();
    occupied_ &= ~(std::uint64_t{1} << (lowest - 1));
  }

  std::array<std::vector<Entry>, 65> buckets_;
  std::uint64_t now_ = 0;       // the last time, as bits
  std::uint64_t occupied_ = 0;  // bit i: bucket i + 1 holds something
  std::size_t at_now_ = 0;      // of bucket 0: already taken
  std::size_t size_ = 0;
};

}  // namespace omniphi::sim
